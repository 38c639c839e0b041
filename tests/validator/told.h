/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which records libluser's walk leaves sound, by what it tells.
 *
 * The library reports and goes on; a kernel has to decide. What a finding
 * costs is said here a second time, from the findings alone.
 */
#ifndef TOLD_H
#define TOLD_H

#include <luser/walk.h>

#include "state.h"

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
 * struct told_array - what was told about an array
 * @pages:  its pages, in order, as the chain leads to them
 * @nr:     how many
 * @lost:   pages with findings
 * @nr_lost: how many
 * @broken: the chain does not go on to this page; zero if there is none
 * @twice:  the library was here before: a loop, or by another array's mistake
 * @total:  the root's count is another one
 * @bad:    records with findings
 * @dangling: records that refer to none
 * @sound:  the result: one for each slot
 * @slots:  slots in all pages
 */
struct told_array {
	struct told_page pages[STATE_MAX_PAGES + 1];
	uint32_t nr;
	uint64_t lost[STATE_MAX_PAGES * 8];
	uint32_t nr_lost;
	uint64_t broken;
	bool twice;
	bool total;
	bool *bad;
	bool *dangling;
	bool *sound;
	uint32_t slots;
};

#define TOLD_TWINS 4096

/**
 * struct told_twin - a record that is there twice
 * @array: where
 * @index: its number
 * @key:   the rule and what it shares
 */
struct told_twin {
	int array;
	uint32_t index;
	char key[96];
};

/**
 * struct told - what was told
 * @state:  about what
 * @arrays: the arrays
 * @room:   slots that there is room for in each array
 * @twins:  records that are there twice
 * @nr_twins: how many
 */
struct told {
	struct state *state;
	struct told_array arrays[STATE_ARRAYS];
	uint32_t room;
	struct told_twin twins[TOLD_TWINS];
	uint32_t nr_twins;
};

void told_begin(struct told *told, struct state *s);

/* Walk the state. */
void told_run(struct told *told);

void told_end(struct told *told);

#endif /* TOLD_H */
