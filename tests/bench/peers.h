/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Passes of other formats.
 */
#ifndef PEERS_H
#define PEERS_H

#include "passes.h"

#define NR_PEERS 4

/*
 * Adds a pass for each of them that is measured with so many records; returns
 * how many. None if they were not built.
 */
size_t peers_decode(const struct bench *b, struct bench_pass *passes);
size_t peers_encode(const struct bench *b, struct bench_pass *passes);

#endif /* PEERS_H */
