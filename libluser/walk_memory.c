// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Fetching for the walk, and what an address may be.
 */
#include <inttypes.h>
#include <stdio.h>

#include "block_set.h"
#include "walk_internal.h"

static bool refuse_claim(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field, uint64_t phys,
			 uint64_t len, bool beyond)
{
	char found[64];

	snprintf(found, sizeof(found), "%" PRIu64 " bytes at 0x%" PRIx64, len,
		 phys);
	if (beyond)
		walk_error(w, node, field, "unreadable",
			   "this goes beyond the last address", found,
			   "memory that is there");
	else
		walk_error(w, node, field, "read-twice",
			   "this memory was reached before: a loop, or two "
			   "owners", found, "memory of its own");
	return false;
}

bool walk_claim(struct walk *w, const struct luser_node *node,
		const struct luser_field *field, uint64_t phys, uint64_t len)
{
	if (len - 1 > UINT64_MAX - phys)
		return refuse_claim(w, node, field, phys, len, true);
	walk_extent(w, &(struct luser_extent){
			       .node = node,
			       .field = field,
			       .phys = phys,
			       .len = len,
		       });
	switch (luser_claims_add(&w->claims, phys, len)) {
	case LUSER_CLAIM_NEW:
		return true;
	case LUSER_CLAIM_NOMEM:
		w->code = LUSER_NOMEM;
		return false;
	default:
		return refuse_claim(w, node, field, phys, len, false);
	}
}

void walk_count(struct walk *w, uint64_t len)
{
	const struct luser_walk_options *options = w->options;

	w->bytes_read += len;
	if (options->progress &&
	    !options->progress(options->progress_ctx, w->bytes_read, 0))
		w->code = LUSER_STOPPED;
}

bool walk_read(struct walk *w, const struct luser_node *node,
	       const struct luser_field *field, uint64_t phys, void *buf,
	       size_t len)
{
	struct luser_error err;

	if (luser_mem_read(w->mem, phys, buf, len, &err) == LUSER_OK) {
		walk_count(w, len);
		return true;
	}
	walk_error(w, node, field, "unreadable", "the address cannot be read",
		   err.message, "memory that is there");
	return false;
}

void walk_preserved(struct walk *w, const struct luser_node *node,
		    const struct luser_field *field, uint64_t phys,
		    uint64_t len)
{
	char found[40];

	if (!w->mapped || block_set_have(w->preserved, phys, len))
		return;
	snprintf(found, sizeof(found), "0x%" PRIx64, phys);
	walk_error(w, node, field, "not-preserved",
		   "the address leads to memory that is not preserved", found,
		   "memory in the map of preserved memory");
}

/* Without any memory each link is one note, not an error of the handover. */
bool walk_no_memory(struct walk *w, const struct luser_node *node,
		    const struct luser_field *field)
{
	char found[80];

	if (w->mem)
		return false;
	if (field)
		luser_format_value(field, walk_field_owner(node, field), 0,
				   node->env, found, sizeof(found));
	else
		snprintf(found, sizeof(found), "0x%" PRIx64, node->phys);
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_WARNING,
				.rule = "no-memory",
				.text = "not followed: no memory to read from",
				.node = node,
				.field = field,
				.phys = walk_field_phys(node, field),
				.found = found,
				.expected = "memory at this address",
			});
	return true;
}

/* What a kernel was handed is its own again once it has booted. */
bool walk_is_stale(const struct walk *w, const char *freed)
{
	bool booted = !w->options->early && w->root->role == LUSER_ROLE_IN;

	return freed && (booted || w->root->role == LUSER_ROLE_OLD);
}

/* Only a running kernel's own state may still change. */
bool walk_is_frozen(const struct walk *w)
{
	return !w->options->running || w->root->role != LUSER_ROLE_OUT;
}
