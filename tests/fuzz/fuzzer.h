/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What a target and a fuzzer have of each other, by libFuzzer's names. */
#ifndef FUZZER_H
#define FUZZER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Looks at an input. Returns 0, or does not return where the library did what
 * it never may.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Changes an input in place, the same way for the same seed. Returns its size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

/* The fuzzer's: changes bytes that mean nothing special. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif /* FUZZER_H */
