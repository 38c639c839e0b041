// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which of two handovers came first, where a device tree has their number.
 */
#include <string.h>

#include <libfdt.h>

#include <luser/abi/kho-v1.page.h>
#include <luser/abi/kho-v3.h>

#include "early.h"
#include "run_case.h"

static const struct luser_abi *const roots[] = {
	&luser_abi_kho_v1_page,
	&luser_abi_kho_v3,
};

static struct early first, second;

static void make(struct early *e)
{
	early_add_memblock(e);
	early_add_luo(e, 1);
	early_finish(e);
}

static void make_both(const struct luser_abi *root, uint64_t one,
		      uint64_t other)
{
	early_begin(&first, root, 4096);
	first.number = one;
	make(&first);
	second = (struct early){
		.image = first.image, .abi = root, .number = other,
	};
	make(&second);
}

static void roles_are(enum luser_role one, enum luser_role other)
{
	const struct luser_root *found;
	struct luser_source *source;
	struct luser_mem *mem;
	size_t nr;

	ck_assert_int_eq(luser_image_mem(first.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_source_scan(mem, NULL, NULL, &source, NULL),
			 LUSER_OK);
	found = luser_source_roots(source, &nr);
	ck_assert_uint_eq(nr, 2);
	for (size_t i = 0; i < nr; i++)
		ck_assert_int_eq(found[i].role,
				 found[i].phys == first.root.phys ? one :
								    other);
	luser_source_close(source);
	luser_mem_close(mem);
	early_end(&first);
}

START_TEST(the_number_tells)
{
	make_both(roots[_i], 1, 2);
	roles_are(LUSER_ROLE_IN, LUSER_ROLE_OUT);
	make_both(roots[_i], 7, 6);
	roles_are(LUSER_ROLE_OUT, LUSER_ROLE_IN);
}
END_TEST

START_TEST(the_same_number_does_not)
{
	make_both(roots[_i], 3, 3);
	roles_are(LUSER_ROLE_UNKNOWN, LUSER_ROLE_UNKNOWN);
}
END_TEST

static void remove_number(struct early *e)
{
	for (unsigned int i = 0; i < e->nr_subtrees; i++)
		if (!strcmp(e->subtrees[i].name, "LUO"))
			ck_assert_int_eq(
				fdt_nop_property(early_at(e,
							  e->subtrees[i].phys,
							  e->subtrees[i].size),
						 0, "liveupdate-number"),
				0);
}

START_TEST(no_number_does_not_either)
{
	make_both(roots[_i], 3, 4);
	remove_number(&first);
	remove_number(&second);
	roles_are(LUSER_ROLE_UNKNOWN, LUSER_ROLE_UNKNOWN);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("source_early");

	tcase_add_loop_test(tc, the_number_tells, 0, 2);
	tcase_add_loop_test(tc, the_same_number_does_not, 0, 2);
	tcase_add_loop_test(tc, no_number_does_not_either, 0, 2);
	return run_case("source_early", tc);
}
