// SPDX-License-Identifier: GPL-2.0-only

/*
 * Sealed pages: what no two records of an array share.
 */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "kho_sealed_internal.h"

/**
 * struct kho_key - A record's value that no other record has.
 * @key:   The value.
 * @same:  What makes another record with it acceptable.
 * @index: The record.
 */
struct kho_key {
	u64 key;
	u64 same;
	u32 index;
};

static int kho_compare_keys(const void *a, const void *b)
{
	const struct kho_key *x = a, *y = b;

	return cmp_int(x->key, y->key) ?: cmp_int(x->index, y->index);
}

static u32 kho_take_keys(const struct kho_walk *walk,
			 const struct kho_sealed_unique *unique,
			 struct kho_key *keys)
{
	const struct kho_sealed_array *array = walk->array;
	u32 nr = 0;
	u32 i;

	for_each_or_bit(i, array->sound, array->damaged, array->nr_slots) {
		const void *at = kho_sealed_slot(array, i);

		keys[nr++] = (struct kho_key){
			.key = unique->key(at),
			.same = unique->same ? unique->same(at) : i,
			.index = i,
		};
	}
	return nr;
}

static void kho_drop_records(const struct kho_walk *walk,
			     const struct kho_sealed_unique *unique,
			     const struct kho_key *keys, u32 nr)
{
	struct kho_sealed_array *array = walk->array;

	for (u32 i = 0; i < nr; i++) {
		u32 index = keys[i].index;
		u32 page = index / array->capacity;
		struct kho_place place = {
			.where = KHO_FAULT_RECORD,
			.index = index,
			.phys = array->pages[page].phys +
				sizeof(struct kho_page_hdr_ser) +
				(u64)(index % array->capacity) * array->stride,
		};

		kho_report(walk, &place, 0, unique->name, keys[i].key,
			   unique->that);
		__clear_bit(index, array->sound);
		__set_bit(index, array->damaged);
	}
}

/* Nobody can tell which one of several is right. */
static void kho_check_keys(const struct kho_walk *walk,
			   const struct kho_sealed_unique *unique,
			   const struct kho_key *keys, u32 nr)
{
	u32 end;

	for (u32 i = 0; i < nr; i = end) {
		bool same = true;

		for (end = i; end < nr && keys[end].key == keys[i].key; end++)
			same &= keys[end].same == keys[i].same;
		if (!same)
			kho_drop_records(walk, unique, &keys[i], end - i);
	}
}

int kho_check_unique(const struct kho_walk *walk,
		     const struct kho_sealed_unique *unique)
{
	const struct kho_sealed_array *array = walk->array;
	struct kho_key *keys;
	u32 nr;

	nr = bitmap_weight(array->sound, array->nr_slots) +
	     bitmap_weight(array->damaged, array->nr_slots);
	if (nr < 2)
		return 0;
	keys = kvcalloc(nr, sizeof(*keys), KHO_SEALED_GFP);
	if (!keys)
		return -ENOMEM;
	nr = kho_take_keys(walk, unique, keys);
	sort_nonatomic(keys, nr, sizeof(*keys), kho_compare_keys, NULL);
	kho_check_keys(walk, unique, keys, nr);
	kvfree(keys);
	return 0;
}
