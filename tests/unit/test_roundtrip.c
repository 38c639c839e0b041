// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * State of each IOMMU version, encoded in a whole handover and decoded again.
 */

#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>

#include "model.h"
#include "run_case.h"
#include "walk_log.h"

#define IOMMUS 64
#define DOMAINS 1000
#define DEVICES 4000
#define FREE (0 + 10 + 40)
#define HWPTS 200

static const uint32_t page_sizes[] = {4096, 16384, 65536};

static void add_iommufd(struct handover *h)
{
	struct luser_array_writer writer;
	struct luser_encoded_root root;

	luser_encode_root(h->image, &luser_abi_iommufd_v2, &root, NULL);
	handover_set(luser_abi_iommufd_v2.root_array->header, root.header,
		     "handover", HANDOVER_NUMBER);
	luser_array_begin(&writer, h->image, luser_iommufd_v2_hwpts_array(),
			  root.header, 0);
	for (uint32_t i = 0; i < HWPTS; i++) {
		struct luser_iommufd_v2_hwpt hwpt = {
			.token = 0x5000 + i,
			.domain = i * 3,
			.flags = LUSER_IOMMUFD_V2_RECORD_FLAGS_LIVE,
		};
		struct luser_slot slot;

		if (model_is_free(hwpt.domain))
			hwpt.domain = DOMAINS - 1 - i;
		luser_array_add(&writer, &slot, NULL);
		luser_iommufd_v2_hwpt_pack(&hwpt, slot.at);
	}
	luser_array_link(&writer, luser_iommufd_v2_root_type(), root.at);
	luser_encode_seal(h->image, &luser_abi_iommufd_v2, root.phys, true,
			  NULL);
	handover_add_file(h, luser_abi_iommufd_v2.key, root.phys, 0x77);
}

static void walk_it(const struct handover *h, struct luser_mem *mem,
		    uint64_t more)
{
	struct luser_walk_options options = {
		.page_size = luser_image_page_size(h->image),
	};
	struct walk_log log;

	ck_assert_int_eq(walk_log(&log, mem, &h->root, &options), LUSER_OK);
	walk_log_is_sound(&log);
	ck_assert_uint_eq(log.records,
			  IOMMUS + DOMAINS + DEVICES - log.empty + more);
}

static void round_trip(struct model m, uint32_t page_size, uint64_t seed)
{
	bool has_file = m.abi == &luser_abi_iommu_v2;
	struct luser_mem *mem;
	struct handover h;

	handover_begin(&h, page_size, seed);
	handover_add_kernel(&h);
	model_encode(&m, &h, IOMMUS, DOMAINS, DEVICES);
	handover_add_session(&h, "vm");
	handover_add_memfd(&h, 1, 3);
	if (has_file)
		add_iommufd(&h);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	model_compare(&m, mem);
	/* An FLB, a session, its files, the memfd's folios, the HWPTs. */
	walk_it(&h, mem, has_file ? 1 + 1 + 2 + 3 + HWPTS : 1 + 1 + 1 + 3);
	luser_mem_close(mem);
	handover_end(&h);
	model_free(&m);
}

START_TEST(iommu_v1)
{
	round_trip(model_iommu_v1(), page_sizes[_i], 0);
}
END_TEST

START_TEST(iommu_liveupdate_1)
{
	round_trip(model_iommu_liveupdate_1(), page_sizes[_i], 0);
}
END_TEST

START_TEST(iommu_v2)
{
	round_trip(model_iommu_v2(), page_sizes[_i], 0);
}
END_TEST

START_TEST(pages_at_random_places)
{
	round_trip(model_iommu_v1(), page_sizes[_i], 1);
	round_trip(model_iommu_liveupdate_1(), page_sizes[_i], 2);
	round_trip(model_iommu_v2(), page_sizes[_i], 3);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("roundtrip");

	tcase_add_loop_test(tc, iommu_v1, 0, 3);
	tcase_add_loop_test(tc, iommu_liveupdate_1, 0, 3);
	tcase_add_loop_test(tc, iommu_v2, 0, 3);
	tcase_add_loop_test(tc, pages_at_random_places, 0, 3);
	return run_case("roundtrip", tc);
}
