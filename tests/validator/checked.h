/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The kernel's checks, run on some state, and what they said.
 */
#ifndef CHECKED_H
#define CHECKED_H

#include <drivers/iommu/iommufd/liveupdate-check.h>
#include <drivers/iommu/liveupdate-check.h>

#include "state.h"

#define CHECKED_FAULTS 64

/**
 * struct checked_fault - a report
 * @array, @where, @index, @phys, @rule, @found, @expected: as reported
 */
struct checked_fault {
	char array[16];
	enum kho_fault_where where;
	uint32_t index;
	uint64_t phys;
	char rule[32];
	uint64_t found;
	char expected[160];
};

/**
 * struct checked - what the checks made of a state
 * @subject:  what was checked
 * @state:    the same, if it was made for a test
 * @iommu:    what is left of the IOMMU state
 * @file:     what is left of the iommufd
 * @err:      what the check of the IOMMU state returned
 * @file_err: what the check of the iommufd returned
 * @nr:       reports
 * @faults:   the first of them
 * @hidden:   a page that is not there, or zero
 * @unpreserved: memory that the old kernel did not preserve, or zero
 */
struct checked {
	struct subject subject;
	struct state *state;
	struct iommu_lu_view iommu;
	struct iommufd_lu_view file;
	int err;
	int file_err;
	size_t nr;
	struct checked_fault faults[CHECKED_FAULTS];
	uint64_t hidden;
	uint64_t unpreserved;
};

/* Check everything; what is set in hidden and unpreserved holds. */
void checked_subject(struct checked *c, const struct subject *subject);
void checked_run(struct checked *c, struct state *s);

void checked_release(struct checked *c);

/* The view of an array. */
const struct kho_sealed_array *checked_array(const struct checked *c,
					     int array);

/* How many sound records an array has. */
uint32_t checked_sound(const struct checked *c, int array);

/* How many records an array was made with. */
uint32_t checked_made(const struct checked *c, int array);

/* Fails the test if anything is wrong with the state. */
void checked_is_sound(const struct checked *c);

/* Fails the test unless this is report number @nr. */
void checked_says(const struct checked *c, size_t nr, const char *array,
		  enum kho_fault_where where, uint32_t index, uint64_t phys,
		  const char *rule);

/* Fails the test unless there were that many reports. */
void checked_count(const struct checked *c, size_t nr);

/* Fails the test unless all records but @lost of an array are sound. */
void checked_lost(const struct checked *c, int array,
		  uint32_t lost);

#endif /* CHECKED_H */
