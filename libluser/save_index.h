/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Which bytes of physical memory are kept already, and where. */
#ifndef LUSER_SAVE_INDEX_H
#define LUSER_SAVE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pieces do not cross a multiple of this. */
#define SAVE_INDEX_PAGE 4096u

/**
 * struct save_piece - bytes that are kept
 * @phys: physical address
 * @at:   offset of the copy
 * @len:  bytes
 * @next: another piece of the same bucket, or SAVE_INDEX_NONE
 */
struct save_piece {
	uint64_t phys;
	uint64_t at;
	uint32_t len;
	uint32_t next;
};

#define SAVE_INDEX_NONE UINT32_MAX

/**
 * struct save_index - all pieces, to be found by page
 * @pieces:    in the order they were added, until save_index_sort()
 * @nr_pieces: how many; not overlapping
 * @buckets:   first piece of each, or SAVE_INDEX_NONE
 * @bits:      logarithm of the number of buckets
 */
struct save_index {
	struct save_piece *pieces;
	size_t nr_pieces;
	uint32_t *buckets;
	unsigned int bits;
};

/** save_index_gap() - the first part of @phys to @end, in one page, not kept */
bool save_index_gap(const struct save_index *index, uint64_t phys, uint64_t end,
		    uint64_t *gap, uint64_t *gap_end);

/** save_index_add() - a piece is kept; false without memory */
bool save_index_add(struct save_index *index, uint64_t phys, uint32_t len,
		    uint64_t at);

/** save_index_sort() - order the pieces by address; the end of adding */
void save_index_sort(struct save_index *index);

/** save_index_find() - after sorting: the piece with @phys, or NULL */
const struct save_piece *save_index_find(const struct save_index *index,
					 uint64_t phys);

/** save_index_free() - release it */
void save_index_free(struct save_index *index);

#endif /* LUSER_SAVE_INDEX_H */
