// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The last struct that a walk of a dump shows, as an input for fuzz_structs.
 * usage: take_struct DUMP INPUT
 */
#include <string.h>

#include "decoders.h"
#include "record.h"
#include "seed.h"

/**
 * struct last - it, as far as it was found
 * @bytes: as many as @head has no room for
 */
struct last {
	struct record_head head;
	uint8_t bytes[4096];
	size_t len;
};

static const struct decoder *decoder_of(const struct luser_struct *type)
{
	const struct decoder *d = decoders;

	while (d->name && d->type() != type)
		d++;
	return d->name ? d : NULL;
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	const struct decoder *d = node->type ? decoder_of(node->type) : NULL;
	struct last *last = ctx;
	size_t root;

	if (!d || node->kind != LUSER_NODE_STRUCT || !node->bytes ||
	    node->size > sizeof(last->bytes))
		return LUSER_ENTER;
	last->head = (struct record_head){
		.decoder = (uint16_t)(d - decoders),
		.flags = RECORD_TOLD | (node->env->root ? 0 : RECORD_ROOTLESS),
		.page_size = (uint8_t)(node->env->page_shift - 12),
	};
	root = node->env->root_size < RECORD_ROOT ? node->env->root_size :
						    RECORD_ROOT;
	if (node->env->root)
		memcpy(last->head.root, node->env->root, root);
	memcpy(last->bytes, node->bytes, node->size);
	last->len = node->size;
	return LUSER_ENTER;
}

bool seed_write(FILE *out, const struct replay *r)
{
	static const struct luser_visitor visitor = {.enter = enter};
	const struct luser_walk_options options = {.page_size = r->page_size};
	struct last last = {.len = 0};

	return luser_walk(r->mem, r->root, &options, &visitor, &last, NULL) ==
		       LUSER_OK &&
	       last.len && fwrite(&last.head, sizeof(last.head), 1, out) == 1 &&
	       fwrite(last.bytes, last.len, 1, out) == 1;
}
