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

void keep_contents(struct luser_mem *mem, const struct luser_range *ranges,
		   size_t nr)
{
	uint8_t *piece = xcalloc(1, PIECE);

	for (size_t i = 0; i < nr; i++)
		for (uint64_t at = 0; at < ranges[i].len; at += PIECE) {
			uint64_t left = ranges[i].len - at;

			luser_mem_read(mem, ranges[i].start + at, piece,
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
