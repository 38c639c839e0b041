/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which records libluser's walk leaves sound, by what it tells.
 *
 * The library reports and goes on; a kernel has to decide. What a finding
 * costs is said here a second time, from the findings alone.
 *
 * The program ends where the walk breaks its word.
 */
#ifndef TOLD_H
#define TOLD_H

#include <luser/walk.h>

#include "subject.h"

/**
 * struct told_page - a page of a chain
 * @phys: where it is
 * @lost: its records are lost
 */
struct told_page {
	uint64_t phys;
	bool lost;
};

/**
 * struct told_mark - a finding about a record
 * @index:    its number
 * @dangling: it refers to none
 */
struct told_mark {
	uint64_t index;
	bool dangling;
};

/**
 * struct told_array - what was told about an array
 * @pages:   its pages, in order, as the chain leads to them
 * @lost:    pages with findings
 * @marks:   records with findings
 * @broken:  the chain does not go on to this page; zero if there is none
 * @twice:   the library was here before: a loop, or by another array's mistake
 * @total:   the root's count is another one
 * @slots:   slots in all pages
 * @sound:   the result: one for each slot
 */
struct told_array {
	struct told_page *pages;
	size_t nr;
	uint64_t *lost;
	size_t nr_lost;
	struct told_mark *marks;
	size_t nr_marks;
	uint64_t broken;
	bool twice;
	bool total;
	uint32_t slots;
	bool *sound;
};

/**
 * struct told_twin - a record that is there twice
 * @array: where
 * @index: its number
 * @key:   the rule and what it shares
 */
struct told_twin {
	int array;
	uint64_t index;
	char key[96];
};

/**
 * struct told - what was told
 * @subject: about what; an address that is zero was looked for
 * @several: there is more than one root of a kind
 * @arrays:  the arrays
 * @twins:   records that are there twice
 * @map:     preserved memory
 */
struct told {
	struct subject subject;
	bool several;
	struct told_array arrays[STATE_ARRAYS];
	struct told_twin *twins;
	size_t nr_twins;
	struct luser_range *map;
	size_t nr_map;
};

/**
 * told_run() - walk, and judge by what is told
 * @told:    to be given back with told_release()
 * @subject: memory; an address in it that is zero is looked for
 * @mem:     the same memory
 * @root:    where the walk starts
 */
void told_run(struct told *told, const struct subject *subject,
	      struct luser_mem *mem, const struct luser_root *root);

void told_release(struct told *told);

/* Whether a record is sound. */
bool told_sound(const struct told *told, int array, uint64_t index);

/* Judge an array by what was told; those it refers to were judged before. */
void told_judge(struct told *told, int array);

#endif /* TOLD_H */
