// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writes a handover as an ELF dump, for tests that want a file of one.
 * usage: write_handover VERSION PAGE-SIZE FILE
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static bool model_of(const char *id, struct model *ret)
{
	const struct model models[] = {
		model_iommu_v1(),
		model_iommu_liveupdate_1(),
		model_iommu_v2(),
	};

	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		*ret = models[i];
		if (!strcmp(ret->abi->id, id))
			return true;
	}
	return false;
}

static struct model model;
static uint32_t page_size;
static const char *path;

/* What is checked on the way needs a test around it. */
START_TEST(write_handover)
{
	struct handover h;

	handover_begin(&h, page_size, 1);
	handover_add_kernel(&h);
	model_encode(&model, &h, 64, 1000, 4000);
	handover_add_session(&h, "vm");
	handover_add_memfd(&h, 1, 700);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_save(h.image, path, NULL), LUSER_OK);
	handover_end(&h);
	model_free(&model);
}
END_TEST

static int run(void)
{
	Suite *suite = suite_create("write_handover");
	TCase *tc = tcase_create("write_handover");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, write_handover);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_MINIMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

int main(int argc, char **argv)
{
	if (argc != 4 || !model_of(argv[1], &model)) {
		fprintf(stderr,
			"usage: write_handover VERSION PAGE-SIZE FILE\n");
		return 2;
	}
	page_size = (uint32_t)strtoul(argv[2], NULL, 10);
	path = argv[3];
	return run();
}
