/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the generated decoders of pages are made of, and what they need: which
 * slots of the arrays that records refer to hold a record.
 */
#ifndef LUSER_PAGE_H
#define LUSER_PAGE_H

#include <luser/array.h>
#include <luser/check.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LUSER_IS_LITTLE_ENDIAN 1
#else
#define LUSER_IS_LITTLE_ENDIAN 0
#endif

#define LUSER_UNLIKELY(condition) __builtin_expect(condition, 0)
#define LUSER_PAGE_COLD __attribute__((cold, unused))
#define LUSER_PAGE_RUN __attribute__((noinline, unused))
#define LUSER_PAGE_LOOP __attribute__((always_inline, unused)) inline

/* luser_prefetch() - say that bytes are needed soon */
static inline void luser_prefetch(const uint8_t *at)
{
	__builtin_prefetch(at);
}

/**
 * luser_page_ahead() - where to prefetch from while a page is decoded
 * @reader: has a page
 * @at:     a record of it
 *
 * Return: the record in its place in the next page if that is read in place,
 * else @at.
 */
static inline const uint8_t *
luser_page_ahead(const struct luser_array_reader *reader, const uint8_t *at)
{
	return reader->ahead ? reader->ahead + (at - reader->records) : at;
}

/**
 * struct luser_slots - what the slots of an array hold
 * @state: by index; 0 is nothing
 * @nr:    slots in the pages so far
 * @room:  private
 */
struct luser_slots {
	uint8_t *state;
	uint64_t nr;
	uint64_t room;
};

/**
 * luser_slots_add() - take in the slots of one page
 * @slots:  all zero at first; to be given back to luser_slots_free()
 * @reader: has a page; the array's pages come in order
 *
 * A slot in use is 1, and more if the array has a @tag: 1 + its value, at most
 * 255. The slots behind those in use are free.
 *
 * Return: LUSER_OK or LUSER_NOMEM.
 */
enum luser_code luser_slots_add(struct luser_slots *slots,
				const struct luser_array_reader *reader);

/**
 * luser_slots_free() - release the slots
 * @slots: empty afterwards
 */
void luser_slots_free(struct luser_slots *slots);

/**
 * luser_slots_live() - whether there is a record under an index
 * @slots: the array's slots
 * @index: any number
 */
static inline bool luser_slots_live(const struct luser_slots *slots,
				    uint64_t index)
{
	return index < slots->nr && slots->state[index];
}

/**
 * luser_slots_explain() - say what is wrong with a reference
 * @slots: what it refers to
 * @field: the field with the index
 * @at:    bytes of the record that it is in
 * @err:   may be NULL
 *
 * Return: LUSER_OK if it leads to a record, or may lead nowhere and does;
 * LUSER_INVALID.
 */
enum luser_code luser_slots_explain(const struct luser_slots *slots,
				    const struct luser_field *field,
				    const uint8_t *at,
				    struct luser_error *err);

/**
 * typedef luser_broken_record - told of a record that breaks a rule
 * @ctx:   as given to the decoder
 * @index: the record
 * @err:   the rule; its phys is the record's address
 */
typedef void luser_broken_record(void *ctx, uint64_t index,
				 const struct luser_error *err);

/**
 * luser_page_tell() - tell of a record of a page
 * @reader: has the page
 * @i:      its slot in the page
 * @err:    completed with the address
 * @broken: who is told
 * @ctx:    handed to @broken
 */
static inline void luser_page_tell(const struct luser_array_reader *reader,
				   uint32_t i, struct luser_error *err,
				   luser_broken_record *broken, void *ctx)
{
	err->phys = reader->phys + reader->array->header->size +
		    (uint64_t)i * reader->stride;
	broken(ctx, reader->slot + i, err);
}

#ifdef __cplusplus
}
#endif

#endif /* LUSER_PAGE_H */
