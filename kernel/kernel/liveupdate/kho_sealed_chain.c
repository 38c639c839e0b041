// SPDX-License-Identifier: GPL-2.0-only

/*
 * Sealed pages: following the chain of an array.
 */

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stddef.h>

#include "kho_sealed_internal.h"

/* Pages that a table has room for at first. */
#define KHO_SEALED_TABLE	8

static bool kho_page_is_expected(const struct kho_walk *walk,
				 const struct kho_place *place,
				 const struct kho_page_hdr_ser *hdr)
{
	bool sound = true;

	for (u32 i = 0; i < walk->type->nr_expect; i++) {
		const struct kho_sealed_expect *expect =
			&walk->type->expect[i];
		u64 found = kho_load_field(hdr, &expect->field);

		if (found == expect->value)
			continue;
		kho_report_number(walk, place, expect->field.offset,
				  expect->field.name, found, "",
				  expect->value);
		sound = false;
	}
	return sound;
}

static bool kho_page_is_same(const struct kho_walk *walk,
			     const struct kho_place *place,
			     const struct kho_page_hdr_ser *hdr)
{
	bool sound = true;

	for (u32 i = 0; i < walk->type->nr_same; i++) {
		const struct kho_sealed_field *field = &walk->type->same[i];
		u64 found = kho_load_field(hdr, field);
		u64 root = kho_load_field(walk->check->root_hdr, field);

		if (found == root)
			continue;
		kho_report_number(walk, place, field->offset, field->name,
				  found, "", root);
		sound = false;
	}
	return sound;
}

/* The record size is the first page's; the others must agree with it. */
static bool kho_take_stride(const struct kho_walk *walk,
			    const struct kho_place *place,
			    const struct kho_page_hdr_ser *hdr)
{
	struct kho_sealed_array *array = walk->array;
	u32 least = walk->type->record->min_size;
	u32 room = PAGE_SIZE - sizeof(*hdr);
	const char *relation = "";
	u32 limit = array->stride;

	if (!array->nr_pages && hdr->record_size < least) {
		relation = ">= ";
		limit = least;
	} else if (!array->nr_pages && hdr->record_size > room) {
		relation = "<= ";
		limit = room;
	} else if (!array->nr_pages) {
		array->stride = hdr->record_size;
		array->capacity = room / array->stride;
		return true;
	} else if (hdr->record_size == array->stride) {
		return true;
	}
	kho_report_number(walk, place,
			  offsetof(struct kho_page_hdr_ser, record_size),
			  "record-size", hdr->record_size, relation, limit);
	return false;
}

/* The page at @place, NULL if it is none, or not one of this array. */
static const struct kho_page_hdr_ser *
kho_open_page(const struct kho_walk *walk, const struct kho_place *place)
{
	const struct kho_sealed_check *check = walk->check;
	const struct kho_page_hdr_ser *hdr;

	if (!IS_ALIGNED(place->phys, PAGE_SIZE)) {
		kho_report(walk, place, 0, "page-alignment", place->phys,
			   "a multiple of the page size");
		return NULL;
	}
	if (place->index >= walk->type->max_pages) {
		kho_report_number(walk, place, 0, "chain-length", place->phys,
				  "pages <= ", walk->type->max_pages);
		return NULL;
	}
	if (!check->ops->preserved(check->ctx, place->phys, PAGE_SIZE)) {
		kho_report(walk, place, 0, "not-preserved", place->phys,
			   "preserved memory");
		return NULL;
	}
	hdr = check->ops->map(check->ctx, place->phys, PAGE_SIZE);
	if (!hdr) {
		kho_report(walk, place, 0, "unreadable", place->phys,
			   "a page in memory");
		return NULL;
	}
	if (!kho_page_is_expected(walk, place, hdr) ||
	    !kho_take_stride(walk, place, hdr) ||
	    !kho_page_is_same(walk, place, hdr))
		return NULL;
	return hdr;
}

/* The table has room for a power of two of pages. */
static int kho_add_page(struct kho_sealed_array *array,
			const struct kho_page_hdr_ser *hdr, u64 phys)
{
	struct kho_sealed_page *pages = array->pages;
	u32 room = KHO_SEALED_TABLE;

	if (array->nr_pages >= room)
		room = roundup_pow_of_two(array->nr_pages);
	if (!pages || array->nr_pages == room) {
		room = pages ? 2 * room : room;
		pages = kvrealloc(pages, room * sizeof(*pages), KHO_SEALED_GFP);
		if (!pages)
			return -ENOMEM;
		array->pages = pages;
	}
	pages[array->nr_pages++] = (struct kho_sealed_page){
		.hdr = hdr,
		.phys = phys,
	};
	return 0;
}

/*
 * Whether the chain goes back to a page that it had, which is @phys or came
 * before it. If so, the table is left with the pages up to the first return.
 */
static bool kho_cut_loop(struct kho_sealed_array *array, u64 *phys)
{
	const struct kho_sealed_page *pages = array->pages;
	u32 last = array->nr_pages;
	u32 first = 0;
	u32 period;

	while (last && pages[last - 1].phys != *phys)
		last--;
	if (!last--)
		return false;
	period = array->nr_pages - last;
	while (first < last && pages[first].phys != pages[first + period].phys)
		first++;
	*phys = pages[first].phys;
	array->nr_pages = first + period;
	return true;
}

/* Looking for a loop now and then finds it soon enough. */
static bool kho_may_loop(const struct kho_walk *walk)
{
	u32 nr = walk->array->nr_pages;

	return nr && (is_power_of_2(nr) || nr == walk->type->max_pages);
}

/* Follow the chain. Where it breaks is an end, too. */
int kho_follow_chain(struct kho_walk *walk, u64 phys)
{
	struct kho_sealed_array *array = walk->array;
	struct kho_place place = { .where = KHO_FAULT_PAGE };
	const struct kho_page_hdr_ser *hdr;
	int err;

	for (; phys; phys = hdr->next) {
		place.phys = phys;
		if (kho_may_loop(walk) && kho_cut_loop(array, &place.phys)) {
			place.index = array->nr_pages;
			kho_report(walk, &place, 0, "read-twice", place.phys,
				   "a page that was not read before");
			return 0;
		}
		place.index = array->nr_pages;
		hdr = kho_open_page(walk, &place);
		if (!hdr)
			return 0;
		err = kho_add_page(array, hdr, phys);
		if (err)
			return err;
		cond_resched();
	}
	walk->ended = true;
	return 0;
}
