// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The page size of the kernel that wrote a handover, where nothing says it: the
 * depth of the map of preserved memory and the alignment of its pages tell.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "mem_internal.h"
#include "source_internal.h"
#include "walk_blob.h"

/* A map that is larger is not read to its end. */
#define MAX_LOOK (UINT64_C(4) << 20)

static const uint32_t sizes[] = {4096, 16384, 65536};

/* The root FDT, as far as it says that it goes. */
static bool fetch_root(struct blob *blob)
{
	struct walk *w = blob->w;
	const struct luser_blob *fdt = &w->root->fdt;
	struct fdt_header head;

	if (fdt->data) {
		blob->size = fdt->len;
	} else {
		if (blob->node.phys == LUSER_NO_PHYS ||
		    luser_mem_read(w->mem, blob->node.phys, &head, sizeof(head),
				   NULL) != LUSER_OK)
			return false;
		blob->size = fdt32_ld(&head.totalsize);
	}
	if (blob->size > LUSER_SOURCE_ROOT_MAX)
		return false;
	blob->bytes = malloc(blob->size + 1);
	if (!blob->bytes) {
		w->code = LUSER_NOMEM;
		return false;
	}
	if (!fdt->data)
		return luser_mem_read(w->mem, blob->node.phys, blob->bytes,
				      blob->size, NULL) == LUSER_OK;
	memcpy(blob->bytes, fdt->data, blob->size);
	return true;
}

/* How the root fares with pages of this size, by its best layout. */
static struct luser_candidate try_size(struct blob *blob, uint32_t size)
{
	struct luser_candidate best = {.standing = LUSER_STANDING_UNSOUND};
	struct walk *w = blob->w;
	struct judged judged = {0};

	w->env.page_size = size;
	w->env.page_shift = (uint32_t)__builtin_ctz(size);
	if (!blob_candidates(blob, &judged))
		return best;
	for (size_t i = 0; i < judged.nr && !walk_over(w); i++) {
		blob_dry_walk(blob, &judged.all[i], MAX_LOOK);
		if (!i || blob_is_better(&judged.all[i], &best))
			best = judged.all[i];
	}
	free(judged.all);
	return best;
}

/*
 * What is wrong with a map that is there, though damaged, is wrong by some of
 * it. Where a size finds no map at all, there is little that could be wrong.
 */
static bool is_likelier(const struct luser_candidate *larger,
			const struct luser_candidate *best)
{
	return blob_is_better(larger, best) &&
	       (larger->standing != LUSER_STANDING_UNSOUND ||
		larger->objects > best->objects);
}

static uint32_t best_size(struct walk *w)
{
	struct blob blob = {
		.w = w,
		.registry = LUSER_ROOT_REGISTRY,
		.sized = true,
		.node = {
			.index = LUSER_NO_INDEX,
			.phys = w->root->phys,
			.env = &w->env,
		},
	};
	struct luser_candidate best, other;
	uint32_t size = sizes[0];

	if (fetch_root(&blob)) {
		best = try_size(&blob, sizes[0]);
		for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			other = try_size(&blob, sizes[i]);
			if (is_likelier(&other, &best)) {
				best = other;
				size = sizes[i];
			}
		}
	}
	free(blob.bytes);
	return size;
}

/* Who observes the memory is to see what the handover holds, no guesses. */
uint32_t walk_page_size(struct walk *w)
{
	luser_mem_observer *observer;
	uint32_t size;

	if (!w->mem)
		return sizes[0];
	observer = w->mem->observer;
	w->mem->observer = NULL;
	size = best_size(w);
	w->mem->observer = observer;
	w->judged = 0;
	w->bytes_read = 0;
	return size;
}
