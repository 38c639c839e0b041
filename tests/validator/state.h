/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * IOMMU state as an old kernel leaves it, to be damaged and checked.
 *
 * In each array some slots are free, and the last record is one that no other
 * refers to. Whatever fails in here fails the test.
 */
#ifndef STATE_H
#define STATE_H

#include <luser/array.h>

#include "../unit/handover.h"
#include "subject.h"

#define STATE_MAX_PAGES 8

/**
 * struct state_pages - the pages of one array, as they were made
 * @array: what it is
 * @phys:  their addresses, in order
 * @copy:  what was in them
 * @nr:    how many
 * @slots: slots in all of them
 */
struct state_pages {
	const struct luser_array *array;
	uint64_t phys[STATE_MAX_PAGES];
	uint8_t *copy[STATE_MAX_PAGES];
	uint32_t nr;
	uint32_t slots;
};

/**
 * struct state - the state of one handover
 * @handover: the whole of it
 * @arrays:   where its arrays are
 * @legacy:   the units are in legacy mode
 * @shared_table: a preserved page that all devices have
 * @tables:   preserved pages to be used as tables, the next one first
 * @nr_tables: how many are left
 */
struct state {
	struct handover handover;
	struct state_pages arrays[STATE_ARRAYS];
	bool legacy;
	uint64_t shared_table;
	uint64_t tables;
	uint64_t nr_tables;
};

void state_begin(struct state *s, bool legacy);

void state_end(struct state *s);

/* The state as it is now, for those who judge it. */
struct subject state_subject(struct state *s);

/* Undo all damage. */
void state_restore(struct state *s);

/* Make the sums of all pages right, whatever is in them. */
void state_seal(struct state *s);

/* The same for one page. */
void state_seal_page(struct state *s, int array, uint32_t page);

/* The same for the pages that the IOMMU state has now. */
void state_seal_iommu(struct state *s);

/* Write an array anew, with more bytes of that value behind each record. */
void state_lengthen(struct state *s, int array, uint8_t more, uint8_t value);

/* Number of the last record of an array, and of one in its middle. */
uint32_t state_last(const struct state *s, int array);
uint32_t state_middle(const struct state *s, int array);

/* Whether slots with this number are free. */
bool state_is_free(uint32_t index);

/* Bytes of a page, and of a record. */
uint8_t *state_page(struct state *s, int array, uint32_t page);
uint8_t *state_record(struct state *s, int array, uint32_t index);

/* Their addresses. */
uint64_t state_record_phys(const struct state *s, int array,
			   uint32_t index);

/* Set a field of a page's header, or of a record. */
void state_set_header(struct state *s, int array, uint32_t page,
		      const char *field, uint64_t value);
void state_set(struct state *s, int array, uint32_t index,
	       const char *field, uint64_t value);
uint64_t state_get(struct state *s, int array, uint32_t index,
		   const char *field);

#endif /* STATE_H */
