// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Names with several layouts: the one that is there is shown, the others are
 * told with what speaks against them.
 */
#include <stdlib.h>
#include <string.h>

#include <luser/abi/kvm-vm-v1.orphan.h>
#include <luser/abi/pci-v2.h>
#include <luser/abi/vfio-pci-v2.h>
#include <luser/le.h>

#include "forms_iommu.h"
#include "forms_posted.h"
#include "run_case.h"
#include "walk_log.h"

static struct handover h;
static struct form_written written;
static struct walk_log told;

static void walk(void)
{
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, NULL), LUSER_OK);
	luser_mem_close(mem);
}

static void make(const struct form *form, uint64_t records)
{
	handover_begin(&h, 4096, 0);
	form_encode(form, &h, records, &written);
	form_carry(form, &h, &written);
	handover_finish(&h);
}

/* How many layouts the name has that the first bytes do not tell apart. */
static size_t candidates_of(const struct luser_abi *abi)
{
	const struct luser_abi *other = NULL;
	size_t n = 0;

	while ((other = luser_abi_next(abi->registry, abi->key, other)))
		n++;
	return n;
}

/* Each layout in turn, in one page and in many. */
static void check_form(const struct form *form, uint64_t records)
{
	size_t nr = candidates_of(form->abi);

	make(form, records);
	walk();
	walk_log_is_sound(&told);
	ck_assert_uint_eq(told.nr_weighed, nr > 1);
	if (nr > 1) {
		ck_assert_str_eq(told.weighed[0].abi->id, form->abi->id);
		ck_assert_uint_eq(told.weighed[0].nr, nr);
	}
	for (size_t i = 0; i < told.weighed[0].nr; i++) {
		const struct luser_candidate *one = &told.weighed[0].all[i];

		if (one->abi == form->abi ||
		    one->standing == LUSER_STANDING_SAME)
			continue;
		ck_assert_int_eq(one->standing, LUSER_STANDING_UNSOUND);
		ck_assert_ptr_nonnull(one->rule);
		ck_assert_uint_gt(strlen(one->found), 0);
		ck_assert_uint_gt(strlen(one->expected), 0);
	}
	handover_end(&h);
}

START_TEST(each_iommu_layout)
{
	check_form(&forms_iommu[_i], 1);
	check_form(&forms_iommu[_i], 8);
	check_form(&forms_iommu[_i], 300);
}
END_TEST

START_TEST(each_other_layout)
{
	const struct form *form = &forms_posted[_i];

	check_form(form, 1);
	if (form->arrays[0].name) {
		check_form(form, 2);
		check_form(form, 30);
	}
}
END_TEST

static const struct form *form_of(const char *id)
{
	for (unsigned int i = 0; i < nr_forms_iommu; i++)
		if (!strcmp(forms_iommu[i].abi->id, id))
			return &forms_iommu[i];
	ck_abort_msg("no form %s", id);
	return NULL;
}

/* Without devices, what is left reads well as either of two layouts. */
START_TEST(two_are_sound)
{
	static const struct form_value deleted[FORM_VALUES] = {
		{"hdr.flags", FORM_NUMBER, 1},
	};
	struct form form = *form_of("iommu-liveupdate-1.early");
	const struct walk_told *one;

	memcpy(form.arrays[0].values, deleted, sizeof(deleted));
	memcpy(form.arrays[2].values, deleted, sizeof(deleted));
	make(&form, 1);
	walk();
	ck_assert_uint_eq(told.nr_bad, 1);
	one = walk_log_find(&told, "ambiguous");
	ck_assert_int_eq(one->severity, LUSER_WARNING);
	ck_assert_str_eq(one->path, "LUO/flbs[iommu-liveupdate]");
	ck_assert_str_eq(one->found,
			 "iommu-liveupdate-1, iommu-liveupdate-1.early");
	ck_assert_str_eq(told.weighed[0].abi->id, "iommu-liveupdate-1");
	ck_assert_int_eq(walk_log_candidate(&told, "iommu-liveupdate-1.port")
				 ->standing,
			 LUSER_STANDING_SAME);
	handover_end(&h);
}
END_TEST

/* None is sound: the one that breaks the fewest rules, with its errors only. */
START_TEST(damage_is_of_the_layout_that_is_there)
{
	static const char *const ids[] = {
		"iommu-liveupdate-v1", "iommu-liveupdate-v1.late",
		"iommu-liveupdate-1.early", "iommu-liveupdate-1",
	};
	const struct form *form = form_of(ids[_i]);
	const struct luser_struct *type;
	const struct walk_told *one;

	make(form, 100);
	type = luser_struct_field(form->abi->root, "device_array_phys")
		       ->link->array->record;
	handover_set(type,
		     luser_image_at(h.image, written.records[2][5], type->size),
		     "devid", 0x10000);
	walk();
	ck_assert_str_eq(told.weighed[0].abi->id, form->abi->id);
	ck_assert_uint_eq(told.nr_bad, 1);
	one = walk_log_find(&told, "devid-max");
	ck_assert_uint_eq(one->phys, written.records[2][5] +
			  luser_struct_field(type, "devid")->offset);
	ck_assert_str_eq(walk_log_candidate(&told, form->abi->id)->rule,
			 "devid-max");
	ck_assert_str_eq(walk_log_candidate(&told, form->abi->id)->path,
			 "devices[100:00.0]/devid");
	handover_end(&h);
}
END_TEST

/* What is unlikely weighs, and is no error. */
START_TEST(hints_are_never_reported)
{
	static const struct form form = {
		&luser_abi_vfio_pci_v2,
		{{"domain", FORM_NUMBER, 0x300}, {"bdf", FORM_NUMBER, 1}},
		{{0}},
	};

	make(&form, 0);
	walk();
	walk_log_is_sound(&told);
	ck_assert_uint_eq(told.nr_weighed, 0);
	handover_end(&h);
}
END_TEST

/* More devices than a kernel could preserve at once are not read. */
START_TEST(count_of_what_follows_is_bounded)
{
	static const struct form form = {
		&luser_abi_pci_v2,
		{{"max_nr_devices", FORM_NUMBER, UINT64_MAX},
		 {"nr_devices", FORM_NUMBER, 0}},
		{{0}},
	};
	uint64_t counts[] = {(16 << 20) / 8 + 1, UINT64_MAX, UINT64_MAX / 8};

	make(&form, 0);
	handover_set(form.abi->root, written.root.at, "nr_devices",
		     counts[_i]);
	walk();
	ck_assert_uint_eq(told.nr_bad, 1);
	ck_assert_str_eq(walk_log_find(&told, "count")->path,
			 "LUO/flbs[pci-v2]/nr_devices");
	ck_assert_uint_eq(told.records, 1);
	handover_end(&h);
}
END_TEST

/* A virtual machine with pages, under the name of one without. */
START_TEST(root_that_leads_to_what_follows)
{
	static const struct form form = {
		&luser_abi_kvm_vm_v1_orphan, {{"type", FORM_NUMBER, 1}}, {{0}},
	};
	uint64_t list;
	uint8_t *at;

	handover_begin(&h, 4096, 0);
	form_encode(&form, &h, 0, &written);
	list = handover_page(&h);
	handover_set(form.abi->root, written.root.at, "pages", list);
	at = luser_image_at(h.image, list, 4096);
	luser_set_le64(at, 3);
	for (int i = 1; i <= 3; i++)
		luser_set_le64(at + 8 * i, handover_page(&h));
	form_carry(&form, &h, &written);
	handover_finish(&h);
	walk();
	walk_log_is_sound(&told);
	ck_assert_str_eq(told.weighed[0].abi->id, form.abi->id);
	ck_assert_str_eq(walk_log_candidate(&told, "kvm-vm-v1")->rule, "tail");
	ck_assert_uint_eq(told.records, 1 + 1 + 3);
	handover_end(&h);
}
END_TEST

static uint64_t bytes_read;

static void count_bytes(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	(void)ctx;
	(void)phys;
	(void)buf;
	bytes_read += len;
}

#define CHAIN_PAGES 8000

/* Pages behind the first one of the domains, like it. */
static void lengthen(void)
{
	uint64_t last = written.records[1][0] & ~UINT64_C(4095);
	uint8_t *first = luser_image_at(h.image, last, 4096);
	const struct luser_array *array =
		luser_struct_field(forms_iommu[nr_forms_iommu - 1].abi->root,
				   "iommu_domain_array_phys")->link->array;

	for (unsigned int i = 0; i < CHAIN_PAGES; i++) {
		uint64_t phys = handover_page(&h);
		uint8_t *page = luser_image_at(h.image, phys, 4096);

		memcpy(page, first, 4096);
		luser_field_set(array->next, page, 0, 0);
		luser_field_set(array->next,
				luser_image_at(h.image, last, 4096), 0, phys);
		last = phys;
	}
}

/* Long chains of what would do as either of two: a bounded part is judged. */
START_TEST(judging_ends)
{
	struct form form = forms_iommu[nr_forms_iommu - 1];
	struct luser_mem *mem;

	handover_begin(&h, 4096, 0);
	form_encode(&form, &h, 102, &written);
	lengthen();
	for (int i = 0; i < 20; i++)
		handover_add_flb(&h, form.abi->key, written.root.phys);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	luser_mem_observe(mem, count_bytes, NULL);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, NULL), LUSER_OK);
	luser_mem_close(mem);
	ck_assert_str_eq(told.weighed[0].abi->id, "iommu-liveupdate-1");
	ck_assert_int_eq(walk_log_candidate(&told, "iommu-liveupdate-1.early")
				 ->standing,
			 LUSER_STANDING_UNSOUND);
	walk_log_find(&told, "ambiguous");
	walk_log_find(&told, "read-twice");
	ck_assert_uint_gt(bytes_read, UINT64_C(4096) * CHAIN_PAGES * 3 / 2);
	ck_assert_uint_lt(bytes_read, (UINT64_C(64) << 20) +
			  UINT64_C(4096) * (CHAIN_PAGES + 100));
	handover_end(&h);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("judge");

	tcase_add_loop_test(tc, each_iommu_layout, 0, (int)nr_forms_iommu);
	tcase_add_loop_test(tc, each_other_layout, 0, (int)nr_forms_posted);
	tcase_add_test(tc, two_are_sound);
	tcase_add_loop_test(tc, damage_is_of_the_layout_that_is_there, 0, 4);
	tcase_add_test(tc, hints_are_never_reported);
	tcase_add_loop_test(tc, count_of_what_follows_is_bounded, 0, 3);
	tcase_add_test(tc, root_that_leads_to_what_follows);
	tcase_add_test(tc, judging_ends);
	return run_case("judge", tc);
}
