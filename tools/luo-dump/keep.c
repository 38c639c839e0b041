// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "keep.h"
#include "util.h"

/* Read at once; a multiple of any page size. */
#define PIECE (UINT64_C(64) << 10)

bool keep_begin(const struct settings *settings, const struct input *input,
		struct luser_save **ret)
{
	struct luser_error err;

	*ret = NULL;
	if (!settings->save || luser_save_open(settings->save, input->mem, ret,
					       &err) == LUSER_OK)
		return true;
	complain("%s", err.message);
	return false;
}

void keep_contents(struct luser_mem *mem, const struct luser_map *map)
{
	uint8_t *piece = xcalloc(1, PIECE);
	struct luser_map_cursor cursor = { 0 };
	struct luser_range range;

	while (luser_map_next(map, &cursor, &range))
		for (uint64_t at = 0; at < range.len; at += PIECE) {
			uint64_t left = range.len - at;

			luser_mem_read(mem, range.start + at, piece,
				       left < PIECE ? left : PIECE, NULL);
		}
	free(piece);
}

bool keep_end(struct luser_save *save, const struct input *input,
	      uint64_t page_size)
{
	struct luser_root *roots;
	struct luser_error err;
	enum luser_code code;

	if (!save)
		return true;
	if (!page_size) {
		luser_save_cancel(save);
		complain("nothing was read, so nothing is saved");
		return false;
	}
	roots = xcalloc(input->nr_roots, sizeof(*roots));
	for (size_t i = 0; i < input->nr_roots; i++)
		roots[i] = *input->roots[i];
	code = luser_save_finish(save, roots, input->nr_roots,
				 (uint32_t)page_size, &err);
	free(roots);
	if (code != LUSER_OK)
		complain("%s", err.message);
	return code == LUSER_OK;
}
