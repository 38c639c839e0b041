/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Sound structs at random, written and read again.
 */
#ifndef ROUND_TRIPS_H
#define ROUND_TRIPS_H

#include "decoders.h"

/**
 * round_trips() - make sound structs of a sound one, and hold each to what is
 *                 written of it
 * @d:   of the struct
 * @at:  its bytes, which stay as they are
 * @len: how many
 * @tag: as for @d's decoder
 * @env: whose root is there
 * @nr:  structs that it takes; each differs a little from the one before
 *
 * Aborts if what is decoded, written and decoded is not the same, or is written
 * as other bytes the second time. Of a struct that has hardly any freedom there
 * are fewer.
 *
 * Return: how many there were.
 */
size_t round_trips(const struct decoder *d, const uint8_t *at, size_t len,
		   uint64_t tag, const struct luser_env *env, size_t nr);

#endif /* ROUND_TRIPS_H */
