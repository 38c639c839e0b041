/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Finding records by what they are known by: a table of numbers by number, for
 * example of slots by segment and BDF.
 */
#ifndef LUSER_INDEX_H
#define LUSER_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include <luser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct luser_index_entry - what an index has under one key
 * @key:   any number
 * @value: the user's; 0 is nothing
 */
struct luser_index_entry {
	uint64_t key;
	uint64_t value;
};

/**
 * struct luser_index - entries by key
 * @entries: all zero at first, to be given back to luser_index_free()
 * @room:    a power of two of them, or 0
 * @nr:      those that are taken, half of them at most, and fewer while they
 *           are few
 * @factor:  private; drawn at random, so that nobody who writes keys can make
 *           them slow to find
 */
struct luser_index {
	struct luser_index_entry *entries;
	uint64_t room;
	uint64_t nr;
	uint64_t factor;
};

/**
 * luser_index_start() - where the search for a key begins; @index has entries
 */
static inline uint64_t luser_index_start(const struct luser_index *index,
					 uint64_t key)
{
	/* What lies high in a key comes down with the upper half. */
	__extension__ unsigned __int128 product = key;

	product *= index->factor;
	return (uint64_t)(product ^ product >> 64) & (index->room - 1);
}

/**
 * luser_index_expect() - a key will be looked up soon: fetch its entry
 * @index: may be empty
 * @key:   any number
 */
static inline void luser_index_expect(const struct luser_index *index,
				      uint64_t key)
{
	if (index->room)
		__builtin_prefetch(
			&index->entries[luser_index_start(index, key)]);
}

/* Where a key is, or would be; @index has entries. */
static inline struct luser_index_entry *
luser_index_search(const struct luser_index *index, uint64_t key)
{
	uint64_t i = luser_index_start(index, key);

	while (index->entries[i].value && index->entries[i].key != key)
		i = (i + 1) & (index->room - 1);
	return &index->entries[i];
}

/**
 * luser_index_find() - what is under a key
 * @index: may be empty
 * @key:   any number
 *
 * Return: its value, or 0.
 */
static inline uint64_t luser_index_find(const struct luser_index *index,
					uint64_t key)
{
	return index->room ? luser_index_search(index, key)->value : 0;
}

/**
 * luser_index_reserve() - make room at once
 * @index: all zero, or one that is in use
 * @nr:    keys in all; more may still be added
 *
 * Return: LUSER_OK or LUSER_NOMEM.
 */
enum luser_code luser_index_reserve(struct luser_index *index, uint64_t nr);

/**
 * luser_index_at() - the entry of a key, made if it is not there
 * @index: all zero, or one that is in use
 * @key:   any number
 *
 * The value of a new one is 0; the caller must set it to something else.
 *
 * Return: the entry, valid until the next one is made; NULL without memory.
 */
static inline struct luser_index_entry *
luser_index_at(struct luser_index *index, uint64_t key)
{
	struct luser_index_entry *entry;

	if (index->nr >= index->room / 2 &&
	    luser_index_reserve(index, index->nr + 1) != LUSER_OK)
		return NULL;
	entry = luser_index_search(index, key);
	index->nr += !entry->value;
	entry->key = key;
	return entry;
}

/**
 * luser_index_free() - release an index
 * @index: empty afterwards
 */
void luser_index_free(struct luser_index *index);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_INDEX_H */
