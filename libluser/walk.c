// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The walk: what its parts share, and telling the visitor.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "walk_internal.h"

bool walk_over(const struct walk *w)
{
	return w->code != LUSER_OK;
}

/*
 * Inside an object that the visitor skipped, silent counts how deep we are.
 */
bool walk_enter(struct walk *w, const struct luser_node *node)
{
	enum luser_enter answer = LUSER_ENTER;

	if (walk_over(w))
		return false;
	if (w->depth >= WALK_MAX_DEPTH) {
		walk_error(w, node, NULL, "depth", "objects are nested too deep",
			   "one level more", "what any ABI has");
		return false;
	}
	if (w->silent)
		w->silent++;
	else if (w->visitor->enter)
		answer = w->visitor->enter(w->ctx, node);
	if (answer == LUSER_STOP) {
		w->code = LUSER_STOPPED;
		return false;
	}
	if (answer == LUSER_ENOUGH)
		w->enough = node->parent;
	w->silent += answer == LUSER_SKIP;
	w->depth++;
	return true;
}

void walk_leave(struct walk *w, const struct luser_node *node)
{
	w->depth--;
	if (w->explained_in == node)
		w->explained_in = NULL;
	if (w->silent > 1) {
		w->silent--;
		return;
	}
	w->silent = 0;
	if (w->visitor->leave)
		w->visitor->leave(w->ctx, node);
}

void walk_extent(struct walk *w, const struct luser_extent *extent)
{
	if (w->visitor->extent && !walk_over(w))
		w->visitor->extent(w->ctx, extent);
}

/* Adds to @start where the struct that has the field starts in @type. */
static bool find_field(const struct luser_struct *type,
		       const struct luser_field *field, size_t *start)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *one = &type->fields[i];

		if (one == field)
			return true;
		if (one->kind == LUSER_STRUCT &&
		    find_field(one->type, field, start)) {
			*start += one->offset;
			return true;
		}
	}
	return false;
}

void walk_field_name(struct luser_text *text, const struct luser_struct *type,
		     const struct luser_field *field)
{
	size_t start = 0;

	for (uint16_t i = 0; type && i < type->nr_fields; i++) {
		const struct luser_field *one = &type->fields[i];

		if (one->kind == LUSER_STRUCT &&
		    find_field(one->type, field, &start)) {
			luser_text_add(text, "%s.", one->name);
			walk_field_name(text, one->type, field);
			return;
		}
	}
	luser_text_add(text, "%s", field->name);
}

void walk_finding(struct walk *w, const struct luser_finding *finding)
{
	struct luser_finding told = *finding;
	char name[256];
	struct luser_text text = {.buf = name, .size = sizeof(name)};

	if (!w->visitor->finding || walk_over(w))
		return;
	if (told.field) {
		walk_field_name(&text, told.node->type, told.field);
		told.name = name;
	}
	w->visitor->finding(w->ctx, &told);
}

const uint8_t *walk_field_owner(const struct luser_node *node,
				const struct luser_field *field)
{
	size_t start = 0;

	if (node->type && field && find_field(node->type, field, &start))
		return node->bytes + start;
	return node->bytes;
}

/* Properties of a device tree do not lie where their fields do. */
static uint64_t phys_in(const struct luser_node *node, const uint8_t *at,
			const struct luser_field *field)
{
	if (node->phys == LUSER_NO_PHYS)
		return LUSER_NO_PHYS;
	if (node->kind != LUSER_NODE_STRUCT)
		return node->phys;
	return node->phys + (uint64_t)(at - node->bytes) +
	       (field ? field->offset : 0);
}

uint64_t walk_field_phys(const struct luser_node *node,
			 const struct luser_field *field)
{
	return phys_in(node, walk_field_owner(node, field), field);
}

void walk_error(struct walk *w, const struct luser_node *node,
		const struct luser_field *field, const char *rule,
		const char *text, const char *found, const char *expected)
{
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_ERROR,
				.rule = rule,
				.text = text,
				.node = node,
				.field = field,
				.phys = walk_field_phys(node, field),
				.found = found,
				.expected = expected,
			});
}

struct rule_ctx {
	struct walk *w;
	const struct luser_node *node;
	const uint8_t *at;
};

/* A rule about a property that is not there would only repeat that. */
static bool applies(const struct luser_node *node, const struct luser_rule *rule)
{
	const struct luser_struct *type = node->type;

	if (node->kind != LUSER_NODE_FDT)
		return true;
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		bool meant = !rule->field || rule->field == &type->fields[i];

		if (meant && !(node->present >> i & 1))
			return false;
	}
	return true;
}

static void broken_rule(void *ctx, const struct luser_rule *rule)
{
	const struct rule_ctx *r = ctx;
	const struct luser_field *field = rule->field;
	char found[96] = "a struct that breaks the rule";

	if (!applies(r->node, rule))
		return;
	if (field && field->kind != LUSER_STRUCT)
		luser_format_value(field, r->at, 0, r->node->env, found,
				   sizeof(found));
	walk_finding(r->w,
		     &(struct luser_finding){
			     .severity = LUSER_ERROR,
			     .rule = rule->name,
			     .check = rule->check,
			     .text = rule->doc,
			     .node = r->node,
			     .field = field,
			     .phys = phys_in(r->node, r->at, field),
			     .found = found,
			     .expected = rule->that,
		     });
}

void walk_rules(struct walk *w, const struct luser_node *node,
		const struct luser_struct *type, const uint8_t *at,
		uint64_t size, bool *refuse)
{
	struct rule_ctx ctx = {w, node, at};

	if (luser_rules_broken(type, at, size, node->env, broken_rule, &ctx))
		*refuse = true;
	/* Hints tell layouts apart; nothing is wrong with what breaks one. */
	if (w->dry)
		luser_hints_broken(type, at, node->env, broken_rule, &ctx);
}

void walk_label(const struct luser_node *node, char *buf, size_t len)
{
	const struct luser_field *label = node->type ? node->type->label : NULL;

	buf[0] = '\0';
	if (label && node->bytes)
		luser_format_value(label, node->bytes, 0, node->env, buf, len);
}

void walk_element(struct luser_text *text, const struct luser_node *node)
{
	char label[80];

	if (node->index != LUSER_NO_INDEX) {
		walk_label(node, label, sizeof(label));
		if (*label)
			luser_text_add(text, "[%s]", label);
		else
			luser_text_add(text, "[%" PRIu64 "]", node->index);
	} else if (node->name) {
		luser_text_add(text, "%s%s", text->len ? "/" : "", node->name);
	}
}

size_t luser_path(const struct luser_node *node,
		  const struct luser_field *field, char *buf, size_t len)
{
	const struct luser_node *line[WALK_MAX_DEPTH + 2];
	struct luser_text text = {.buf = buf, .size = len};
	const struct luser_struct *type = node ? node->type : NULL;
	size_t n = 0;

	if (len)
		buf[0] = '\0';
	for (; node && n < sizeof(line) / sizeof(line[0]); node = node->parent)
		line[n++] = node;
	while (n)
		walk_element(&text, line[--n]);
	if (field) {
		luser_text_add(&text, "%s", text.len ? "/" : "");
		walk_field_name(&text, type, field);
	}
	return text.len;
}
