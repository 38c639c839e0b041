// SPDX-License-Identifier: GPL-2.0-only

/*
 * Each way in which the check refuses what an old kernel left: what is damaged
 * is reported as what it is, and nothing is lost but what depends on it.
 *
 * What was left is what luser's encoder made of a description. It is found by
 * the addresses that the encoder gave it.
 */

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/string.h>

#include "liveupdate-check.h"
#include "liveupdate-damage-kunit.h"
#include "liveupdate-damage-pages.h"

/**
 * struct damage_test - What was left.
 * @pages:  The pages.
 * @damage: What is damaged.
 * @told:   It was reported.
 * @faults: How much was.
 */
struct damage_test {
	struct kho_page_hdr_ser *pages[NR_ARRAYS];
	const struct damage *damage;
	bool told;
	u32 faults;
};

static bool damage_preserved(void *ctx, u64 phys, u64 size)
{
	return ALIGN_DOWN(phys, PAGE_SIZE) != LOST;
}

static const void *damage_map(void *ctx, u64 phys, u64 size)
{
	struct damage_test *dt = ctx;

	for (u32 i = 0; i < NR_ARRAYS; i++) {
		if (damage_pages[i].phys == phys)
			return dt->pages[i];
	}
	return NULL;
}

static void damage_report(void *ctx, const struct kho_fault *fault)
{
	struct damage_test *dt = ctx;
	const struct damage *damage = dt->damage;
	u32 array = damage->devices ? DEVICES : damage->array;

	dt->faults++;
	if (strcmp(fault->rule, damage->rule))
		return;
	dt->told |= !strcmp(fault->array, damage_pages[array].array) &&
		    (damage->header || damage->devices ||
		     fault->index == damage->record);
}

static const struct kho_sealed_ops damage_ops = {
	.map = damage_map,
	.preserved = damage_preserved,
	.report = damage_report,
};

static void *damage_record(struct damage_test *dt, u32 array, u32 index)
{
	struct kho_page_hdr_ser *hdr = dt->pages[array];

	return (void *)(hdr + 1) + index * hdr->record_size;
}

static void damage_seal(struct kho_page_hdr_ser *hdr)
{
	hdr->crc = 0;
	if (hdr->flags & KHO_PAGE_SEALED)
		hdr->crc = kho_sealed_page_crc(hdr);
}

static u32 device_domain(u32 i)
{
	return i == 3 ? 2 : i % 2;
}

/* The checksums are the encoder's too. */
static void damage_undo(struct damage_test *dt)
{
	for (u32 i = 0; i < NR_ARRAYS; i++) {
		const struct damage_page *page = &damage_pages[i];

		memset(dt->pages[i], 0, PAGE_SIZE);
		memcpy(dt->pages[i], page->bytes, page->size);
	}
}

static void damage_do(struct damage_test *dt)
{
	const struct damage *damage = dt->damage;
	void *at = dt->pages[damage->array];
	u64 value = damage->value;

	if (value == SELF)
		value = damage_pages[damage->array].phys;
	if (!damage->header)
		at = damage_record(dt, damage->array, damage->record);
	memcpy(at + damage->offset, &value, damage->size);
}

/*
 * Whether the damage costs a record. A page costs all in it. In another mode,
 * the devices of VT-d cannot be what they are.
 */
static bool is_hit(const struct damage *damage, bool page, u32 array, u32 i)
{
	if (damage->array == ROOT)
		return damage->devices && array == DEVICES && i != 1;
	return array == damage->array &&
	       (page || damage->header || i == damage->record ||
		(damage->twin && i == damage->twin));
}

static void expect_left(struct kunit *test, struct iommu_lu_view *view,
			bool page)
{
	struct damage_test *dt = test->priv;
	const struct damage *damage = dt->damage;

	for (u32 i = 0; i < NR_IOMMUS; i++)
		KUNIT_EXPECT_EQ(test, !iommu_lu_iommu(view, i),
				is_hit(damage, page, IOMMUS, i));
	for (u32 i = 0; i < NR_DOMAINS; i++)
		KUNIT_EXPECT_EQ(test, !iommu_lu_domain(view, i),
				is_hit(damage, page, DOMAINS, i));
	for (u32 i = 0; i < NR_DEVICES; i++)
		KUNIT_EXPECT_EQ(test, !iommu_lu_device(view, i),
				is_hit(damage, page, DEVICES, i) ||
				is_hit(damage, page, DOMAINS,
				       device_domain(i)) ||
				is_hit(damage, page, IOMMUS,
				       device_domain(i)));
}

static int damage_check(struct damage_test *dt, struct iommu_lu_view *view)
{
	dt->told = false;
	dt->faults = 0;
	return iommu_lu_check(damage_pages[ROOT].phys, &damage_ops, dt, view);
}

/* With the checksum left wrong, a page of records is lost, or all is. */
static void damage_unsealed(struct kunit *test)
{
	struct damage_test *dt = test->priv;
	const struct damage *damage = dt->damage;
	struct damage as_checksum = *damage;
	struct iommu_lu_view view;
	int err;

	as_checksum.rule = damage->unread ? damage->rule : "checksum";
	as_checksum.header = true;
	as_checksum.devices = false;
	damage_undo(dt);
	damage_do(dt);
	dt->damage = &as_checksum;
	err = damage_check(dt, &view);
	KUNIT_EXPECT_EQ(test, err, damage->array == ROOT ? -EBADMSG : 0);
	if (!err)
		expect_left(test, &view, true);
	iommu_lu_release(&view);
	dt->damage = damage;
	/* What is not sealed has no checksum. */
	if (strncmp(damage->rule, "unsealed", 8))
		KUNIT_EXPECT_TRUE(test, dt->told);
}

static void damage_sealed(struct kunit *test)
{
	struct damage_test *dt = test->priv;
	const struct damage *damage = dt->damage;
	struct iommu_lu_view view;
	int err = damage->err;

	if (damage->array == ROOT && damage->header)
		err = -EBADMSG;
	damage_undo(dt);
	damage_do(dt);
	/* A sum that is not of a sealed page is left as it is. */
	if (strcmp(damage->rule, "unsealed-sum"))
		damage_seal(dt->pages[damage->array]);
	KUNIT_EXPECT_EQ(test, damage_check(dt, &view), err);
	if (!err)
		expect_left(test, &view, false);
	iommu_lu_release(&view);
	KUNIT_EXPECT_TRUE(test, dt->told);
}

static void damage_both(struct kunit *test, u32 array)
{
	struct damage_test *dt = test->priv;
	struct damage damage = *(const struct damage *)test->param_value;

	damage.array = array;
	dt->damage = &damage;
	damage_unsealed(test);
	damage_sealed(test);
	dt->damage = NULL;
}

static void damage_header(struct kunit *test)
{
	for (u32 i = 0; i < NR_ARRAYS; i++)
		damage_both(test, i);
}

static void damage_chain(struct kunit *test)
{
	for (u32 i = IOMMUS; i < NR_ARRAYS; i++)
		damage_both(test, i);
}

static void damage_one(struct kunit *test)
{
	const struct damage *damage = test->param_value;

	damage_both(test, damage->array);
}

/* What the encoder was told is what is read. */
static void expect_values(struct kunit *test, struct iommu_lu_view *view)
{
	KUNIT_EXPECT_EQ(test, view->root.mode, IOMMU_MODE_SCALABLE);
	for (u32 i = 0; i < NR_IOMMUS; i++) {
		const struct iommu_ser *ser = iommu_lu_iommu(view, i);

		KUNIT_ASSERT_NOT_NULL(test, ser);
		KUNIT_EXPECT_EQ(test, ser->base, 0xfed90000 + i * SZ_4K);
		KUNIT_EXPECT_EQ(test, !iommu_lu_iommu_smmuv3(ser), i != 1);
	}
	for (u32 i = 0; i < NR_DOMAINS; i++) {
		const struct iommu_domain_ser *ser = iommu_lu_domain(view, i);

		KUNIT_ASSERT_NOT_NULL(test, ser);
		KUNIT_EXPECT_EQ(test, ser->top_table, TABLES + i * SZ_4K);
		KUNIT_EXPECT_EQ(test, ser->va_bits, 48);
		KUNIT_EXPECT_EQ(test, ser->oa_bits, 52);
	}
	for (u32 i = 0; i < NR_DEVICES; i++) {
		const struct iommu_device_ser *ser = iommu_lu_device(view, i);
		const struct iommu_device_intel_ser *intel;

		KUNIT_ASSERT_NOT_NULL(test, ser);
		KUNIT_EXPECT_EQ(test, ser->bdf, i);
		KUNIT_EXPECT_EQ(test, ser->domain, device_domain(i));
		KUNIT_EXPECT_EQ(test, ser->iommu, device_domain(i));
		KUNIT_EXPECT_EQ(test, ser->domain_id, 5 + ser->domain);
		intel = iommu_lu_device_intel(ser);
		KUNIT_EXPECT_EQ(test, !intel, i == 1);
		if (!intel)
			continue;
		KUNIT_EXPECT_EQ(test, intel->pasid_dir, TABLES);
		KUNIT_EXPECT_EQ(test, intel->max_pasid, 64);
	}
}

static void damage_none(struct kunit *test)
{
	static const struct damage none = { .rule = "", .array = NR_ARRAYS };
	struct damage_test *dt = test->priv;
	struct iommu_lu_view view;

	dt->damage = &none;
	damage_undo(dt);
	KUNIT_ASSERT_EQ(test, damage_check(dt, &view), 0);
	KUNIT_EXPECT_EQ(test, dt->faults, 0);
	expect_values(test, &view);
	iommu_lu_release(&view);
}

static int damage_test_init(struct kunit *test)
{
	struct damage_test *dt;

	if (PAGE_SIZE != DAMAGE_PAGE_SIZE)
		kunit_skip(test, "the pages are of another size");
	dt = kunit_kzalloc(test, sizeof(*dt), GFP_KERNEL);
	if (!dt)
		return -ENOMEM;
	test->priv = dt;
	for (u32 i = 0; i < NR_ARRAYS; i++) {
		dt->pages[i] = (void *)get_zeroed_page(GFP_KERNEL);
		if (!dt->pages[i])
			return -ENOMEM;
	}
	return 0;
}

static void damage_test_exit(struct kunit *test)
{
	struct damage_test *dt = test->priv;

	for (u32 i = 0; dt && i < NR_ARRAYS; i++)
		free_page((unsigned long)dt->pages[i]);
}

static void damage_name(const struct damage *damage, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s %u+%u", damage->rule,
		 damage->record, damage->offset);
}

KUNIT_ARRAY_PARAM(header, header_damages, damage_name);
KUNIT_ARRAY_PARAM(chain, chain_damages, damage_name);
KUNIT_ARRAY_PARAM(root, root_damages, damage_name);
KUNIT_ARRAY_PARAM(iommu, iommu_damages, damage_name);
KUNIT_ARRAY_PARAM(domain, domain_damages, damage_name);
KUNIT_ARRAY_PARAM(device, device_damages, damage_name);

static struct kunit_case damage_test_cases[] = {
	KUNIT_CASE(damage_none),
	KUNIT_CASE_PARAM(damage_header, header_gen_params),
	KUNIT_CASE_PARAM(damage_chain, chain_gen_params),
	KUNIT_CASE_PARAM(damage_one, root_gen_params),
	KUNIT_CASE_PARAM(damage_one, iommu_gen_params),
	KUNIT_CASE_PARAM(damage_one, domain_gen_params),
	KUNIT_CASE_PARAM(damage_one, device_gen_params),
	{}
};

static struct kunit_suite damage_test_suite = {
	.name = "iommu-liveupdate-damage",
	.init = damage_test_init,
	.exit = damage_test_exit,
	.test_cases = damage_test_cases,
};

kunit_test_suite(damage_test_suite);

MODULE_DESCRIPTION("Tests of refusing what an old kernel left");
MODULE_LICENSE("GPL");
