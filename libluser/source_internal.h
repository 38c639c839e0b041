/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What all kinds of sources share: roots, and what belongs to them. */
#ifndef LUSER_SOURCE_INTERNAL_H
#define LUSER_SOURCE_INTERNAL_H

#include <luser/source.h>

#include "error_internal.h"

/* A blob is a few pages, and so are all of a root; a root FDT is one page. */
#define LUSER_SOURCE_BLOB_MAX (16u << 20)
#define LUSER_SOURCE_ROOT_MAX (64u << 10)

/* A root FDT starts a page, and no page is smaller. */
#define LUSER_PAGE_MIN 4096u

struct luser_kept;

/**
 * struct luser_source - what was found
 * @roots:    sorted by role once the source is handed out
 * @nr_roots: how many
 * @kept:     memory that lives as long as the source
 */
struct luser_source {
	struct luser_root *roots;
	size_t nr_roots;
	struct luser_kept *kept;
};

/** luser_source_new() - an empty source, or NULL */
struct luser_source *luser_source_new(void);

/**
 * luser_source_alloc() - zeroed memory that lives as long as the source
 *
 * Return: 16-byte aligned memory, or NULL.
 */
void *luser_source_alloc(struct luser_source *src, size_t len);

/** luser_source_copy() - keep bytes, with a NUL behind them; NULL: no memory */
void *luser_source_copy(struct luser_source *src, const void *data, size_t len);

/** luser_source_text() - keep a sentence; NULL: no memory */
const char *luser_source_text(struct luser_source *src, const char *fmt, ...)
	LUSER_PRINTF(2, 3);

/** luser_source_add() - one more root; what it points to must be kept */
enum luser_code luser_source_add(struct luser_source *src,
				 const struct luser_root *root,
				 struct luser_error *err);

/**
 * luser_source_hand_out() - the end of finding
 * @src:  sorted and given to @ret if @code is LUSER_OK, else closed
 * @code: how the finding went
 *
 * Return: @code.
 */
enum luser_code luser_source_hand_out(struct luser_source *src,
				      enum luser_code code,
				      struct luser_source **ret);

/**
 * luser_source_saved() - the roots that a file of luser_save names
 *
 * Return: LUSER_OK, LUSER_MISSING (no such file), LUSER_INVALID, LUSER_NOMEM.
 */
enum luser_code luser_source_saved(struct luser_mem *mem,
				   struct luser_source **ret,
				   struct luser_error *err);

/**
 * luser_source_is_root() - is this the compatible string of a root FDT
 *
 * True for what a schema knows, and for what differs from it in the number at
 * its end alone: a version that is newer than the schemas.
 */
bool luser_source_is_root(const char *compatible);

/**
 * luser_source_generation() - the number of the handover that a root describes
 * @mem:     where the root's blobs are
 * @fdt:     the root FDT, checked
 * @counter: receives the name of the ABI that counts; numbers of different
 *           counters do not compare
 * @value:   receives the number: higher is later
 *
 * Follows the root's subnodes to a struct that has, by its schema, a field
 * which counts handovers. Prefers an ABI whose memory stays after the boot.
 *
 * Return: true if there is such a field.
 */
bool luser_source_generation(struct luser_mem *mem, const void *fdt,
			     const char **counter, uint64_t *value);

#endif /* LUSER_SOURCE_INTERNAL_H */
