// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The audit of whole handovers: what is sound has owners and is in its place,
 * and what is not is told with its path and its address.
 */
#include <stdio.h>
#include <string.h>

#include <luser/abi/luo-v5.h>
#include <luser/audit.h>

#include "handover.h"
#include "run_case.h"

#define ROOM 16

static struct handover h;
static struct luser_mem *mem;

/* What the audit told. */
static struct told {
	const struct luser_check *check;
	enum luser_severity severity;
	uint64_t phys;
	char rule[32];
	char path[80];
	char found[160];
} told[ROOM], skipped[ROOM];
static size_t nr_told, nr_skipped;
static struct luser_audit_sums sums;

static void report(void *ctx, const struct luser_audit_finding *found)
{
	struct told *list = found->skipped ? skipped : told;
	size_t *nr = found->skipped ? &nr_skipped : &nr_told;
	struct told *one = &list[*nr];

	(void)ctx;
	ck_assert_uint_lt(*nr, ROOM);
	ck_assert_ptr_null(found->finding->node);
	one->check = found->check;
	one->severity = found->finding->severity;
	one->phys = found->finding->phys;
	snprintf(one->rule, sizeof(one->rule), "%s", found->finding->rule);
	snprintf(one->path, sizeof(one->path), "%s", found->path);
	snprintf(one->found, sizeof(one->found), "%s", found->finding->found);
	(*nr)++;
}

static void set_up(void)
{
	nr_told = nr_skipped = 0;
	mem = NULL;
	handover_begin(&h, 4096, 0);
	handover_add_kernel(&h);
	handover_add_session(&h, "vm-0");
	handover_add_memfd(&h, 0x17, 3);
	handover_add_memfd(&h, 0x18, 600);
}

static void tear_down(void)
{
	luser_mem_close(mem);
	handover_end(&h);
}

static struct luser_audit *run(void)
{
	struct luser_audit *audit;

	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_audit_new(mem, &h.root, report, NULL, &audit),
			 LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, luser_audit_visitor(),
				    audit, NULL),
			 LUSER_OK);
	ck_assert_int_eq(luser_audit_finish(audit, &sums, NULL), LUSER_OK);
	return audit;
}

static struct luser_audit *audit(void)
{
	handover_finish(&h);
	return run();
}

static void check_told(size_t i, const char *check, const char *rule,
		       const char *path, uint64_t phys)
{
	ck_assert_uint_lt(i, nr_told);
	ck_assert_str_eq(told[i].check->name, check);
	ck_assert_str_eq(told[i].rule, rule);
	ck_assert_str_eq(told[i].path, path);
	ck_assert_uint_eq(told[i].phys, phys);
	ck_assert_int_eq(told[i].severity, LUSER_ERROR);
}

START_TEST(sound)
{
	luser_audit_free(audit());
	ck_assert_uint_eq(nr_told, 0);
	ck_assert_uint_eq(nr_skipped, 2);
	ck_assert_str_eq(skipped[0].check->name, "scratch");
	ck_assert_str_eq(skipped[1].check->name, "ram");
	ck_assert_uint_gt(sums.owned, 603 * 4096);
	ck_assert_uint_eq(sums.owned, sums.preserved);
	ck_assert_uint_eq(sums.leaked + sums.leaks, 0);
}

/* Two pages that follow each other, and one elsewhere. */
START_TEST(leak)
{
	uint64_t first = handover_page(&h), second = handover_page(&h), third;

	handover_add_memfd(&h, 0x19, 1);
	third = handover_page(&h);
	luser_audit_free(audit());
	ck_assert_uint_eq(second, first + 4096);
	ck_assert_uint_eq(nr_told, 2);
	check_told(0, "leak", "no-owner", "preserved_map", first);
	check_told(1, "leak", "no-owner", "preserved_map", third);
	ck_assert_str_eq(told[0].found, "2 pages, 8192 bytes (8 KiB)");
	ck_assert_uint_eq(sums.leaks, 2);
	ck_assert_uint_eq(sums.leaked, 3 * 4096);
}

/* A file's state under two tokens. */
START_TEST(two_owners)
{
	static const char path[] = "LUO/sessions[vm-0]/files[0x20]";
	uint64_t state;
	char first[80];
	struct luser_audit *done;

	state = handover_page(&h);
	handover_add_file(&h, "memfd-v2", state, 0x20);
	handover_add_file(&h, "memfd-v2", state, 0x21);
	done = audit();
	ck_assert(luser_audit_owner(done, state, NULL, first, sizeof(first)));
	ck_assert_str_eq(first, path);
	for (size_t i = 0; i < nr_told; i++)
		if (!strcmp(told[i].rule, "claimed-twice")) {
			check_told(i, "one-owner", "claimed-twice",
				   "LUO/sessions[vm-0]/files[0x21]", state);
			ck_assert_ptr_nonnull(strstr(told[i].found, path));
			luser_audit_free(done);
			return;
		}
	ck_abort_msg("not told");
}

START_TEST(owner)
{
	struct luser_audit *done = audit();
	struct luser_range range;
	char path[80];

	ck_assert(luser_audit_owner(done, h.luo.phys + 8, &range, path,
				    sizeof(path)));
	ck_assert_str_eq(path, "LUO");
	ck_assert_uint_eq(range.start, h.luo.phys);
	ck_assert_uint_eq(range.len, 32);
	ck_assert(!luser_audit_owner(done, 0x1000, &range, path, sizeof(path)));
	luser_audit_free(done);
}

/* The first page from @phys on whose owner's path has such an end. */
static uint64_t page_of(const struct luser_audit *done, const char *end,
			uint64_t phys)
{
	for (int i = 0; i < 4096; i++, phys += 4096) {
		char path[80];

		if (luser_audit_owner(done, phys, NULL, path, sizeof(path)) &&
		    strstr(path, end) && !strstr(path, end)[strlen(end)])
			return phys;
	}
	ck_abort_msg("nobody is %s", end);
	return 0;
}

/* Folios that follow each other are told apart. */
START_TEST(owner_of_one_record)
{
	struct luser_audit *done = audit();
	uint64_t base = h.luo.phys & ~UINT64_C(0xffffff);
	uint64_t page = page_of(done, "files[0x18]/folios[7]", base);
	struct luser_range range;
	char path[80];

	ck_assert(luser_audit_owner(done, page + 5, &range, path,
				    sizeof(path)));
	ck_assert_uint_eq(range.start, page);
	ck_assert_uint_eq(range.len, 4096);
	luser_audit_free(done);
}

/* What nobody knows may be an address, or not: if it is, it is a guess. */
START_TEST(owner_that_is_a_guess)
{
	struct luser_audit *done = audit();
	uint64_t base = h.luo.phys & ~UINT64_C(0xffffff);
	uint64_t page = page_of(done, "files[0x18]/folios[7]", base);

	luser_audit_free(done);
	tear_down();
	set_up();
	handover_add_file(&h, "other", page, 0x20);
	handover_add_file(&h, "other", page, 0x21);
	luser_audit_free(audit());
	for (size_t i = 0; i < nr_told; i++)
		if (!strcmp(told[i].rule, "claimed-twice")) {
			ck_assert_int_eq(told[i].severity, LUSER_WARNING);
			ck_assert_uint_eq(told[i].phys, page);
			return;
		}
	ck_abort_msg("not told");
}

/* Sessions that are not written yet have what they have. */
START_TEST(leak_of_what_is_to_come)
{
	handover_finish(&h);
	handover_set(luser_abi_luo_v5.root, h.luo.at, "sessions_pa", 0);
	h.root.role = LUSER_ROLE_OUT;
	luser_audit_free(run());
	ck_assert_uint_ge(nr_told, 2);
	for (size_t i = 0; i < nr_told; i++)
		ck_assert_int_ne(told[i].severity, LUSER_ERROR);
	ck_assert_str_eq(told[nr_told - 1].rule, "no-owner");
	ck_assert_uint_gt(sums.leaked, 600 * 4096);
}

START_TEST(scratch)
{
	struct luser_range areas[] = { { 0x1000, 0x1000 }, { 0, 8192 } };

	handover_finish(&h);
	areas[1].start = h.luo.phys - 4096;
	h.root.scratch = areas;
	h.root.nr_scratch = 2;
	luser_audit_free(run());
	ck_assert_uint_eq(nr_skipped, 1);
	for (size_t i = 0; i < nr_told; i++)
		if (!strcmp(told[i].path, "LUO")) {
			check_told(i, "scratch", "in-scratch", "LUO",
				   h.luo.phys);
			return;
		}
	ck_abort_msg("not told");
}

/* Names are unique, groups stand together, each rule is in one check. */
START_TEST(table)
{
	size_t count;
	const struct luser_check *checks = luser_checks(&count);

	ck_assert_str_eq(luser_check_of(&(struct luser_finding){
				 .rule = "not in the table" })->name,
			 "rule");
	for (size_t i = 0; i < count; i++) {
		const struct luser_check *check = &checks[i];

		for (size_t k = 0; k < i; k++) {
			ck_assert_str_ne(checks[k].name, check->name);
			ck_assert_str_ne(checks[k].name, check->group);
			ck_assert(strcmp(checks[k].group, check->group) ||
				  !strcmp(checks[i - 1].group, check->group));
		}
		for (size_t k = 0; check->rules && check->rules[k]; k++)
			ck_assert_ptr_eq(luser_check_of(&(struct luser_finding){
						 .rule = check->rules[k] }),
					 check);
		ck_assert_ptr_eq(luser_check_of(&(struct luser_finding){
					 .rule = "any", .check = check->name }),
				 check);
	}
}

int main(void)
{
	TCase *tc = tcase_create("audit");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, sound);
	tcase_add_test(tc, leak);
	tcase_add_test(tc, two_owners);
	tcase_add_test(tc, owner);
	tcase_add_test(tc, owner_of_one_record);
	tcase_add_test(tc, owner_that_is_a_guess);
	tcase_add_test(tc, leak_of_what_is_to_come);
	tcase_add_test(tc, scratch);
	tcase_add_test(tc, table);
	return run_case("audit", tc);
}
