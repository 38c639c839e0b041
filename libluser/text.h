/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Text that is appended to a buffer and cut to fit it.
 */
#ifndef LUSER_TEXT_H
#define LUSER_TEXT_H

#include <stddef.h>

/**
 * struct luser_text - a buffer being filled
 * @buf:  NUL-terminated as long as @size is not 0
 * @size: of @buf
 * @len:  what the whole text needs, which may be more than @size
 */
struct luser_text {
	char *buf;
	size_t size;
	size_t len;
};

__attribute__((format(printf, 2, 3)))
void luser_text_add(struct luser_text *text, const char *format, ...);

#endif /* LUSER_TEXT_H */
