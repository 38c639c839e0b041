/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A target over flat inputs, for its mutator. */
#ifndef TARGET_H
#define TARGET_H

#include "flat.h"
#include "fuzzer.h"

/**
 * struct focus - what the mutator changes of an input
 * @abi:    objects of ABIs whose ids start so
 * @map:    in their place the parts of the map of preserved memory
 * @sealed: of the objects, only records of sealed pages
 */
struct focus {
	const char *abi;
	bool map;
	bool sealed;
};

/* Each target has one. */
extern const struct focus target_focus;

#endif /* TARGET_H */
