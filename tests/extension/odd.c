// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include <libfdt.h>

#include <luser/abi/odd-v1.h>
#include <luser/le.h>
#include <luser/page.h>

#include "handover.h"
#include "odd.h"
#include "walk_log.h"

#define NONE 0xffffffff
#define ITEMS 2
#define USERS 3

/* Where things are in an item, and in a user. */
#define KIND 0
#define HEAD_NEXT 4
#define NEXT 8
#define OWN 16
#define ROOTED 24
#define NAME 8
#define NUMBER 16
#define TOLD 24

static struct handover h;
static struct luser_encoded_root root;
static struct luser_slot items[ITEMS], users[USERS];
static struct walk_log told;

static void set_root(const char *name, uint64_t value)
{
	handover_set(luser_abi_odd_v1.root, root.at, name, value);
}

static void add_item(struct luser_array_writer *writer, int i, uint32_t kind,
		     uint64_t own, uint32_t next)
{
	uint8_t *at;

	ck_assert_int_eq(luser_array_add(writer, &items[i], NULL), LUSER_OK);
	at = items[i].at;
	luser_set_le32(at + KIND, kind);
	luser_set_le32(at + HEAD_NEXT, next);
	luser_set_le32(at + NEXT, next);
	luser_set_le64(at + OWN, own);
	luser_set_le64(at + ROOTED, 20);
}

static void add_user(struct luser_array_writer *writer, int i)
{
	ck_assert_int_eq(luser_array_add(writer, &users[i], NULL), LUSER_OK);
	luser_set_le64(users[i].at, items[1].phys);
	memcpy(users[i].at + NAME, "all", 4);
	luser_set_le64(users[i].at + NUMBER, 7);
	luser_set_le64(users[i].at + TOLD, 50);
}

/* A small item and a large one, in a root that says that both are large. */
static void set_up(void)
{
	struct luser_array_writer writer;

	handover_begin(&h, 4096, 0);
	luser_encode_root(h.image, &luser_abi_odd_v1, &root, NULL);
	set_root("kind", LUSER_ODD_V1_KIND_LARGE);
	luser_array_begin(&writer, h.image, luser_odd_v1_items_array(), NULL, 0);
	add_item(&writer, 0, LUSER_ODD_V1_KIND_SMALL, 5, 1);
	add_item(&writer, 1, LUSER_ODD_V1_KIND_LARGE, 50, NONE);
	luser_array_link(&writer, luser_abi_odd_v1.root, root.at);
	luser_array_begin(&writer, h.image, luser_odd_v1_users_array(), NULL, 0);
	for (int i = 0; i < USERS; i++)
		add_user(&writer, i);
	luser_array_link(&writer, luser_abi_odd_v1.root, root.at);
	handover_add_flb(&h, "odd-v1", root.phys);
}

static void tear_down(void)
{
	handover_end(&h);
}

static enum luser_enter skip(void *ctx, const struct luser_node *node)
{
	(void)ctx;
	(void)node;
	return LUSER_SKIP;
}

static void count(void *ctx, const struct luser_finding *finding)
{
	(void)finding;
	++*(size_t *)ctx;
}

/* What is shown and what is only checked has the same findings. */
static void walk(void)
{
	static const struct luser_visitor visitor = {
		.enter = skip,
		.finding = count,
	};
	struct luser_mem *mem;
	size_t nr = 0;

	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, &visitor, &nr, NULL),
			 LUSER_OK);
	ck_assert_uint_eq(nr, told.nr);
	luser_mem_close(mem);
}

static const struct walk_told *tells(const char *rule, const char *path)
{
	const struct walk_told *one;

	walk();
	one = walk_log_find(&told, rule);
	ck_assert_uint_eq(told.nr, 1);
	ck_assert_str_eq(one->path, path);
	return one;
}

START_TEST(what_is_odd_is_sound)
{
	walk();
	walk_log_is_sound(&told);
	ck_assert_uint_eq(told.records, 1 + ITEMS + USERS);
}
END_TEST

/* A value that another kind may have. */
static const struct wrong {
	int item;
	size_t offset;
	uint64_t value;
	const char *rule;
	const char *path;
} wrongs[] = {
	{0, OWN, 10, "value-max", "LUO/flbs[odd-v1]/items[0]/own/value"},
	{1, OWN, 9, "value-min", "LUO/flbs[odd-v1]/items[1]/own/value"},
	{1, ROOTED, 9, "value-min", "LUO/flbs[odd-v1]/items[1]/rooted/value"},
	{-1, TOLD, 9, "value-min", "LUO/flbs[odd-v1]/users[0]/told/value"},
};

START_TEST(kinds_are_told_from_wherever_it_is_said)
{
	const struct wrong *one = &wrongs[_i];
	uint8_t *at = one->item < 0 ? users[0].at : items[one->item].at;

	luser_set_le64(at + one->offset, one->value);
	tells(one->rule, one->path);
}
END_TEST

START_TEST(reference_to_an_item_that_is_not_there)
{
	luser_set_le32(items[1].at + NEXT, 1000);
	tells("no-such-record", "LUO/flbs[odd-v1]/items[1]/next");
}
END_TEST

START_TEST(reference_in_a_struct_of_an_item)
{
	luser_set_le32(items[0].at + HEAD_NEXT, 1000);
	tells("no-such-record", "LUO/flbs[odd-v1]/items[0]/head.next");
}
END_TEST

/* Without a walk, who asks says what the root does. */
START_TEST(kinds_are_told_to_who_asks)
{
	const struct luser_struct *type = luser_odd_v1_item_type();
	const struct luser_env env = {.page_size = 4096, .page_shift = 12};

	ck_assert_int_eq(luser_struct_explain(type, items[0].at, type->size,
					      LUSER_ODD_V1_KIND_LARGE, &env,
					      NULL),
			 LUSER_OK);
	ck_assert_int_eq(luser_struct_explain(type, items[0].at, type->size,
					      LUSER_ODD_V1_KIND_SMALL, &env,
					      NULL),
			 LUSER_INVALID);
	luser_set_le64(items[0].at + OWN, 10);
	ck_assert_int_eq(luser_struct_explain(type, items[0].at, type->size,
					      LUSER_ODD_V1_KIND_LARGE, &env,
					      NULL),
			 LUSER_INVALID);
}
END_TEST

START_TEST(references_of_a_page)
{
	const struct luser_struct *type = luser_odd_v1_item_type();
	const struct luser_field *field = luser_struct_field(type, "next");
	uint8_t states[4] = {1, 0, 1, 1};
	const struct luser_slots slots = {.state = states, .nr = 4};

	ck_assert_int_eq(luser_slots_explain(&slots, field, items[1].at, NULL),
			 LUSER_OK);
	ck_assert_int_eq(luser_slots_explain(&slots, field, items[0].at, NULL),
			 LUSER_INVALID);
	luser_set_le32(items[0].at + NEXT, 4);
	ck_assert_int_eq(luser_slots_explain(&slots, field, items[0].at, NULL),
			 LUSER_INVALID);
}
END_TEST

/* The first one speaks for those that agree with it. */
static void first_and_last_disagree(const char *rule)
{
	walk();
	ck_assert_uint_eq(told.nr, 2);
	ck_assert_str_eq(told.told[0].path, "LUO/flbs[odd-v1]/users[0]");
	ck_assert_str_eq(told.told[1].path, "LUO/flbs[odd-v1]/users[2]");
	ck_assert_str_eq(told.told[1].rule, rule);
}

START_TEST(one_name_has_one_number)
{
	luser_set_le64(users[2].at + NUMBER, 8);
	first_and_last_disagree("one-number");
}
END_TEST

/* That they agree in something else does not speak for them. */
START_TEST(one_group_has_one_item)
{
	luser_set_le64(users[2].at, items[0].phys);
	luser_set_le64(users[2].at + TOLD, 5);
	first_and_last_disagree("one-item");
}
END_TEST

START_TEST(memory_that_is_not_followed)
{
	const struct walk_told *one;
	uint64_t page = handover_page(&h);

	set_root("far", page);
	one = tells("not-followed", "LUO/flbs[odd-v1]/far");
	ck_assert_int_eq(one->severity, LUSER_NOTE);
}
END_TEST

START_TEST(one_struct_that_two_lead_to)
{
	uint64_t page = handover_page(&h);

	set_root("first", page);
	set_root("second", page);
	tells("read-twice", "LUO/flbs[odd-v1]/second");
}
END_TEST

/* Two pages, of which all but the second are preserved, or both. */
static uint64_t table_of_two_pages(bool whole)
{
	uint64_t first, second;

	do {
		first = handover_page(&h);
	} while (first % 8192);
	ck_assert_int_eq(luser_image_alloc(h.image, 0, whole, &second, NULL),
			 LUSER_OK);
	ck_assert_uint_eq(second, first + 4096);
	return first;
}

/* Of a top table that is larger than a page, no part may be lost. */
START_TEST(top_table_of_two_pages)
{
	set_root("tables", table_of_two_pages(_i));
	set_root("format", LUSER_ODD_V1_FORMAT_WIDE);
	set_root("top_level", 1);
	set_root("va_bits", 33);
	set_root("oa_bits", 52);
	set_root("granule_shift", 13);
	set_root("nr_tables", 1);
	if (!_i) {
		tells("not-preserved", "LUO/flbs[odd-v1]/tables");
		return;
	}
	walk();
	walk_log_is_sound(&told);
}
END_TEST

/* A device tree whose node has a value behind a lot of other bytes. */
static void add_big(uint64_t last)
{
	static const uint8_t text[3000];
	uint8_t number[8], *fdt;
	uint64_t phys = handover_page(&h);
	int bad;

	fdt = luser_image_at(h.image, phys, 4096);
	luser_set_le64(number, last);
	bad = fdt_create(fdt, 4096);
	bad |= fdt_finish_reservemap(fdt);
	bad |= fdt_begin_node(fdt, "");
	bad |= fdt_property_string(fdt, "compatible", "big-v1");
	bad |= fdt_property(fdt, "text", text, sizeof(text));
	bad |= fdt_property(fdt, "last", number, sizeof(number));
	bad |= fdt_end_node(fdt);
	bad |= fdt_finish(fdt);
	ck_assert_int_eq(bad, 0);
	handover_add_subtree(&h, "big", phys, fdt_totalsize(fdt));
}

START_TEST(node_with_a_lot_in_it)
{
	add_big(9 + (uint64_t)_i);
	if (_i) {
		tells("last-max", "big/last");
		return;
	}
	walk();
	walk_log_is_sound(&told);
}
END_TEST

TCase *odd_case(void)
{
	TCase *tc = tcase_create("odd");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_is_odd_is_sound);
	tcase_add_loop_test(tc, kinds_are_told_from_wherever_it_is_said, 0,
			    sizeof(wrongs) / sizeof(wrongs[0]));
	tcase_add_test(tc, reference_to_an_item_that_is_not_there);
	tcase_add_test(tc, reference_in_a_struct_of_an_item);
	tcase_add_test(tc, kinds_are_told_to_who_asks);
	tcase_add_test(tc, references_of_a_page);
	tcase_add_test(tc, one_name_has_one_number);
	tcase_add_test(tc, one_group_has_one_item);
	tcase_add_test(tc, memory_that_is_not_followed);
	tcase_add_test(tc, one_struct_that_two_lead_to);
	tcase_add_loop_test(tc, top_table_of_two_pages, 0, 2);
	tcase_add_loop_test(tc, node_with_a_lot_in_it, 0, 2);
	return tc;
}
