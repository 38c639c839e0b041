// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Some versions have a mark for it; in the others zeros are free. */
static bool zeros_are_free(const struct luser_struct *type)
{
	static const uint8_t zeros[256];

	ck_assert_uint_le(type->size, sizeof(zeros));
	return luser_record_empty(type, zeros, type->size);
}

static void add_record(struct model *m, int k, uint64_t i,
		       struct luser_array_writer *writer)
{
	const struct model_record *record = &m->records[k];
	void *host = m->hosts[k] + i * record->size;
	struct luser_slot slot;

	if (model_is_free(i) && zeros_are_free(writer->array->record)) {
		ck_assert_int_eq(luser_array_add_free(writer, NULL), LUSER_OK);
		return;
	}
	record->fill(m, i, host);
	ck_assert_int_eq(luser_array_add(writer, &slot, NULL), LUSER_OK);
	ck_assert_uint_eq(slot.index, i);
	record->pack(m, i, host, slot.at);
	m->phys[k][i] = slot.phys;
}

static void add_array(struct model *m, struct handover *h, int k)
{
	struct luser_array_writer writer;

	m->hosts[k] = calloc(m->count[k], m->records[k].size);
	m->phys[k] = calloc(m->count[k], sizeof(*m->phys[k]));
	ck_assert_ptr_nonnull(m->hosts[k]);
	ck_assert_ptr_nonnull(m->phys[k]);
	luser_array_begin(&writer, h->image, m->records[k].array,
			  m->root.header, 0);
	for (uint64_t i = 0; i < m->count[k]; i++)
		add_record(m, k, i, &writer);
	ck_assert_int_eq(luser_array_link(&writer, m->abi->root, m->root.at),
			 LUSER_OK);
}

void model_encode(struct model *m, struct handover *h, uint64_t iommus,
		  uint64_t domains, uint64_t devices)
{
	m->count[MODEL_IOMMUS] = iommus;
	m->count[MODEL_DOMAINS] = domains;
	m->count[MODEL_DEVICES] = devices;
	m->page_size = luser_image_page_size(h->image);
	for (size_t i = 0; i < sizeof(m->pages) / sizeof(m->pages[0]); i++)
		m->pages[i] = handover_page(h);
	for (size_t i = 0; i < sizeof(m->tables) / sizeof(m->tables[0]); i++)
		ck_assert_int_eq(luser_image_alloc(h->image, MODEL_TABLES, true,
						   &m->tables[i], NULL),
				 LUSER_OK);
	ck_assert_int_eq(luser_encode_root(h->image, m->abi, &m->root, NULL),
			 LUSER_OK);
	if (m->fill_root)
		m->fill_root(m, m->root.at);
	if (m->root.header)
		handover_set(m->abi->root_array->header, m->root.header,
			     "handover", HANDOVER_NUMBER);
	for (int k = 0; k < MODEL_ARRAYS; k++)
		add_array(m, h, k);
	ck_assert_int_eq(luser_encode_seal(h->image, m->abi, m->root.phys, true,
					   NULL),
			 LUSER_OK);
	handover_add_flb(h, m->abi->key, m->root.phys);
}

static void no_problem(void *ctx, const struct luser_problem *problem)
{
	(void)ctx;
	ck_abort_msg("%s: %s, at 0x%" PRIx64, problem->rule, problem->found,
		     problem->phys);
}

static void compare_record(const struct model *m, int k, uint64_t i,
			   const struct luser_array_reader *reader,
			   const uint8_t *at, void *host)
{
	const struct model_record *record = &m->records[k];
	struct luser_error err;
	enum luser_code code;
	bool empty = luser_record_empty(record->array->record, at,
					reader->stride);

	ck_assert_msg(empty == model_is_free(i), "%s %" PRIu64 " is%s empty",
		      record->array->name, i, empty ? "" : " not");
	if (empty)
		return;
	memset(host, 0, record->size);
	code = record->decode(m, i, at, reader->stride, &reader->env, host,
			      &err);
	ck_assert_msg(code == LUSER_OK, "%s %" PRIu64 ": %s",
		      record->array->name, i, err.message);
	ck_assert_mem_eq(host, m->hosts[k] + i * record->size, record->size);
}

static void compare_array(const struct model *m, int k, struct luser_mem *mem,
			  uint64_t first)
{
	static const struct luser_array_ops ops = {.report = no_problem};
	struct luser_env env = {
		.page_size = m->page_size,
		.page_shift = (uint32_t)__builtin_ctz(m->page_size),
		.root = m->root.at,
		.root_size = m->abi->root->size,
	};
	struct luser_array_reader r;
	void *host = malloc(m->records[k].size);

	ck_assert_ptr_nonnull(host);
	ck_assert_int_eq(luser_array_open(&r, mem, m->records[k].array, first,
					  &env, true, &ops, NULL),
			 LUSER_OK);
	while (luser_array_next(&r))
		for (uint32_t i = 0; i < r.used; i++)
			compare_record(m, k, r.slot + i, &r,
				       r.records + (size_t)i * r.stride, host);
	ck_assert_uint_eq(r.nr_used, m->count[k]);
	luser_array_close(&r);
	free(host);
}

void model_compare(const struct model *m, struct luser_mem *mem)
{
	for (int k = 0; k < MODEL_ARRAYS; k++) {
		uint64_t first = 0;

		for (uint16_t i = 0; i < m->abi->root->nr_fields; i++) {
			const struct luser_field *field =
				&m->abi->root->fields[i];

			if (field->link &&
			    field->link->array == m->records[k].array)
				first = luser_field_get(field, m->root.at, 0);
		}
		compare_array(m, k, mem, first);
	}
}

void model_free(struct model *m)
{
	for (int k = 0; k < MODEL_ARRAYS; k++) {
		free(m->hosts[k]);
		free(m->phys[k]);
	}
}
