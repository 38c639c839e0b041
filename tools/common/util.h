/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Allocation that cannot fail, and text for people.
 */
#ifndef TOOLS_UTIL_H
#define TOOLS_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Out of memory ends the program with status 2. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *at, size_t size);
char *xstrdup(const char *text);

__attribute__((format(printf, 1, 2)))
char *xprintf(const char *format, ...);

/**
 * grow() - room for one more element
 * @list: array of @nr elements, or NULL
 * @nr:   elements in it
 * @size: of one
 *
 * Return: the array, perhaps moved, with room for element @nr.
 */
void *grow(void *list, size_t nr, size_t size);

/* A number with commas between thousands: "4,000". The caller frees it. */
char *number_text(uint64_t n);

/* "1 page", "no pages", "4,000 pages". The caller frees it. */
char *count_text(uint64_t n, const char *thing);

/* "12,288 bytes (12 KiB)"; of UINT64_MAX, which stands for more, "at least
 * 16 EiB". The caller frees it. */
char *size_text(uint64_t bytes);

/* Bytes of a NUL-terminated string from outside, escaped. Freed by caller. */
char *escaped(const char *text);

/**
 * print_wrapped() - fill lines of 80 columns
 * @out:   receives whole lines
 * @first: columns before the first line, already written
 * @hang:  columns to leave before the others
 * @text:  words
 */
void print_wrapped(FILE *out, size_t first, size_t hang, const char *text);

/**
 * struct text_file - a text that is written like a file
 * @out: where to write
 */
struct text_file {
	FILE *out;
	char *text;
	size_t len;
};

/**
 * text_open() - start a text
 * @file: to be given to text_close(), and not moved until then
 */
void text_open(struct text_file *file);

/* The text is complete. The caller frees it. */
char *text_close(struct text_file *file);

#endif /* TOOLS_UTIL_H */
