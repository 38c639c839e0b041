// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "checked.h"

static const void *map(void *ctx, u64 phys, u64 size)
{
	const struct checked *c = ctx;

	if (phys == c->hidden)
		return NULL;
	return c->subject.at(c->subject.ctx, phys, size);
}

static bool preserved(void *ctx, u64 phys, u64 size)
{
	const struct checked *c = ctx;

	return phys != c->unpreserved &&
	       c->subject.preserved(c->subject.ctx, phys, size);
}

static void report(void *ctx, const struct kho_fault *fault)
{
	struct checked *c = ctx;
	struct checked_fault *seen;

	if (c->nr++ >= CHECKED_FAULTS)
		return;
	seen = &c->faults[c->nr - 1];
	snprintf(seen->array, sizeof(seen->array), "%s", fault->array);
	seen->where = fault->where;
	seen->index = fault->index;
	seen->phys = fault->phys;
	snprintf(seen->rule, sizeof(seen->rule), "%s", fault->rule);
	seen->found = fault->found;
	snprintf(seen->expected, sizeof(seen->expected), "%s",
		 fault->expected);
}

static const struct kho_sealed_ops ops = {
	.map = map,
	.preserved = preserved,
	.report = report,
};

void checked_subject(struct checked *c, const struct subject *subject)
{
	c->subject = *subject;
	c->nr = 0;
	c->err = iommu_lu_check(subject->root, &ops, c, &c->iommu);
	c->file_err = iommufd_lu_check(subject->file_root, &ops, c,
				       &c->iommu.domains, &c->file);
}

void checked_run(struct checked *c, struct state *s)
{
	const struct subject subject = state_subject(s);

	c->state = s;
	checked_subject(c, &subject);
}

/* Called outside of Check's runner as well. */
void checked_release(struct checked *c)
{
	iommu_lu_release(&c->iommu);
	iommufd_lu_release(&c->file);
	if (!shim_memory.live)
		return;
	fprintf(stderr, "%u blocks not given back\n", shim_memory.live);
	abort();
}

const struct kho_sealed_array *checked_array(const struct checked *c,
					     int array)
{
	switch (array) {
	case STATE_IOMMUS:
		return &c->iommu.iommus;
	case STATE_DOMAINS:
		return &c->iommu.domains;
	case STATE_DEVICES:
		return &c->iommu.devices;
	case STATE_HWPTS:
		return &c->file.hwpts;
	case STATE_ROOT:
		return &c->iommu.root_page;
	default:
		return &c->file.root_page;
	}
}

uint32_t checked_sound(const struct checked *c, int array)
{
	const struct kho_sealed_array *view = checked_array(c, array);

	return view->nr_slots ? bitmap_weight(view->sound, view->nr_slots) : 0;
}

uint32_t checked_made(const struct checked *c, int array)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < c->state->arrays[array].slots; i++)
		nr += !state_is_free(i);
	return nr;
}

void checked_count(const struct checked *c, size_t nr)
{
	const struct checked_fault *first = &c->faults[0];

	ck_assert_msg(c->nr == nr,
		      "%zu reports, not %zu; the first: %s[%u] at 0x%" PRIx64
		      ": %s, found 0x%" PRIx64 ", expected %s",
		      c->nr, nr, first->array, first->index, first->phys,
		      first->rule, first->found, first->expected);
}

void checked_lost(const struct checked *c, int array,
		  uint32_t lost)
{
	uint32_t made = checked_made(c, array);
	uint32_t sound = checked_sound(c, array);

	ck_assert_msg(sound + lost == made,
		      "%u of %u records of array %d are sound, lost are %u",
		      sound, made, array, lost);
}

void checked_is_sound(const struct checked *c)
{
	checked_count(c, 0);
	ck_assert_int_eq(c->err, 0);
	ck_assert_int_eq(c->file_err, 0);
	for (int k = 0; k < STATE_ARRAYS; k++) {
		if (k == STATE_ROOT || k == STATE_FILE_ROOT)
			continue;
		checked_lost(c, k, 0);
		ck_assert(!checked_array(c, k)->incomplete);
	}
}

void checked_says(const struct checked *c, size_t nr, const char *array,
		  enum kho_fault_where where, uint32_t index, uint64_t phys,
		  const char *rule)
{
	const struct checked_fault *seen = &c->faults[nr];

	ck_assert_uint_lt(nr, c->nr);
	ck_assert_str_eq(seen->rule, rule);
	ck_assert_str_eq(seen->array, array);
	ck_assert_int_eq(seen->where, where);
	ck_assert_uint_eq(seen->index, index);
	ck_assert_uint_eq(seen->phys, phys);
	ck_assert_uint_gt(strlen(seen->expected), 0);
}
