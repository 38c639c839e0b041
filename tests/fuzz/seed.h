/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Programs that make an input for a target of a dump; seed.c has their main().
 */
#ifndef FUZZ_SEED_H
#define FUZZ_SEED_H

#include <stdbool.h>
#include <stdio.h>

#include "replay.h"

/* What the program makes of a dump that was walked; false if it fails. */
bool seed_write(FILE *out, const struct replay *r);

#endif /* FUZZ_SEED_H */
