/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * IOMMU state as a program has it, to be encoded and compared with what comes
 * back.
 */
#ifndef MODEL_H
#define MODEL_H

#include <luser/array.h>

#include "handover.h"

enum { MODEL_IOMMUS, MODEL_DOMAINS, MODEL_DEVICES, MODEL_ARRAYS };

/* The order of blocks of tables. */
#define MODEL_TABLES 6

struct model;

/**
 * struct model_record - the records of one array
 * @array: what they are in memory
 * @size:  bytes of the host struct
 * @fill:  make up record @i
 * @pack:  to memory
 * @decode: from memory
 */
struct model_record {
	const struct luser_array *array;
	size_t size;
	void (*fill)(const struct model *m, uint64_t i, void *host);
	void (*pack)(const struct model *m, uint64_t i, const void *host,
		     uint8_t *at);
	enum luser_code (*decode)(const struct model *m, uint64_t i,
				  const void *buf, size_t len,
				  const struct luser_env *env, void *host,
				  struct luser_error *err);
};

/**
 * struct model - one version's state
 * @abi:     the version
 * @records: its arrays
 * @fill_root: what the root says beside the arrays; may be NULL
 * @count:   slots in each array
 * @hosts:   the records as the program has them
 * @phys:    where each of them is
 * @pages:   preserved pages to point at
 * @tables:  blocks of more of them, for what must differ
 * @root:    where the root is
 */
struct model {
	const struct luser_abi *abi;
	struct model_record records[MODEL_ARRAYS];
	void (*fill_root)(const struct model *m, uint8_t *at);
	uint64_t count[MODEL_ARRAYS];
	uint8_t *hosts[MODEL_ARRAYS];
	uint64_t *phys[MODEL_ARRAYS];
	uint64_t pages[8];
	uint64_t tables[16];
	uint32_t page_size;
	struct luser_encoded_root root;
};

/* The three versions, as yet without records. */
struct model model_iommu_v1(void);
struct model model_iommu_liveupdate_1(void);
struct model model_iommu_v2(void);

/* Whether slot @i is free or deleted: one in a hundred. */
static inline bool model_is_free(uint64_t i)
{
	return i % 100 == 50;
}

/* A record of another array for record @i to refer to, never a free one. */
static inline uint64_t model_pick(const struct model *m, int array, uint64_t i)
{
	uint64_t index = i * 7919 % m->count[array];

	return model_is_free(index) ? index - 1 : index;
}

/* How many devices refer to IOMMU @i. */
static inline uint32_t model_users(const struct model *m, uint64_t i)
{
	uint32_t users = 0;

	for (uint64_t k = 0; k < m->count[MODEL_DEVICES]; k++)
		users += !model_is_free(k) &&
			 model_pick(m, MODEL_IOMMUS, k) == i;
	return users;
}

/* A preserved page. */
static inline uint64_t model_page(const struct model *m, uint64_t i)
{
	return m->pages[i % (sizeof(m->pages) / sizeof(m->pages[0]))];
}

/* A preserved page of its own for each of a thousand records. */
static inline uint64_t model_table(const struct model *m, uint64_t i)
{
	return m->tables[i >> MODEL_TABLES] +
	       (i & ((1 << MODEL_TABLES) - 1)) * m->page_size;
}

/* Makes up all records and encodes them as an FLB of the handover. */
void model_encode(struct model *m, struct handover *h, uint64_t iommus,
		  uint64_t domains, uint64_t devices);

/* Decodes the records and compares them. */
void model_compare(const struct model *m, struct luser_mem *mem);

void model_free(struct model *m);

#endif /* MODEL_H */
