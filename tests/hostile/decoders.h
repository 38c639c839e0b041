/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The generated decoders of single structs: what list_decoders finds.
 */
#ifndef DECODERS_H
#define DECODERS_H

#include <luser/check.h>

/**
 * struct decoder - what is generated for one struct
 * @name:   how its functions' names begin
 * @type:   what is decoded
 * @decode, @unpack, @pack: as generated; the record's bytes, and @tag, are
 *          passed on if they take them
 * @size:   of what is decoded
 * @tagged: whether it takes one
 */
struct decoder {
	const char *name;
	const struct luser_struct *(*type)(void);
	enum luser_code (*decode)(const uint8_t *buf, size_t size, uint64_t tag,
				  const struct luser_env *env, void *out,
				  struct luser_error *err);
	void (*unpack)(const uint8_t *at, size_t size, uint64_t tag, void *out);
	void (*pack)(const void *in, size_t size, uint64_t tag, uint8_t *at);
	size_t size;
	bool tagged;
};

/* Ends with an entry of zeros. */
extern const struct decoder decoders[];

#endif /* DECODERS_H */
