// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A saved dump of a whole handover, cut at every length: what is left is
 * walked, and that it is not all is told.
 */
#include <elf.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <luser/save.h>

#include "handover.h"
#include "run_case.h"
#include "walk_log.h"

static char directory[] = "/tmp/luser-cut-XXXXXX";
static struct luser_error err;

static size_t bad_in(struct luser_mem *mem, const struct luser_root *root)
{
	struct luser_walk_options options = {0};
	struct walk_log log;

	ck_assert_int_eq(walk_log(&log, mem, root, &options), LUSER_OK);
	return log.nr_bad;
}

static void save_handover(void)
{
	struct luser_save *saved;
	struct luser_mem *mem;
	struct handover h;

	handover_begin(&h, 4096, 0);
	handover_add_kernel(&h);
	handover_add_session(&h, "vm");
	handover_add_memfd(&h, 1, 3);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, &err), LUSER_OK);
	ck_assert_int_eq(luser_save_open("saved", mem, &saved, &err), LUSER_OK);
	ck_assert_uint_eq(bad_in(mem, &h.root), 0);
	ck_assert_int_eq(luser_save_finish(saved, &h.root, 1, 4096, &err),
			 LUSER_OK);
	luser_mem_close(mem);
	handover_end(&h);
}

/* What is wrong with each of the handovers in a dump that is cut. */
static size_t walk_rest(struct luser_mem *mem)
{
	const struct luser_root *roots;
	struct luser_source *source;
	size_t nr, bad = 0;

	err.message[0] = '\0';
	if (luser_source_scan(mem, NULL, NULL, &source, &err) != LUSER_OK) {
		ck_assert_str_ne(err.message, "");
		return 1;
	}
	roots = luser_source_roots(source, &nr);
	for (size_t i = 0; i < nr; i++)
		bad += bad_in(mem, &roots[i]);
	luser_source_close(source);
	return bad;
}

START_TEST(each_length)
{
	struct luser_mem *mem;
	struct stat st;
	size_t lost = 0;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
	save_handover();
	ck_assert_int_eq(stat("saved", &st), 0);
	while (--st.st_size >= SELFMAG) {
		ck_assert_int_eq(truncate("saved", st.st_size), 0);
		if (luser_mem_open("saved", 0, &mem, &err) != LUSER_OK)
			continue;
		ck_assert_int_eq(luser_mem_complete(mem, &err), LUSER_NODATA);
		lost += walk_rest(mem) != 0;
		luser_mem_close(mem);
	}
	ck_assert_uint_gt(lost, 1000);
	ck_assert_int_eq(unlink("saved"), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("cut");

	tcase_add_test(tc, each_length);
	return run_case("cut", tc);
}
