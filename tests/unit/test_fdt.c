// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <luser/fdt.h>

#include "fdt_fixture.h"
#include "run_case.h"

#define SPACE 65536

/* Readable bytes whose end is the end of a page, with nothing behind it. */
static char *fence;

static void set_up(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map;

	map = mmap(NULL, SPACE + (size_t)page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(map, MAP_FAILED);
	ck_assert_int_eq(mprotect(map + SPACE, (size_t)page, PROT_NONE), 0);
	fence = map + SPACE;
}

static void tear_down(void)
{
	munmap(fence - SPACE, SPACE + (size_t)sysconf(_SC_PAGESIZE));
}

/* Puts @len bytes so that nothing more than alignment lies behind them. */
static char *at_fence(const void *blob, size_t len)
{
	char *at = fence - (len + 7) / 8 * 8;

	memcpy(at, blob, len);
	return at;
}

/* What every user of a checked blob does: visit all of it through libfdt. */
static unsigned int visit(const void *fdt)
{
	unsigned int sum = 0;
	int depth = 0;
	int node;
	int prop;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		const char *name = fdt_get_name(fdt, node, NULL);

		sum += name ? (unsigned int)strlen(name) : 0;
		fdt_for_each_property_offset(prop, fdt, node) {
			const char *key;
			const char *value;
			int len;

			value = fdt_getprop_by_offset(fdt, prop, &key, &len);
			ck_assert_ptr_nonnull(value);
			sum += (unsigned int)strlen(key);
			while (len > 0)
				sum += (unsigned char)value[--len];
		}
	}
	return sum;
}

static enum luser_code check_and_visit(const char *blob, size_t len)
{
	enum luser_code code = luser_fdt_check(blob, len, NULL);

	if (code == LUSER_OK)
		ck_assert_uint_ne(visit(blob), 0);
	else
		ck_assert_int_eq(code, LUSER_INVALID);
	return code;
}

static size_t sound(char *buf, size_t size)
{
	return fixture_fdt(buf, size, FIXTURE_COMPATIBLE, 7);
}

START_TEST(sound_tree_passes)
{
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));

	ck_assert_int_eq(check_and_visit(at_fence(buf, len), len), LUSER_OK);
}
END_TEST

START_TEST(more_room_than_the_tree_is_fine)
{
	_Alignas(8) char buf[1024];

	sound(buf, sizeof(buf));
	ck_assert_int_eq(check_and_visit(buf, sizeof(buf)), LUSER_OK);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	struct luser_error err;
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));
	size_t cut;

	for (cut = 0; cut < len; cut++) {
		err.message[0] = '\0';
		ck_assert_int_eq(luser_fdt_check(at_fence(buf, cut), cut,
						 &err), LUSER_INVALID);
		ck_assert_int_eq(err.code, LUSER_INVALID);
		ck_assert_str_ne(err.message, "");
	}
}
END_TEST

START_TEST(no_bit_flip_leads_out_of_the_blob)
{
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));
	size_t refused = 0;
	size_t bit;

	for (bit = 0; bit < 8 * len; bit++) {
		buf[bit / 8] ^= (char)(1 << bit % 8);
		refused += check_and_visit(at_fence(buf, len), len) != LUSER_OK;
		buf[bit / 8] ^= (char)(1 << bit % 8);
	}
	ck_assert_uint_gt(refused, 8 * len / 10);
	ck_assert_uint_lt(refused, 8 * len);
}
END_TEST

START_TEST(no_hostile_word_leads_out_of_the_blob)
{
	static const uint32_t words[] = {
		0, 1, 2, 3, 4, 9, 0x10, 0x7fffffff, 0x80000000, 0x7ffffff4,
		0xfffffff0, 0xfffffff4, 0xfffffff8, 0xfffffffc, 0xffffffff,
	};
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));
	size_t at;
	size_t i;

	for (at = 0; at + 4 <= len; at += 4) {
		uint32_t was;

		memcpy(&was, buf + at, 4);
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			fdt32_st(buf + at, words[i]);
			check_and_visit(at_fence(buf, len), len);
		}
		memcpy(buf + at, &was, 4);
	}
}
END_TEST

/* Also where a property starts, of which not all is there. */
START_TEST(tags_that_end_anywhere_are_refused)
{
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));
	uint32_t size = fdt_size_dt_struct(buf);

	for (uint32_t cut = 0; cut < size; cut += 4) {
		fdt_set_size_dt_struct(buf, cut);
		ck_assert_int_eq(check_and_visit(at_fence(buf, len), len),
				 LUSER_INVALID);
	}
}
END_TEST

/* libfdt has signed sizes. */
START_TEST(tree_of_2_gib_is_refused)
{
	size_t len = (size_t)INT32_MAX + 9;
	char *buf = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct luser_error err;

	ck_assert_ptr_ne(buf, MAP_FAILED);
	sound(buf, 1024);
	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_OK);
	fdt_set_totalsize(buf, (uint32_t)INT32_MAX + 1);
	ck_assert_int_eq(luser_fdt_check(buf, len, &err), LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "2147483648 bytes"));
	munmap(buf, len);
}
END_TEST

/* Debian 12's fdt_check_full() reads beyond the end of this one. */
START_TEST(version_2_header_of_32_bytes_is_refused)
{
	static const uint32_t head[8] = { FDT_MAGIC, 32, 32, 32, 16, 2, 2, 0 };
	char buf[32];
	size_t i;

	for (i = 0; i < 8; i++)
		fdt32_st(buf + 4 * i, head[i]);
	ck_assert_int_eq(luser_fdt_check(at_fence(buf, 32), 32, NULL),
			 LUSER_INVALID);
}
END_TEST

/* fdt_check_full() alone never comes back from this one. */
START_TEST(property_length_that_points_back_is_refused)
{
	char buf[1024];
	size_t len = sound(buf, sizeof(buf));
	int prop = fdt_first_property_offset(buf, 0);

	ck_assert_int_ge(prop, 0);
	fdt32_st(buf + fdt_off_dt_struct(buf) + prop + 4, 0xfffffff4);
	ck_assert_int_eq(luser_fdt_check(at_fence(buf, len), len, NULL),
			 LUSER_INVALID);
}
END_TEST

START_TEST(misaligned_blob_is_refused)
{
	_Alignas(8) char buf[1024];
	size_t len = sound(buf, sizeof(buf) - 8);

	memmove(buf + 4, buf, len);
	ck_assert_int_eq(luser_fdt_check(buf + 4, len, NULL), LUSER_INVALID);
}
END_TEST

static size_t nested(char *buf, size_t size, int depth)
{
	int i;

	ck_assert_int_eq(fdt_create(buf, (int)size), 0);
	ck_assert_int_eq(fdt_finish_reservemap(buf), 0);
	for (i = 0; i < depth; i++)
		ck_assert_int_eq(fdt_begin_node(buf, i ? "n" : ""), 0);
	for (i = 0; i < depth; i++)
		ck_assert_int_eq(fdt_end_node(buf), 0);
	ck_assert_int_eq(fdt_finish(buf), 0);
	return fdt_totalsize(buf);
}

START_TEST(depth_is_bounded)
{
	char *buf = fence - SPACE;
	size_t len = nested(buf, SPACE, LUSER_FDT_MAX_DEPTH);

	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_OK);
	len = nested(buf, SPACE, LUSER_FDT_MAX_DEPTH + 1);
	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_INVALID);
}
END_TEST

static size_t wide(char *buf, size_t size, int nodes)
{
	int i;

	ck_assert_int_eq(fdt_create(buf, (int)size), 0);
	ck_assert_int_eq(fdt_finish_reservemap(buf), 0);
	ck_assert_int_eq(fdt_begin_node(buf, ""), 0);
	for (i = 1; i < nodes; i++) {
		ck_assert_int_eq(fdt_begin_node(buf, "n"), 0);
		ck_assert_int_eq(fdt_end_node(buf), 0);
	}
	ck_assert_int_eq(fdt_end_node(buf), 0);
	ck_assert_int_eq(fdt_finish(buf), 0);
	return fdt_totalsize(buf);
}

START_TEST(number_of_nodes_is_bounded)
{
	size_t size = 16 * (LUSER_FDT_MAX_NODES + 16);
	char *buf = malloc(size);
	size_t len = wide(buf, size, LUSER_FDT_MAX_NODES);

	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_OK);
	len = wide(buf, size, LUSER_FDT_MAX_NODES + 1);
	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_INVALID);
	free(buf);
}
END_TEST

static size_t named(char *buf, size_t size, size_t len)
{
	char name[LUSER_FDT_MAX_NAME + 2];

	memset(name, 'n', len);
	name[len] = '\0';
	ck_assert_int_eq(fdt_create(buf, (int)size), 0);
	ck_assert_int_eq(fdt_finish_reservemap(buf), 0);
	ck_assert_int_eq(fdt_begin_node(buf, ""), 0);
	ck_assert_int_eq(fdt_property_u32(buf, name, 1), 0);
	ck_assert_int_eq(fdt_end_node(buf), 0);
	ck_assert_int_eq(fdt_finish(buf), 0);
	return fdt_totalsize(buf);
}

/* Many properties of one long name would take the square of its length. */
START_TEST(name_of_a_property_is_bounded)
{
	_Alignas(8) char buf[1024];
	size_t len = named(buf, sizeof(buf), LUSER_FDT_MAX_NAME);

	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_OK);
	len = named(buf, sizeof(buf), LUSER_FDT_MAX_NAME + 1);
	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_INVALID);
}
END_TEST

START_TEST(tree_without_a_node_is_refused)
{
	_Alignas(8) char buf[1024];
	size_t len = sound(buf, sizeof(buf));

	fdt32_st(buf + fdt_off_dt_struct(buf), FDT_END);
	ck_assert_int_eq(luser_fdt_check(buf, len, NULL), LUSER_INVALID);
}
END_TEST

/* libfdt's own check lets it pass, and then finds no node at offset 0. */
START_TEST(nothing_comes_before_the_root)
{
	_Alignas(8) char buf[1024];
	size_t len = sound(buf, sizeof(buf) - 4);
	uint32_t tags = fdt_off_dt_struct(buf);

	memmove(buf + tags + 4, buf + tags, len - tags);
	fdt32_st(buf + tags, FDT_NOP);
	fdt_set_size_dt_struct(buf, fdt_size_dt_struct(buf) + 4);
	fdt_set_off_dt_strings(buf, fdt_off_dt_strings(buf) + 4);
	fdt_set_totalsize(buf, (uint32_t)len + 4);
	ck_assert_int_eq(fdt_check_full(buf, len + 4), 0);
	ck_assert_int_eq(luser_fdt_check(buf, len + 4, NULL), LUSER_INVALID);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("check");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, sound_tree_passes);
	tcase_add_test(tc, more_room_than_the_tree_is_fine);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, no_bit_flip_leads_out_of_the_blob);
	tcase_add_test(tc, no_hostile_word_leads_out_of_the_blob);
	tcase_add_test(tc, tags_that_end_anywhere_are_refused);
	tcase_add_test(tc, tree_of_2_gib_is_refused);
	tcase_add_test(tc, version_2_header_of_32_bytes_is_refused);
	tcase_add_test(tc, property_length_that_points_back_is_refused);
	tcase_add_test(tc, misaligned_blob_is_refused);
	tcase_add_test(tc, depth_is_bounded);
	tcase_add_test(tc, number_of_nodes_is_bounded);
	tcase_add_test(tc, name_of_a_property_is_bounded);
	tcase_add_test(tc, tree_without_a_node_is_refused);
	tcase_add_test(tc, nothing_comes_before_the_root);
	return run_case("fdt", tc);
}
