// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Devices of iommu-v2 read and written by code that knows nothing else, with
 * every check that the schema asks for.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <luser/le.h>

#include "yardstick.h"

#define PAGE BENCH_PAGE_SIZE
#define HEADER 40
#define RECORD 48
#define CAPACITY ((PAGE - HEADER) / RECORD)
#define MAGIC 0x324d4f49
#define DEVICES 4
#define WRONG UINT64_MAX

/* The map of preserved memory: bits of a key, with pages of 4 KiB. */
#define LEAF_BITS 15
#define TABLE_BITS 9
#define ORDER_BIT 52

static const uint8_t *page_at(const struct hand *hand, uint64_t phys)
{
	uint64_t offset = phys - hand->base;

	if (phys % PAGE || phys < hand->base || offset >= hand->size)
		return NULL;
	return hand->memory + offset;
}

/* Records of the page, or 0 if its header is wrong. */
static uint32_t check_header(const struct hand *hand, const uint8_t *page)
{
	uint64_t start = luser_le64(page);
	uint32_t used = luser_le32(page + 12);
	uint32_t flags = luser_le32(page + 32);

	if (start != (MAGIC | UINT64_C(1) << 32 | (uint64_t)DEVICES << 48) ||
	    luser_le32(page + 8) != RECORD || !used || used > CAPACITY ||
	    luser_le64(page + 24) != hand->handover || flags & ~1u)
		return 0;
	if (!(flags & 1) && luser_le32(page + 36))
		return 0;
	return used;
}

static bool is_live(const uint8_t *slots, uint64_t nr, uint32_t index)
{
	return index < nr && slots[index];
}

/* A record's fields in words: those that must be, as the bits that differ. */
static inline bool decode_record(const struct hand *hand, const uint8_t *at,
				 bool scalable,
				 struct luser_iommu_v2_device *out)
{
	uint64_t refs = luser_le64(at), name = luser_le64(at + 8);
	uint64_t id = luser_le64(at + 16), section = luser_le64(at + 24);
	uint64_t dir = luser_le64(at + 32), pasids = luser_le64(at + 40);
	uint64_t wrong = (name >> 48 ^ 1) |
			 (id >> 16 ^ UINT64_C(0x002000010000)) |
			 (section ^ 16) | (dir & (PAGE - 1)) | pasids >> 32;

	wrong |= scalable ? !dir | !pasids : dir | pasids;
	if (__builtin_expect(wrong || !is_live(hand->domains, hand->nr_domains,
					       (uint32_t)refs) ||
			     !is_live(hand->iommus, hand->nr_iommus,
				      (uint32_t)(refs >> 32)), 0))
		return false;
	memcpy(out, at, RECORD);
	return true;
}

static inline bool decode_page(const struct hand *hand, const uint8_t *at,
			       const uint8_t *next, uint32_t used,
			       bool scalable, struct luser_iommu_v2_device *out)
{
	for (uint32_t i = 0; i < used; i++) {
		__builtin_prefetch(next + i * RECORD);
		if (!decode_record(hand, at + i * RECORD, scalable, &out[i]))
			return false;
	}
	return true;
}

static bool decode(const struct hand *hand, const uint8_t *at,
		   const uint8_t *next, uint32_t used,
		   struct luser_iommu_v2_device *out)
{
	switch (hand->mode) {
	case LUSER_IOMMU_V2_MODE_LEGACY:
		return decode_page(hand, at, next, used, false, out);
	case LUSER_IOMMU_V2_MODE_SCALABLE:
		return decode_page(hand, at, next, used, true, out);
	default:
		return false;
	}
}

uint64_t hand_decode(const struct hand *hand)
{
	static _Alignas(64) struct luser_iommu_v2_device out[CAPACITY];
	uint64_t phys = hand->first, total = 0;
	/* No chain has more pages than there is memory. */
	uint64_t left = hand->size / PAGE;

	while (phys) {
		const uint8_t *page = page_at(hand, phys), *next;
		uint32_t used = page && left-- ? check_header(hand, page) : 0;

		if (!used)
			return WRONG;
		phys = luser_le64(page + 16);
		next = phys ? page_at(hand, phys) : page;
		if (!next || (phys && used != CAPACITY) ||
		    !decode(hand, page + HEADER, next + HEADER, used, out))
			return WRONG;
		total += bench_total(out, used);
	}
	return total;
}

static void encode_record(const struct luser_iommu_v2_device *in, uint8_t *at)
{
	luser_set_le64(at, in->domain | (uint64_t)in->iommu << 32);
	luser_set_le64(at + 8, in->segment | (uint64_t)in->bdf << 32 |
				       (uint64_t)in->flags << 48);
	luser_set_le64(at + 16, in->domain_id |
					(uint64_t)in->driver_type << 32 |
					(uint64_t)in->driver_offset << 48);
	luser_set_le64(at + 24, in->driver_size);
	luser_set_le64(at + 32, in->driver.intel.pasid_dir);
	luser_set_le64(at + 40, in->driver.intel.max_pasid);
}

static void encode_header(uint8_t *page, uint32_t used, uint64_t next,
			  uint64_t handover)
{
	luser_set_le64(page,
		       MAGIC | UINT64_C(1) << 32 | (uint64_t)DEVICES << 48);
	luser_set_le64(page + 8, RECORD | (uint64_t)used << 32);
	luser_set_le64(page + 16, next);
	luser_set_le64(page + 24, handover);
	luser_set_le64(page + 32, 0);
}

void hand_encode(uint8_t *const *pages, const uint64_t *phys,
		 uint64_t handover, const struct luser_iommu_v2_device *devices,
		 uint32_t nr)
{
	for (uint32_t i = 0; nr; i++) {
		uint32_t used = nr < CAPACITY ? nr : CAPACITY;

		nr -= used;
		encode_header(pages[i], used, nr ? phys[i + 1] : 0, handover);
		for (uint32_t k = 0; k < used; k++)
			encode_record(devices++,
				      pages[i] + HEADER + k * RECORD);
	}
}

/* Keys are written by the other side, who must not know where they go. */
static uint64_t start(const struct hand_index *index, uint64_t key)
{
	unsigned __int128 product = (unsigned __int128)key * index->factor;

	return (uint64_t)(product ^ product >> 64) & index->mask;
}

bool hand_index_build(struct hand_index *index,
		      const struct luser_iommu_v2_device *devices, uint32_t nr)
{
	uint64_t room = 64;

	while (room < UINT64_C(2) * nr)
		room *= 2;
	index->mask = room - 1;
	if (getentropy(&index->factor, sizeof(index->factor)))
		return false;
	index->factor |= 1;
	index->entries = calloc(room, sizeof(*index->entries));
	for (uint32_t i = 0; index->entries && i < nr; i++) {
		uint64_t key = (uint64_t)devices[i].segment << 16 |
			       devices[i].bdf;
		uint64_t at = start(index, key);

		while (index->entries[at][1] && index->entries[at][0] != key)
			at = (at + 1) & index->mask;
		index->entries[at][0] = key;
		index->entries[at][1] = i + UINT64_C(1);
	}
	return index->entries;
}

uint64_t hand_find_all(const struct hand_index *index, const uint64_t *keys,
		       uint32_t nr)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < nr; i++) {
		uint64_t at = start(index, keys[i]);

		while (index->entries[at][1] &&
		       index->entries[at][0] != keys[i])
			at = (at + 1) & index->mask;
		total += index->entries[at][1];
	}
	return total;
}

/**
 * struct hand_map - ranges of pages being gathered
 * @ranges, @nr, @room: first page, and the one behind the last
 * @pages:    in them
 * @next:     the page behind the last leaf
 * @start, @in_range: of the range that has not ended yet
 */
struct hand_map {
	uint64_t (*ranges)[2];
	uint64_t nr;
	uint64_t room;
	uint64_t pages;
	uint64_t next;
	uint64_t start;
	bool in_range;
};

static bool put_range(struct hand_map *map, uint64_t end)
{
	uint64_t room = map->room ? map->room * 2 : 64;

	if (map->nr == map->room) {
		void *v = reallocarray(map->ranges, room, sizeof(*map->ranges));

		if (!v)
			return false;
		map->ranges = v;
		map->room = room;
	}
	map->ranges[map->nr][0] = map->start;
	map->ranges[map->nr++][1] = end;
	map->pages += end - map->start;
	return true;
}

/*
 * A range begins or ends where a bit differs from the one before it. Which words
 * have such bits is asked for many at once, as no branch predicts it.
 */
static uint64_t find_edges(const uint8_t *words, bool in_range,
			   uint64_t edges[64])
{
	uint64_t before = in_range, any = 0;

	for (uint32_t i = 0; i < 64; i++) {
		uint64_t word = luser_le64(words + i * 8);

		edges[i] = word ^ (word << 1 | before);
		before = word >> 63;
		any |= (uint64_t)(edges[i] != 0) << i;
	}
	return any;
}

static bool take_edges(struct hand_map *map, uint64_t edges, uint64_t first)
{
	for (; edges; edges &= edges - 1) {
		uint64_t at = first + (uint64_t)__builtin_ctzll(edges);

		if (map->in_range && !put_range(map, at))
			return false;
		map->start = at;
		map->in_range = !map->in_range;
	}
	return true;
}

static bool take_leaf(struct hand_map *map, const uint8_t *leaf, uint64_t first)
{
	uint64_t edges[64];

	if (map->in_range && first != map->next) {
		if (!put_range(map, map->next))
			return false;
		map->in_range = false;
	}
	map->next = first + PAGE * UINT64_C(8);
	for (uint32_t at = 0; at < PAGE; at += sizeof(edges)) {
		uint64_t any = find_edges(leaf + at, map->in_range, edges);

		for (; any; any &= any - 1) {
			uint64_t i = (uint64_t)__builtin_ctzll(any);

			if (!take_edges(map, edges[i],
					first + at * UINT64_C(8) + i * 64))
				return false;
		}
	}
	return true;
}

/* @key: what the keys below have in common; only pages are expected. */
static bool climb(const struct hand *hand, uint64_t phys, unsigned int level,
		  uint64_t key, struct hand_map *map)
{
	const uint8_t *page = page_at(hand, phys);
	unsigned int shift = LEAF_BITS + (level - 1) * TABLE_BITS;

	if (!page)
		return false;
	if (!level)
		return key >> ORDER_BIT == 1 &&
		       take_leaf(map, page, key ^ UINT64_C(1) << ORDER_BIT);
	for (uint64_t i = 0; i < PAGE / 8; i++) {
		uint64_t child = luser_le64(page + i * 8);

		if (child && !climb(hand, child, level - 1, key | i << shift,
				    map))
			return false;
	}
	return true;
}

uint64_t hand_map(const struct hand *hand, uint64_t root, unsigned int levels)
{
	struct hand_map map = { 0 };
	uint64_t found = 0;

	if (climb(hand, root, levels - 1, 0, &map) &&
	    (!map.in_range || put_range(&map, map.next)))
		found = map.pages + map.nr;
	free(map.ranges);
	return found;
}
