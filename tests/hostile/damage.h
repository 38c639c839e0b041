/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Damage to what a walk reads, one at a time: done, looked at, and taken back.
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "replay.h"

/**
 * typedef damage_seen - looks at a damaged dump
 * @ctx:  as given with it
 * @r:    the dump
 * @how:  "raw", or "sealed" where the page's checksum was made right; for
 *        some damage another word
 */
typedef void damage_seen(void *ctx, struct replay *r, const char *how);

/*
 * Of each kind of damage, every @each-th is done. Inside of long runs of zeros,
 * as maps have them, one byte is like the next: only those near an end are
 * damaged.
 */

/* Bits that the walk reads, flipped. */
void damage_bits(struct replay *r, size_t each, damage_seen *seen, void *ctx);

/*
 * Stretches that the walk reads, overwritten: with zeros, as long as an address,
 * and with text, longer than any name. Then integers in a struct, set to values
 * that are often special.
 */
void damage_words(struct replay *r, size_t each, damage_seen *seen, void *ctx);

/*
 * Memory that ends in front of a byte that the walk reads, and memory that
 * starts behind it. @how is "ends" or "starts".
 */
void damage_cuts(struct replay *r, size_t each, damage_seen *seen, void *ctx);

#endif /* DAMAGE_H */
