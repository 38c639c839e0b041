// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The walk over whole handovers: sound ones, and ones that lack a page, have a
 * loop, or break a rule. Whatever is wrong is a finding with a path and an
 * address, and every walk ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/luo-v5.h>
#include <luser/le.h>

#include "model.h"
#include "run_case.h"
#include "walk_log.h"

static struct handover h;
static struct luser_mem *mem;
static struct model model;
static struct walk_log told;

/* Small, but with more than one page in every chain. */
static void make(struct model with)
{
	model = with;
	handover_begin(&h, 4096, 0);
	handover_add_kernel(&h);
	model_encode(&model, &h, 120, 300, 200);
	for (unsigned int i = 0; i < 52; i++) {
		char name[16];

		snprintf(name, sizeof(name), "vm-%u", i);
		handover_add_session(&h, name);
	}
	for (unsigned int i = 0; i < 64; i++)
		handover_add_memfd(&h, 100 + i, i == 7 ? 600 : 0);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
}

static void set_up(void)
{
	make(model_iommu_v2());
}

static void tear_down(void)
{
	luser_mem_close(mem);
	handover_end(&h);
	model_free(&model);
}

static void remake(struct model with)
{
	tear_down();
	make(with);
}

static void walk(void)
{
	ck_assert_int_eq(walk_log(&told, mem, &h.root, NULL), LUSER_OK);
}

static void seal(bool sealed)
{
	ck_assert_int_eq(luser_encode_seal(h.image, model.abi, model.root.phys,
					   sealed, NULL),
			 LUSER_OK);
}

/* Each finding of the walk has a place. */
static void check_findings(void)
{
	for (size_t i = 0; i < told.nr; i++) {
		const struct walk_told *one = &told.told[i];

		ck_assert_msg(one->phys != LUSER_NO_PHYS, "%s at %s: nowhere",
			      one->rule, one->path);
	}
}

START_TEST(sound_handover)
{
	walk();
	walk_log_is_sound(&told);
	ck_assert_uint_eq(told.nodes[LUSER_NODE_TREE], 1);
	ck_assert_uint_eq(told.empty, 1 + 3 + 2);
	ck_assert_uint_eq(told.records,
			  119 + 297 + 198 + 1 + 52 + 64 + 600);
}
END_TEST

static void read_page(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	uint8_t *was_read = ctx;

	(void)buf;
	for (size_t i = 0; i < len; i += 4096)
		was_read[(phys + i - 0x100000000) / 4096]++;
}

/* Fields of the same struct are read together; nothing is read twice. */
START_TEST(each_page_is_read_once)
{
	static uint8_t was_read[65536];

	luser_mem_observe(mem, read_page, was_read);
	walk();
	for (size_t i = 0; i < sizeof(was_read); i++)
		ck_assert_msg(was_read[i] <= 1, "page %zu: %u times", i,
			      was_read[i]);
}
END_TEST

/* The pages of the handover that the walk reads, by what it told. */
static size_t pages_read(uint64_t *pages, size_t room)
{
	static uint8_t was_read[65536];
	size_t n = 0;

	luser_mem_observe(mem, read_page, was_read);
	walk();
	luser_mem_observe(mem, NULL, NULL);
	for (size_t i = 0; i < sizeof(was_read) && n < room; i++)
		if (was_read[i])
			pages[n++] = 0x100000000 + i * 4096;
	return n;
}

/* Without any one of its pages: it is told which, and the rest goes on. */
START_TEST(without_each_page)
{
	static const char path[] = "missing.elf";
	static uint64_t pages[1000];
	size_t n = pages_read(pages, 1000);

	ck_assert_uint_gt(n, 90);
	for (size_t i = (size_t)_i; i < n; i += 8) {
		uint8_t saved[4096], *at;
		struct luser_mem *cut;
		struct luser_error err;
		bool named = false;

		at = luser_image_at(h.image, pages[i], 4096);
		memcpy(saved, at, 4096);
		ck_assert_int_eq(luser_image_drop(h.image, pages[i]),
				 LUSER_OK);
		ck_assert_int_eq(luser_image_save(h.image, path, &err),
				 LUSER_OK);
		ck_assert_int_eq(luser_mem_open(path, 0, &cut, &err),
				 LUSER_OK);
		ck_assert_int_eq(walk_log(&told, cut, &h.root, NULL), LUSER_OK);
		check_findings();
		for (size_t k = 0; k < told.nr; k++)
			named |= !strcmp(told.told[k].rule, "unreadable");
		ck_assert_msg(named, "page 0x%llx",
			      (unsigned long long)pages[i]);
		luser_mem_close(cut);
		remake(model_iommu_v2());
	}
	unlink(path);
}
END_TEST

static uint8_t *header(uint64_t phys)
{
	return luser_image_at(h.image, phys & ~UINT64_C(4095), 4096);
}

/* Where the second page of an array is, by the first's header. */
static uint64_t next_of(const struct luser_array *array, uint64_t phys)
{
	return luser_field_get(array->next, header(phys), 0);
}

static void loop(const struct luser_array *array, uint64_t first)
{
	uint64_t second = next_of(array, first);

	ck_assert_uint_ne(second, 0);
	luser_field_set(array->next, header(second), 0, first);
}

START_TEST(each_chain_looped)
{
	struct model models[] = {model_iommu_v1(), model_iommu_liveupdate_1(),
				 model_iommu_v2()};
	const struct walk_told *one;
	const struct luser_field *owner;

	remake(models[_i / 3]);
	seal(false);
	owner = NULL;
	for (uint16_t i = 0; i < model.abi->root->nr_fields; i++)
		if (model.abi->root->fields[i].link &&
		    model.abi->root->fields[i].link->array ==
			    model.records[_i % 3].array)
			owner = &model.abi->root->fields[i];
	loop(model.records[_i % 3].array,
	     luser_field_get(owner, model.root.at, 0));
	seal(true);
	walk();
	one = walk_log_find(&told, "read-twice");
	ck_assert_uint_ne(one->phys, LUSER_NO_PHYS);
	ck_assert_ptr_nonnull(strstr(one->path, "LUO/flbs["));
}
END_TEST

START_TEST(sessions_looped)
{
	loop(luser_luo_v5_sessions_array(), h.sessions.first);
	walk();
	ck_assert_str_eq(walk_log_find(&told, "read-twice")->path,
			 "LUO/sessions");
}
END_TEST

START_TEST(files_looped)
{
	loop(luser_luo_v5_files_array(), h.files.first);
	walk();
	ck_assert_str_eq(walk_log_find(&told, "read-twice")->path,
			 "LUO/sessions[vm-51]/files");
}
END_TEST

/* Two owners of one array: the second one is told. */
START_TEST(two_owners)
{
	handover_set(luser_abi_luo_v5.root, h.luo.at, "flbs_pa",
		     h.sessions.first);
	walk();
	walk_log_find(&told, "read-twice");
}
END_TEST

START_TEST(tree_looped)
{
	uint8_t *root = luser_image_at(h.image, h.root.phys, 4096);

	/* The map's root node is its own child. */
	for (size_t i = 0; i < 4096 - 8; i += 4) {
		uint64_t tree = luser_le64(root + i);
		uint8_t *node;

		node = luser_image_at(h.image, tree, 4096);
		if (tree % 4096 || !node || tree < 0x100000000)
			continue;
		for (size_t k = 0; k < 4096; k += 8)
			if (luser_le64(node + k))
				luser_set_le64(node + k, tree);
		break;
	}
	walk();
	ck_assert_uint_gt(told.nr_bad, 0);
	check_findings();
}
END_TEST

/**
 * struct damage - one field of the IOMMUs' state, and what is said of it
 */
static const struct damage {
	int array;
	uint64_t record;
	const char *field;
	uint64_t value;
	const char *rule;
	const char *path;
} damages[] = {
	{MODEL_DEVICES, 0, "domain", 300 + 200, "no-such-record",
	 "LUO/flbs[iommu-v2]/devices[0]/domain"},
	{MODEL_DEVICES, 101, "domain", 50, "empty-record",
	 "LUO/flbs[iommu-v2]/devices[101]/domain"},
	{MODEL_DEVICES, 5, "iommu", UINT32_MAX, "no-such-record",
	 "LUO/flbs[iommu-v2]/devices[5]/iommu"},
	{MODEL_DEVICES, 5, "flags", 3, "flags-unknown",
	 "LUO/flbs[iommu-v2]/devices[5]/flags"},
	{MODEL_DEVICES, 5, "driver_offset", 2000, "section",
	 "LUO/flbs[iommu-v2]/devices[5]/driver_offset"},
	{MODEL_DEVICES, 5, "driver_size", 0xffff, "section",
	 "LUO/flbs[iommu-v2]/devices[5]/driver_offset"},
	{MODEL_DOMAINS, 299, "top_table", 0x7000, "not-preserved",
	 "LUO/flbs[iommu-v2]/domains[299]/top_table"},
	{MODEL_DOMAINS, 7, "top_table", 0, "top-table-set",
	 "LUO/flbs[iommu-v2]/domains[7]/top_table"},
	{MODEL_IOMMUS, 79, "driver_type", 77, "driver-type-known",
	 "LUO/flbs[iommu-v2]/iommus[0xfed4f000]/driver_type"},
};

START_TEST(damaged_record)
{
	const struct damage *damage = &damages[_i];
	const struct luser_struct *type =
		model.records[damage->array].array->record;
	uint64_t phys = model.phys[damage->array][damage->record];
	const struct walk_told *one;

	seal(false);
	handover_set(type, luser_image_at(h.image, phys, type->size),
		     damage->field, damage->value);
	seal(true);
	walk();
	one = walk_log_find(&told, damage->rule);
	ck_assert_str_eq(one->path, damage->path);
	ck_assert_uint_ge(one->phys, phys);
	ck_assert_uint_lt(one->phys, phys + type->size);
}
END_TEST

/* It would be the first of the next page if a page had one more. */
START_TEST(reference_behind_the_last_record)
{
	const struct luser_array *iommus;
	const struct luser_struct *type;
	const struct luser_field *map;
	uint32_t left;
	uint8_t *at;

	remake(model_iommu_liveupdate_1());
	iommus = model.records[MODEL_IOMMUS].array;
	type = model.records[MODEL_DEVICES].array->record;
	map = luser_struct_field(type, "domain_iommu_ser");
	left = (4096 - iommus->header->size) % iommus->record->size;
	ck_assert_uint_ne(left, 0);
	at = luser_image_at(h.image, model.phys[MODEL_DEVICES][0], type->size);
	handover_set(map->type, at + map->offset, "iommu_phys",
		     (model.phys[MODEL_IOMMUS][0] | 4095) + 1 - left);
	walk();
	ck_assert_str_eq(walk_log_find(&told, "no-such-record")->path,
			 "LUO/flbs[iommu-liveupdate]/devices[00:00.0]/"
			 "domain_iommu_ser.iommu_phys");
}
END_TEST

START_TEST(counts_that_lie)
{
	const struct walk_told *one;

	seal(false);
	handover_set(model.abi->root, model.root.at, "nr_domains", 299);
	seal(true);
	walk();
	one = walk_log_find(&told, "total");
	ck_assert_str_eq(one->found, "299");
	ck_assert_str_eq(one->path, "LUO/flbs[iommu-v2]/nr_domains");
}
END_TEST

START_TEST(unsealed_handover)
{
	seal(false);
	walk();
	ck_assert_uint_gt(told.nr_bad, 0);
	walk_log_find(&told, "unsealed");
}
END_TEST

/* A random byte anywhere: the walk ends, and all that it says has a place. */
START_TEST(random_bytes)
{
	uint64_t random = 88172645463325252 + (uint64_t)_i;
	static uint64_t pages[1000];
	size_t n = pages_read(pages, 1000);

	for (unsigned int i = 0; i < 100; i++) {
		uint8_t *at, was;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		at = luser_image_at(h.image, pages[random % n], 4096) +
		     (random >> 32) % 4096;
		was = *at;
		*at ^= (uint8_t)(1 + (random >> 48) % 255);
		walk();
		check_findings();
		*at = was;
	}
}
END_TEST

/* An address alone: that there is nothing to read is all that can be said. */
START_TEST(without_any_memory)
{
	struct luser_root root = {.phys = h.root.phys};

	ck_assert_int_eq(walk_log(&told, NULL, &root, NULL), LUSER_OK);
	ck_assert_uint_eq(told.nr, 1);
	ck_assert_int_eq(walk_log_find(&told, "no-memory")->severity,
			 LUSER_WARNING);
}
END_TEST

/* Its length is all that is read of it. */
START_TEST(root_of_more_than_any_root_has)
{
	uint8_t *fdt = luser_image_at(h.image, h.root.phys, 8);

	memset(fdt + 4, 0xff, 4);
	walk();
	ck_assert_uint_ge(told.nr_bad, 1);
	ck_assert_uint_eq(told.records, 0);
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, sound_handover);
	tcase_add_test(tc, each_page_is_read_once);
	tcase_add_loop_test(tc, without_each_page, 0, 8);
	tcase_add_loop_test(tc, each_chain_looped, 0, 9);
	tcase_add_test(tc, sessions_looped);
	tcase_add_test(tc, files_looped);
	tcase_add_test(tc, two_owners);
	tcase_add_test(tc, tree_looped);
	tcase_add_loop_test(tc, damaged_record, 0,
			    sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(tc, reference_behind_the_last_record);
	tcase_add_test(tc, counts_that_lie);
	tcase_add_test(tc, unsealed_handover);
	tcase_add_loop_test(tc, random_bytes, 0, 4);
	tcase_add_test(tc, without_any_memory);
	tcase_add_test(tc, root_of_more_than_any_root_has);
}

static char directory[] = "/tmp/luser-walk-XXXXXX";

int main(void)
{
	TCase *tc = tcase_create("walk");
	int status;

	if (!mkdtemp(directory) || chdir(directory))
		return 1;
	tcase_add_checked_fixture(tc, set_up, tear_down);
	add_tests(tc);
	status = run_case("walk", tc);
	if (chdir("/") || rmdir(directory))
		return 1;
	return status;
}
