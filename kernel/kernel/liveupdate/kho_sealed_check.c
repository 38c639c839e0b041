// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: KHO sealed pages
 *
 * Reads arrays of records that an old kernel left in chains of sealed pages,
 * and says which of the records can be believed. The format is described in
 * include/linux/kho/abi/sealed_page.h; what a record is, in the tables that
 * are generated with each ABI that uses it.
 *
 * A check goes through an array four times: along the chain, which gives the
 * table of its pages; through the pages, each as a whole; through the records;
 * and once more for each value that no two records share. Every fault is
 * reported, and costs as little as possible.
 */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kho_sealed_internal.h"

static void kho_check_slot(struct kho_walk *walk, u32 index, u64 phys)
{
	struct kho_sealed_array *array = walk->array;
	const void *at = kho_sealed_slot(array, index);
	struct kho_place place = {
		.where = KHO_FAULT_RECORD,
		.index = index,
		.phys = phys,
	};
	u32 size = min_t(u32, array->stride, walk->type->record->size);

	if (walk->type->zero_is_free && !memchr_inv(at, 0, size))
		return;
	__set_bit(index, kho_check_record(walk, &place, at) ? array->sound :
							      array->damaged);
}

static int kho_check_records(struct kho_walk *walk)
{
	struct kho_sealed_array *array = walk->array;
	u32 nr = array->nr_pages * array->capacity;

	if (!nr)
		return 0;
	array->sound = kvcalloc(BITS_TO_LONGS(nr), sizeof(long),
				KHO_SEALED_GFP);
	array->damaged = kvcalloc(BITS_TO_LONGS(nr), sizeof(long),
				  KHO_SEALED_GFP);
	if (!array->sound || !array->damaged)
		return -ENOMEM;
	array->nr_slots = nr;
	for (u32 i = 0; i < array->nr_pages; i++) {
		const struct kho_sealed_page *page = &array->pages[i];
		u32 used = page->lost ? 0 : page->hdr->nr_used;
		u64 phys = page->phys + sizeof(*page->hdr);

		for (u32 k = 0; k < used; k++)
			kho_check_slot(walk, i * array->capacity + k,
				       phys + (u64)k * array->stride);
		cond_resched();
	}
	return 0;
}

/**
 * kho_sealed_check_array - Check one array of a handover.
 * @check: The check; kho_sealed_check_root() must have succeeded.
 * @type:  What the array should be. The arrays that its records refer to must
 *         have been checked before.
 * @array: What it is. To be released with kho_sealed_release() in any case.
 *
 * Damage is no error: it is reported, and @array says what is left.
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM.
 */
int kho_sealed_check_array(const struct kho_sealed_check *check,
			   const struct kho_sealed_type *type,
			   struct kho_sealed_array *array)
{
	struct kho_walk walk = {
		.check = check,
		.type = type,
		.array = array,
	};
	int err;

	memset(array, 0, sizeof(*array));
	err = kho_follow_chain(&walk, kho_load_field(check->root,
						     &type->first));
	if (err)
		return err;
	kho_check_pages(&walk);
	err = kho_check_records(&walk);
	for (u32 i = 0; !err && i < type->nr_unique; i++)
		err = kho_check_unique(&walk, &type->unique[i]);
	return err;
}
EXPORT_SYMBOL_GPL(kho_sealed_check_array);

/* Check the root itself, of which @check->root is a copy. */
static int kho_check_root_record(struct kho_walk *walk)
{
	const struct kho_place place = {
		.where = KHO_FAULT_RECORD,
		.phys = walk->check->root_phys,
	};
	bool sound = kho_check_record(walk, &place,
				      kho_sealed_slot(walk->array, 0));

	if (walk->refused)
		return -EOPNOTSUPP;
	return sound ? 0 : -EBADMSG;
}

/**
 * kho_sealed_check_root - Check the page with the root of a handover.
 * @check: The check, with ops and ctx.
 * @type:  What the page should be.
 * @phys:  Its physical address.
 * @root:  Receives a copy of the root, @type->record->size bytes. What the old
 *         kernel did not know yet is zero. It must live as long as @check.
 * @array: Receives the page. To be released with kho_sealed_release() in any
 *         case.
 *
 * Context: May sleep.
 * Return: 0, -ENOMEM, -EBADMSG if the root is damaged, -EOPNOTSUPP if it is
 * one that this kernel does not understand. Damage was reported.
 */
int kho_sealed_check_root(struct kho_sealed_check *check,
			  const struct kho_sealed_type *type, u64 phys,
			  void *root, struct kho_sealed_array *array)
{
	struct kho_walk walk = {
		.check = check,
		.type = type,
		.array = array,
	};
	const struct kho_place nowhere = { .where = KHO_FAULT_PAGE };
	u32 size = type->record->size;
	int err;

	memset(array, 0, sizeof(*array));
	memset(root, 0, size);
	if (!phys) {
		kho_report(&walk, &nowhere, 0, "unreadable", phys,
			   "the address of a page");
		return -EBADMSG;
	}
	err = kho_follow_chain(&walk, phys);
	if (err)
		return err;
	kho_check_pages(&walk);
	if (array->incomplete || !array->nr_pages)
		return -EBADMSG;
	memcpy(root, kho_sealed_slot(array, 0), min(size, array->stride));
	check->root = root;
	check->root_hdr = array->pages[0].hdr;
	check->root_phys = phys + sizeof(*check->root_hdr);
	return kho_check_root_record(&walk);
}
EXPORT_SYMBOL_GPL(kho_sealed_check_root);

/**
 * kho_sealed_release - Give back what belongs to an array.
 * @array: The array. It is left without records.
 *
 * The pages themselves are not touched.
 */
void kho_sealed_release(struct kho_sealed_array *array)
{
	kvfree(array->pages);
	kvfree(array->sound);
	kvfree(array->damaged);
	memset(array, 0, sizeof(*array));
}
EXPORT_SYMBOL_GPL(kho_sealed_release);
