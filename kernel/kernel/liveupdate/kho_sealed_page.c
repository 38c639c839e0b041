// SPDX-License-Identifier: GPL-2.0-only

/*
 * Sealed pages: each page as a whole, and its place in the array.
 */

#include <linux/crc32c.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/stddef.h>

#include "kho_sealed_internal.h"

/**
 * kho_sealed_page_crc - The checksum that a page has when it is sealed.
 * @hdr: The page.
 *
 * Return: The checksum, its own four bytes taken as zero.
 */
u32 kho_sealed_page_crc(const struct kho_page_hdr_ser *hdr)
{
	const u32 zero = 0;
	size_t before = offsetof(struct kho_page_hdr_ser, crc);
	size_t behind = offsetofend(struct kho_page_hdr_ser, crc);
	u32 crc = crc32c(~0, hdr, before);

	crc = crc32c(crc, &zero, sizeof(zero));
	return ~crc32c(crc, (const u8 *)hdr + behind, PAGE_SIZE - behind);
}

static bool kho_check_seal(const struct kho_walk *walk,
			   const struct kho_place *place,
			   const struct kho_page_hdr_ser *hdr)
{
	u32 crc;

	if (!(hdr->flags & KHO_PAGE_SEALED)) {
		kho_report(walk, place,
			   offsetof(struct kho_page_hdr_ser, flags),
			   "unsealed", hdr->flags, "a sealed page");
		return false;
	}
	crc = kho_sealed_page_crc(hdr);
	if (crc == hdr->crc)
		return true;
	kho_report_number(walk, place, offsetof(struct kho_page_hdr_ser, crc),
			  "checksum", hdr->crc, "", crc);
	return false;
}

/* Any page but the last must be full, or indices would lie. */
static bool kho_check_count(const struct kho_walk *walk,
			    const struct kho_place *place,
			    const struct kho_page_hdr_ser *hdr)
{
	u32 capacity = walk->array->capacity;
	u32 least = walk->type->min_count;
	const char *relation = "<= ";
	const char *rule = "count";
	u32 limit = capacity;

	if (hdr->nr_used < least) {
		relation = ">= ";
		limit = least;
	} else if (hdr->nr_used <= capacity) {
		if (!walk->type->full || !hdr->next ||
		    hdr->nr_used == capacity)
			return true;
		relation = "";
		rule = "page-not-full";
	}
	kho_report_number(walk, place,
			  offsetof(struct kho_page_hdr_ser, nr_used), rule,
			  hdr->nr_used, relation, limit);
	return false;
}

static void kho_check_page(struct kho_walk *walk, u32 index)
{
	struct kho_sealed_page *page = &walk->array->pages[index];
	struct kho_place place = {
		.where = KHO_FAULT_PAGE,
		.index = index,
		.phys = page->phys,
	};
	bool sound;

	sound = kho_check_rules(walk, &place, walk->type->header, page->hdr,
				sizeof(*page->hdr));
	sound &= kho_check_seal(walk, &place, page->hdr);
	sound &= kho_check_count(walk, &place, page->hdr);
	page->lost = !sound;
}

/*
 * Which pages are not where they should be.
 *
 * A record's number depends on its page's place in the chain. A sound page is
 * proof of where the next one is. Behind a lost page the proof is that the
 * chain has as many pages as the root says.
 *
 * Return: The number of the first such page, or the number of pages.
 */
static u32 kho_first_misplaced(const struct kho_walk *walk)
{
	const struct kho_sealed_array *array = walk->array;
	struct kho_place place = {
		.where = KHO_FAULT_ARRAY,
		.phys = walk->check->root_phys,
	};
	u32 first_lost = array->nr_pages;
	u64 total, used = 0;

	for (u32 i = array->nr_pages; i--;) {
		used += array->pages[i].hdr->nr_used;
		if (array->pages[i].lost)
			first_lost = i;
	}
	if (!walk->ended || !walk->type->total.size)
		return first_lost;
	total = kho_load_field(walk->check->root, &walk->type->total);
	if (first_lost == array->nr_pages) {
		if (used == total)
			return array->nr_pages;
		first_lost = 0;
	} else if (DIV_ROUND_UP_ULL(total, array->capacity) ==
		   array->nr_pages) {
		return array->nr_pages;
	}
	kho_report_number(walk, &place, walk->type->total.offset, "total",
			  total, "", used);
	return first_lost;
}

void kho_check_pages(struct kho_walk *walk)
{
	struct kho_sealed_array *array = walk->array;

	for (u32 i = 0; i < array->nr_pages; i++) {
		kho_check_page(walk, i);
		cond_resched();
	}
	for (u32 i = kho_first_misplaced(walk); i < array->nr_pages; i++)
		array->pages[i].lost = true;
	array->incomplete = !walk->ended;
	for (u32 i = 0; i < array->nr_pages; i++)
		array->incomplete |= array->pages[i].lost;
}
