/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The program's allocator, its libraries' too: each block lies in pages of its
 * own between pages that nobody may touch, and is overwritten when it is freed.
 */
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>
#include <stdbool.h>

/*
 * At which end of its pages a block lies. At the end, up to seven bytes behind
 * it are there, for alignment; they must stay as they were.
 */
void alloc_at_start(bool start);

/* The @nr-th allocation from now on fails, once; 0 ends that. */
void alloc_fail(size_t nr);

/* Whether it was asked for. */
bool alloc_failed(void);

/* Blocks that are not freed. */
size_t alloc_live(void);

#endif /* ALLOC_H */
