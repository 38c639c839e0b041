// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What a walk reads of a dump, as an input for fuzz_walk.
 * usage: flatten DUMP INPUT
 */
#include <string.h>

#include "flat.h"
#include "seed.h"

/* Reads come in any order, and several to a page. */
static bool is_first(const struct replay *r, size_t read, uint64_t page)
{
	for (size_t i = 0; i < read; i++)
		if (r->reads[i].start < page + r->page_size &&
		    page < r->reads[i].start + r->reads[i].len)
			return false;
	return true;
}

static bool write_read(FILE *out, const struct replay *r, size_t read)
{
	uint64_t end = r->reads[read].start + r->reads[read].len;
	uint64_t page = r->reads[read].start & ~(uint64_t)(r->page_size - 1);

	for (; page < end; page += r->page_size)
		if (is_first(r, read, page) &&
		    (fwrite(&page, sizeof(page), 1, out) != 1 ||
		     fwrite(replay_at(r, page), r->page_size, 1, out) != 1))
			return false;
	return true;
}

bool seed_write(FILE *out, const struct replay *r)
{
	struct flat flat = {
		.page_shift = (uint64_t)__builtin_ctz(r->page_size),
		.root = r->root->phys,
	};

	memcpy(flat.magic, FLAT_MAGIC, sizeof(flat.magic));
	if (fwrite(&flat, sizeof(flat), 1, out) != 1)
		return false;
	for (size_t i = 0; i < r->nr_reads; i++)
		if (!write_read(out, r, i))
			return false;
	return true;
}
