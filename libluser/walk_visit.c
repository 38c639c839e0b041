// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records, one after the other, and the array that they are in.
 */
#include <stdlib.h>
#include <string.h>

#include "walk_visit.h"

struct visit visit_begin(struct walk *w, const struct luser_node *owner,
			 const struct luser_field *field)
{
	w->enough = NULL;
	return (struct visit){
		.w = w,
		.owner = owner,
		.field = field,
		.node = {
			.parent = owner,
			.kind = LUSER_NODE_ARRAY,
			.name = field->name,
			.index = LUSER_NO_INDEX,
			.abi = owner->abi,
			.field = field,
			.env = &w->env,
		},
	};
}

void visit_end(struct visit *visit)
{
	walk_unique_free(&visit->unique);
	walk_plain_free(visit->plain);
	free(visit->widened);
}

static void report_problem(void *ctx, const struct luser_problem *problem)
{
	struct visit *visit = ctx;

	visit->told = true;
	walk_finding(visit->w, &(struct luser_finding){
				       .severity = LUSER_ERROR,
				       .rule = problem->rule,
				       .check = problem->check,
				       .text = problem->text,
				       .node = &visit->node,
				       .field = problem->field,
				       .phys = problem->phys,
				       .found = problem->found,
				       .expected = problem->expected,
			       });
}

bool visit_claim(struct visit *visit, uint64_t phys, uint64_t len)
{
	if (!walk_claim(visit->w, &visit->node, NULL, phys, len))
		return false;
	walk_preserved(visit->w, &visit->node, NULL, phys, len);
	return true;
}

static bool claim_page(void *ctx, uint64_t phys, uint64_t len)
{
	struct visit *visit = ctx;

	if (!visit_claim(visit, phys, len)) {
		visit->told = true;
		return false;
	}
	walk_count(visit->w, len);
	return true;
}

static const struct luser_array_ops reader_ops = {
	.report = report_problem,
	.claim = claim_page,
};

/* What the root's page says, the pages of all its arrays must say too. */
static void expect_same(struct walk *w, struct luser_array_reader *reader)
{
	uint64_t same[LUSER_MAX_SAME] = { 0 };

	if (!w->root_header)
		return;
	for (uint16_t i = 0; i < reader->array->nr_same; i++)
		same[i] = luser_field_get(reader->array->same[i],
					  w->root_header, 0);
	luser_array_expect_same(reader, same);
}

bool visit_open(struct visit *visit, struct luser_array_reader *reader,
		const struct luser_array *array, uint64_t phys)
{
	struct walk *w = visit->w;
	enum luser_code code = luser_array_open(reader, w->mem, array, phys,
						&w->env, walk_is_frozen(w),
						&reader_ops, visit);

	if (code != LUSER_OK) {
		w->code = code;
		return false;
	}
	expect_same(w, reader);
	return true;
}

/* A record that is shorter than its schema knows reads as if zeros followed. */
static const uint8_t *widen(struct visit *visit, const uint8_t *at,
			    uint32_t stride)
{
	uint32_t size = visit->node.type->size;

	if (stride >= size)
		return at;
	if (!visit->widened)
		visit->widened = malloc(size);
	if (!visit->widened) {
		visit->w->code = LUSER_NOMEM;
		return NULL;
	}
	memcpy(visit->widened, at, stride);
	memset(visit->widened + stride, 0, size - stride);
	return visit->widened;
}

static const struct plain *plain_of(struct visit *visit)
{
	const struct luser_struct *type = visit->node.type;

	if (visit->plained != type) {
		walk_plain_free(visit->plain);
		visit->plained = type;
		visit->plain = walk_plain_new(visit->w, type);
	}
	return visit->plain;
}

/* Nobody wants to hear of a sound record that leads to no other object. */
static bool pass_over(struct visit *visit, const uint8_t *bytes,
		      uint32_t stride)
{
	struct walk *w = visit->w;
	const struct plain *plain;

	if (w->dry || w->visitor->extent ||
	    (!w->silent && w->enough != &visit->node))
		return false;
	plain = plain_of(visit);
	return plain &&
	       walk_plain_sound(w, plain, bytes, stride, visit->node.env);
}

static void walk_record(struct visit *visit, const uint8_t *bytes,
			uint32_t stride, uint64_t phys, uint64_t index)
{
	struct luser_node node = {
		.parent = &visit->node,
		.kind = LUSER_NODE_STRUCT,
		.index = index,
		.phys = phys,
		.bytes = bytes,
		.size = stride,
		.abi = visit->node.abi,
		.type = visit->node.type,
		.array = visit->node.array,
		.env = visit->node.env,
	};
	char label[80];

	if (!visit->w->silent) {
		walk_label(&node, label, sizeof(label));
		node.label = *label ? label : NULL;
	}
	walk_struct(visit->w, &node);
}

bool visit_record(struct visit *visit, const uint8_t *at, uint32_t stride,
		  uint64_t phys, uint64_t index)
{
	const uint8_t *bytes;

	if (luser_record_empty(visit->node.type, at, stride)) {
		visit->tally.empty++;
		return false;
	}
	visit->tally.records++;
	bytes = widen(visit, at, stride);
	if (bytes && !pass_over(visit, bytes, stride))
		walk_record(visit, bytes, stride, phys, index);
	return true;
}
