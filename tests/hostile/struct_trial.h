/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The generated decoder of a struct on any bytes: it must take those that
 * luser_struct_explain(), which reads the description of the rules, finds nothing
 * wrong with, and must leave what it writes alone otherwise. What it takes is
 * written, and read, as the same again.
 */
#ifndef STRUCT_TRIAL_H
#define STRUCT_TRIAL_H

#include "decoders.h"

/**
 * struct trial - a struct that is decoded
 * @buf: ours, and nothing lies behind its @len bytes
 * @out, @again: room for what is decoded
 * @packed: room for what that is written to, as long as @buf
 */
struct trial {
	const struct decoder *decoder;
	const struct luser_env *env;
	uint8_t *buf;
	size_t len;
	uint8_t *out;
	uint8_t *again;
	uint8_t *packed;
};

/* Zeros. Ends the program if there is no memory. */
void *trial_room(size_t len);

/*
 * Decodes it; aborts if the decoder does not do what it must, also in what it
 * says if @told. Returns what it said.
 */
enum luser_code trial_decode(struct trial *t, uint64_t tag, bool told);

#endif /* STRUCT_TRIAL_H */
