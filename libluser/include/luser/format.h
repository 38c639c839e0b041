/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Values as text. One place decides how an address, a size, a BDF or a set of
 * flags looks, for the tool's output and for findings alike.
 */
#ifndef LUSER_FORMAT_H
#define LUSER_FORMAT_H

#include <luser/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * luser_escape() - bytes from memory as printable ASCII
 * @bytes: any bytes
 * @len:   how many
 * @buf:   receives the text, NUL-terminated, cut to fit at a whole escape
 * @size:  size of @buf
 *
 * A backslash becomes \\, and every byte outside 0x20..0x7e \xNN.
 *
 * Return: the length that the whole text has.
 */
size_t luser_escape(const void *bytes, size_t len, char *buf, size_t size);

/**
 * luser_format_value() - one element of a field as text
 * @field: any field but a struct, union or section
 * @at:    bytes of the struct that it is in
 * @i:     element, 0 if it is no array
 * @env:   gives the page size
 * @buf:   receives the text, NUL-terminated, cut to fit
 * @len:   size of @buf
 *
 * Strings are escaped, enum items and flags are named, unknown bits are in
 * hex, addresses are in hex, counts in decimal; a page frame number is followed
 * by the address in parentheses.
 *
 * Return: the length that the whole text has.
 */
size_t luser_format_value(const struct luser_field *field, const uint8_t *at,
			  uint32_t i, const struct luser_env *env, char *buf,
			  size_t len);

/**
 * luser_format_size() - a number of bytes for a person: "64 KiB"
 */
size_t luser_format_size(uint64_t bytes, char *buf, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_FORMAT_H */
