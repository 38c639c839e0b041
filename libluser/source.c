// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_internal.h"

struct luser_kept {
	struct luser_kept *next;
	_Alignas(16) char bytes[];
};

struct luser_source *luser_source_new(void)
{
	return calloc(1, sizeof(struct luser_source));
}

void luser_source_close(struct luser_source *src)
{
	if (!src)
		return;
	while (src->kept) {
		struct luser_kept *next = src->kept->next;

		free(src->kept);
		src->kept = next;
	}
	free(src->roots);
	free(src);
}

void *luser_source_alloc(struct luser_source *src, size_t len)
{
	struct luser_kept *kept = calloc(1, sizeof(*kept) + len);

	if (!kept)
		return NULL;
	kept->next = src->kept;
	src->kept = kept;
	return kept->bytes;
}

void *luser_source_copy(struct luser_source *src, const void *data, size_t len)
{
	void *copy = luser_source_alloc(src, len + 1);

	if (copy && len)
		memcpy(copy, data, len);
	return copy;
}

const char *luser_source_text(struct luser_source *src, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return luser_source_copy(src, text, strlen(text));
}

enum luser_code luser_source_add(struct luser_source *src,
				 const struct luser_root *root,
				 struct luser_error *err)
{
	struct luser_root *more;

	more = reallocarray(src->roots, src->nr_roots + 1, sizeof(*more));
	if (!more)
		return luser_fail_nomem(err);
	more[src->nr_roots++] = *root;
	src->roots = more;
	return LUSER_OK;
}

static int by_role(const void *a, const void *b)
{
	const struct luser_root *x = a;
	const struct luser_root *y = b;

	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	return (x->phys > y->phys) - (x->phys < y->phys);
}

enum luser_code luser_source_hand_out(struct luser_source *src,
				      enum luser_code code,
				      struct luser_source **ret)
{
	if (code != LUSER_OK) {
		luser_source_close(src);
		return code;
	}
	if (src->nr_roots)
		qsort(src->roots, src->nr_roots, sizeof(*src->roots), by_role);
	*ret = src;
	return LUSER_OK;
}

const struct luser_root *luser_source_roots(const struct luser_source *src,
					    size_t *count)
{
	*count = src->nr_roots;
	return src->roots;
}
