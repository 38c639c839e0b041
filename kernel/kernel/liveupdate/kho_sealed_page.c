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

#include <linux/align.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/crc32c.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kho_sealed_page.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/sprintf.h>
#include <linux/stddef.h>
#include <linux/string.h>

/* A size that damage made up is no reason to warn. */
#define KHO_SEALED_GFP	(GFP_KERNEL | __GFP_NOWARN)

/* Pages that a table has room for at first. */
#define KHO_SEALED_TABLE	8

/**
 * struct kho_walk - An array that is being checked.
 * @check:   What it belongs to.
 * @type:    What it should be.
 * @array:   What it is.
 * @ended:   The chain ended where its last page says so.
 * @refused: A rule is broken that gives the rest another meaning.
 */
struct kho_walk {
	const struct kho_sealed_check *check;
	const struct kho_sealed_type *type;
	struct kho_sealed_array *array;
	bool ended;
	bool refused;
};

/**
 * struct kho_place - Where in an array something is.
 * @where: What it is.
 * @index: Its number.
 * @phys:  Its physical address.
 */
struct kho_place {
	enum kho_fault_where where;
	u32 index;
	u64 phys;
};

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

/* Live update is for little-endian machines only. */
static u64 kho_load(const void *at, size_t size)
{
	u64 value = 0;

	memcpy(&value, at, min(size, sizeof(value)));
	return value;
}

static u64 kho_load_field(const void *at, const struct kho_sealed_field *field)
{
	return kho_load(at + field->offset, field->size);
}

/* Report a fault at @offset of @place. */
static void kho_report(const struct kho_walk *walk,
		       const struct kho_place *place, size_t offset,
		       const char *rule, u64 found, const char *expected)
{
	struct kho_fault fault = {
		.array = walk->type->name,
		.where = place->where,
		.index = place->index,
		.phys = place->phys + offset,
		.rule = rule,
		.found = found,
		.expected = expected,
	};

	walk->check->ops->report(walk->check->ctx, &fault);
}

static void kho_report_number(const struct kho_walk *walk,
			      const struct kho_place *place, size_t offset,
			      const char *rule, u64 found, const char *relation,
			      u64 number)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "%s%#llx", relation,
		 (unsigned long long)number);
	kho_report(walk, place, offset, rule, found, expected);
}

/*
 * The chain.
 */

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
static int kho_follow_chain(struct kho_walk *walk, u64 phys)
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

/*
 * Structs.
 */

/* Test the rules of @type on what is at @place, @size bytes of which exist. */
static bool kho_check_rules(struct kho_walk *walk,
			    const struct kho_place *place,
			    const struct kho_sealed_struct *type,
			    const void *at, u32 size)
{
	u64 broken = type->nr_rules ? type->broken(at, walk->check->root) : 0;
	bool sound = true;

	for (u32 i = 0; i < type->nr_rules; i++) {
		const struct kho_sealed_rule *rule = &type->rules[i];

		if (!(broken & BIT_ULL(i)) || rule->since > size)
			continue;
		kho_report(walk, place, rule->offset, rule->name,
			   kho_load(at + rule->offset, rule->size),
			   rule->that);
		walk->refused |= rule->refuse;
		sound = false;
	}
	return sound;
}

static bool kho_check_memory(const struct kho_walk *walk,
			     const struct kho_place *place,
			     const struct kho_sealed_struct *type,
			     const void *at, u32 size)
{
	const struct kho_sealed_check *check = walk->check;
	bool sound = true;

	for (u32 i = 0; i < type->nr_memory; i++) {
		const struct kho_sealed_memory *memory = &type->memory[i];
		u64 phys = kho_load(at + memory->offset, sizeof(phys));

		if (!phys || memory->since > size ||
		    check->ops->preserved(check->ctx, phys, memory->size))
			continue;
		kho_report(walk, place, memory->offset, "not-preserved", phys,
			   "preserved memory");
		sound = false;
	}
	return sound;
}

/* What is wrong with a reference, or NULL. */
static const char *kho_bad_index(const struct kho_sealed_array *target,
				 u32 index)
{
	if (index >= target->nr_slots)
		return "no-such-record";
	if (test_bit(index, target->sound))
		return NULL;
	if (test_bit(index, target->damaged) ||
	    target->pages[index / target->capacity].lost)
		return "unsound-record";
	return "empty-record";
}

static bool kho_check_indices(const struct kho_walk *walk,
			      const struct kho_place *place,
			      const struct kho_sealed_struct *type,
			      const void *at, u32 size)
{
	bool sound = true;

	for (u32 i = 0; i < type->nr_indices; i++) {
		const struct kho_sealed_index *index = &type->indices[i];
		u32 to = kho_load(at + index->offset, sizeof(to));
		const char *rule;

		if (index->since > size ||
		    (index->nullable && to == index->none))
			continue;
		rule = kho_bad_index(walk->check->targets[index->target], to);
		if (!rule)
			continue;
		kho_report(walk, place, index->offset, rule, to,
			   index->expected);
		sound = false;
	}
	return sound;
}

/* A struct that is shorter than this kernel knows reads as if zeros followed. */
static bool kho_check_struct(struct kho_walk *walk,
			     const struct kho_place *place,
			     const struct kho_sealed_struct *type,
			     const void *at, u32 size)
{
	u64 wide[KHO_SEALED_MAX_STRUCT / sizeof(u64)];
	bool sound;

	if (size < type->size) {
		memset(wide, 0, sizeof(wide));
		memcpy(wide, at, size);
		at = wide;
	}
	sound = kho_check_rules(walk, place, type, at, size);
	sound &= kho_check_memory(walk, place, type, at, size);
	sound &= kho_check_indices(walk, place, type, at, size);
	return sound;
}

static const struct kho_sealed_struct *
kho_section_type(const struct kho_sealed_section *section, const void *at)
{
	u64 tag = kho_load_field(at, &section->tag);

	for (u32 i = 0; i < section->nr_arms; i++)
		if (section->arms[i].tag == tag)
			return section->arms[i].type;
	return NULL;
}

static bool kho_check_section(struct kho_walk *walk,
			      const struct kho_place *place,
			      const struct kho_sealed_section *section,
			      const void *at)
{
	const struct kho_sealed_struct *type = kho_section_type(section, at);
	u64 offset = kho_load_field(at, &section->offset);
	u64 size = kho_load_field(at, &section->size);
	u32 stride = walk->array->stride;
	struct kho_place inside = *place;

	if (offset < section->first || !IS_ALIGNED(offset, sizeof(u64)) ||
	    offset > stride || size > stride - offset ||
	    size < (type ? type->min_size : 0)) {
		kho_report(walk, place, section->offset.offset, "section",
			   offset, "a section inside of its record");
		return false;
	}
	if (!type)
		return true;
	inside.phys += offset;
	return kho_check_struct(walk, &inside, type, at + offset, size);
}

static bool kho_check_record(struct kho_walk *walk,
			     const struct kho_place *place, const void *at)
{
	const struct kho_sealed_struct *type = walk->type->record;
	u32 stride = walk->array->stride;
	bool sound = kho_check_struct(walk, place, type, at, stride);

	for (u32 i = 0; i < type->nr_sections; i++)
		if (type->sections[i].since <= stride)
			sound &= kho_check_section(walk, place,
						   &type->sections[i], at);
	return sound;
}

/*
 * Pages.
 */

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

static void kho_check_pages(struct kho_walk *walk)
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

/*
 * Records.
 */

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

/*
 * What no two records share.
 */

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

static int kho_check_unique(const struct kho_walk *walk,
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
