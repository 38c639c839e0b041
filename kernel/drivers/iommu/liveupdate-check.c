// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The check of iommu-v2: The IOMMUs, domains and devices whose translation goes
 * on.
 *
 * Made by luser-gen from iommu-v2.yaml. Do not edit.
 */

#include <linux/array_size.h>
#include <linux/kho_sealed_page.h>
#include <linux/mm.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "liveupdate-check.h"

static const struct kho_sealed_rule kho_page_hdr_ser_rules[] = {
	{
		.name = "version-value",
		.that = "version == 1",
		.offset = offsetof(struct kho_page_hdr_ser, version),
		.size = sizeof_field(struct kho_page_hdr_ser, version),
	},
	{
		.name = "record-size-multiple",
		.that = "record_size % 8 == 0",
		.offset = offsetof(struct kho_page_hdr_ser, record_size),
		.size = sizeof_field(struct kho_page_hdr_ser, record_size),
	},
	{
		.name = "next-aligned",
		.that = "next % page_size == 0",
		.offset = offsetof(struct kho_page_hdr_ser, next),
		.size = sizeof_field(struct kho_page_hdr_ser, next),
	},
	{
		.name = "flags-unknown",
		.that = "flags & 0xfffffffe == 0",
		.offset = offsetof(struct kho_page_hdr_ser, flags),
		.size = sizeof_field(struct kho_page_hdr_ser, flags),
	},
	{
		.name = "unsealed-sum",
		.that = "flags.sealed or crc == 0",
	},
};

static u64 kho_page_hdr_ser_broken(const void *at, const void *root_at)
{
	const struct kho_page_hdr_ser *ser = at;
	const u64 version = ser->version;
	const u64 record_size = ser->record_size;
	const u64 next = ser->next;
	const u64 flags = ser->flags;
	const u64 crc = ser->crc;

	return kho_sealed_unless(0, version == 1) |
	       kho_sealed_unless(1, (record_size & 7) == 0) |
	       kho_sealed_unless(2, (next & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(3, (flags & 0xfffffffeu) == 0) |
	       kho_sealed_unless(4, (flags & 1) != 0 || crc == 0);
}

static const struct kho_sealed_struct kho_page_hdr_ser_type = {
	.size = sizeof(struct kho_page_hdr_ser),
	.min_size = 40,
	.nr_rules = ARRAY_SIZE(kho_page_hdr_ser_rules),
	.broken = kho_page_hdr_ser_broken,
	.rules = kho_page_hdr_ser_rules,
};

static const struct kho_sealed_rule iommu_root_ser_rules[] = {
	{
		.name = "incompat-unknown",
		.that = "incompat == 0",
		.offset = offsetof(struct iommu_root_ser, incompat),
		.size = sizeof_field(struct iommu_root_ser, incompat),
		.refuse = true,
	},
	{
		.name = "mode-known",
		.that = "mode in iommu_mode",
		.offset = offsetof(struct iommu_root_ser, mode),
		.size = sizeof_field(struct iommu_root_ser, mode),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_root_ser, pad0),
		.size = sizeof_field(struct iommu_root_ser, pad0),
	},
	{
		.name = "iommus-aligned",
		.that = "iommus % page_size == 0",
		.offset = offsetof(struct iommu_root_ser, iommus),
		.size = sizeof_field(struct iommu_root_ser, iommus),
	},
	{
		.name = "domains-aligned",
		.that = "domains % page_size == 0",
		.offset = offsetof(struct iommu_root_ser, domains),
		.size = sizeof_field(struct iommu_root_ser, domains),
	},
	{
		.name = "devices-aligned",
		.that = "devices % page_size == 0",
		.offset = offsetof(struct iommu_root_ser, devices),
		.size = sizeof_field(struct iommu_root_ser, devices),
	},
	{
		.name = "pad1-zero",
		.that = "pad1 == 0",
		.offset = offsetof(struct iommu_root_ser, pad1),
		.size = sizeof_field(struct iommu_root_ser, pad1),
	},
	{
		.name = "same-page-size",
		.that = "root.page_size == page_size",
		.offset = offsetof(struct iommu_root_ser, page_size),
		.size = sizeof_field(struct iommu_root_ser, page_size),
		.refuse = true,
	},
	{
		.name = "iommus-counted",
		.that = "(iommus == 0) == (nr_iommus == 0)",
	},
	{
		.name = "domains-counted",
		.that = "(domains == 0) == (nr_domains == 0)",
	},
	{
		.name = "devices-counted",
		.that = "(devices == 0) == (nr_devices == 0)",
	},
};

static u64 iommu_root_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_root_ser *ser = at;
	const u64 incompat = ser->incompat;
	const u64 mode = ser->mode;
	const u64 pad0 = ser->pad0;
	const u64 iommus = ser->iommus;
	const u64 domains = ser->domains;
	const u64 devices = ser->devices;
	const u64 pad1 = ser->pad1;
	const u64 page_size = ser->page_size;
	const u64 nr_iommus = ser->nr_iommus;
	const u64 nr_domains = ser->nr_domains;
	const u64 nr_devices = ser->nr_devices;

	return kho_sealed_unless(0, incompat == 0) |
	       kho_sealed_unless(1, mode >= 1 && mode <= 2) |
	       kho_sealed_unless(2, pad0 == 0) |
	       kho_sealed_unless(3, (iommus & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(4, (domains & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(5, (devices & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(6, pad1 == 0) |
	       kho_sealed_unless(7, page_size == PAGE_SIZE) |
	       kho_sealed_unless(8, (iommus == 0) == (nr_iommus == 0)) |
	       kho_sealed_unless(9, (domains == 0) == (nr_domains == 0)) |
	       kho_sealed_unless(10, (devices == 0) == (nr_devices == 0));
}

static const struct kho_sealed_struct iommu_root_ser_type = {
	.size = sizeof(struct iommu_root_ser),
	.min_size = 64,
	.nr_rules = ARRAY_SIZE(iommu_root_ser_rules),
	.broken = iommu_root_ser_broken,
	.rules = iommu_root_ser_rules,
};

static const struct kho_sealed_rule iommu_intel_ser_rules[] = {
	{
		.name = "root-table-set",
		.that = "root_table != 0",
		.offset = offsetof(struct iommu_intel_ser, root_table),
		.size = sizeof_field(struct iommu_intel_ser, root_table),
	},
	{
		.name = "root-table-aligned",
		.that = "root_table % page_size == 0",
		.offset = offsetof(struct iommu_intel_ser, root_table),
		.size = sizeof_field(struct iommu_intel_ser, root_table),
	},
	{
		.name = "nr-context-tables-max",
		.that = "nr_context_tables <= 512",
		.offset = offsetof(struct iommu_intel_ser, nr_context_tables),
		.size = sizeof_field(struct iommu_intel_ser, nr_context_tables),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_intel_ser, pad0),
		.size = sizeof_field(struct iommu_intel_ser, pad0),
	},
};

static u64 iommu_intel_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_intel_ser *ser = at;
	const u64 root_table = ser->root_table;
	const u64 nr_context_tables = ser->nr_context_tables;
	const u64 pad0 = ser->pad0;

	return kho_sealed_unless(0, root_table != 0) |
	       kho_sealed_unless(1, (root_table & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(2, nr_context_tables <= 0x200) |
	       kho_sealed_unless(3, pad0 == 0);
}

static const struct kho_sealed_memory iommu_intel_ser_memory[] = {
	{
		.size = PAGE_SIZE,
		.offset = offsetof(struct iommu_intel_ser, root_table),
	},
};

static const struct kho_sealed_struct iommu_intel_ser_type = {
	.size = sizeof(struct iommu_intel_ser),
	.min_size = 32,
	.nr_rules = ARRAY_SIZE(iommu_intel_ser_rules),
	.broken = iommu_intel_ser_broken,
	.rules = iommu_intel_ser_rules,
	.nr_memory = ARRAY_SIZE(iommu_intel_ser_memory),
	.memory = iommu_intel_ser_memory,
};

static const struct kho_sealed_rule iommu_smmuv3_ser_rules[] = {
	{
		.name = "strtab-base-set",
		.that = "strtab_base != 0",
		.offset = offsetof(struct iommu_smmuv3_ser, strtab_base),
		.size = sizeof_field(struct iommu_smmuv3_ser, strtab_base),
	},
	{
		.name = "strtab-base-aligned",
		.that = "strtab_base % 64 == 0",
		.offset = offsetof(struct iommu_smmuv3_ser, strtab_base),
		.size = sizeof_field(struct iommu_smmuv3_ser, strtab_base),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_smmuv3_ser, pad0),
		.size = sizeof_field(struct iommu_smmuv3_ser, pad0),
	},
};

static u64 iommu_smmuv3_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_smmuv3_ser *ser = at;
	const u64 strtab_base = ser->strtab_base;
	const u64 pad0 = ser->pad0;

	return kho_sealed_unless(0, strtab_base != 0) |
	       kho_sealed_unless(1, (strtab_base & 63) == 0) |
	       kho_sealed_unless(2, pad0 == 0);
}

static const struct kho_sealed_memory iommu_smmuv3_ser_memory[] = {
	{
		.size = 64,
		.offset = offsetof(struct iommu_smmuv3_ser, strtab_base),
	},
};

static const struct kho_sealed_struct iommu_smmuv3_ser_type = {
	.size = sizeof(struct iommu_smmuv3_ser),
	.min_size = 32,
	.nr_rules = ARRAY_SIZE(iommu_smmuv3_ser_rules),
	.broken = iommu_smmuv3_ser_broken,
	.rules = iommu_smmuv3_ser_rules,
	.nr_memory = ARRAY_SIZE(iommu_smmuv3_ser_memory),
	.memory = iommu_smmuv3_ser_memory,
};

static const struct kho_sealed_rule iommu_ser_rules[] = {
	{
		.name = "base-multiple",
		.that = "base % 4096 == 0",
		.offset = offsetof(struct iommu_ser, base),
		.size = sizeof_field(struct iommu_ser, base),
	},
	{
		.name = "flags-unknown",
		.that = "flags & 0xfffe == 0",
		.offset = offsetof(struct iommu_ser, flags),
		.size = sizeof_field(struct iommu_ser, flags),
	},
	{
		.name = "driver-type-known",
		.that = "driver_type in iommu_driver",
		.offset = offsetof(struct iommu_ser, driver_type),
		.size = sizeof_field(struct iommu_ser, driver_type),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_ser, pad0),
		.size = sizeof_field(struct iommu_ser, pad0),
	},
	{
		.name = "live",
		.that = "flags.live",
		.offset = offsetof(struct iommu_ser, flags),
		.size = sizeof_field(struct iommu_ser, flags),
	},
};

static u64 iommu_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_ser *ser = at;
	const u64 base = ser->base;
	const u64 flags = ser->flags;
	const u64 driver_type = ser->driver_type;
	const u64 pad0 = ser->pad0;

	return kho_sealed_unless(0, (base & 0xfff) == 0) |
	       kho_sealed_unless(1, (flags & 0xfffe) == 0) |
	       kho_sealed_unless(2, driver_type >= 1 && driver_type <= 3) |
	       kho_sealed_unless(3, pad0 == 0) |
	       kho_sealed_unless(4, (flags & 1) != 0);
}

static const struct kho_sealed_arm iommu_ser_driver_arms[] = {
	{
		.tag = IOMMU_DRIVER_INTEL,
		.type = &iommu_intel_ser_type,
	},
	{
		.tag = IOMMU_DRIVER_SMMUV3,
		.type = &iommu_smmuv3_ser_type,
	},
};

static const struct kho_sealed_section iommu_ser_sections[] = {
	{
		.tag = {
			.offset = offsetof(struct iommu_ser, driver_type),
			.size = sizeof_field(struct iommu_ser, driver_type),
		},
		.offset = {
			.offset = offsetof(struct iommu_ser, driver_offset),
			.size = sizeof_field(struct iommu_ser, driver_offset),
		},
		.size = {
			.offset = offsetof(struct iommu_ser, driver_size),
			.size = sizeof_field(struct iommu_ser, driver_size),
		},
		.first = 24,
		.nr_arms = ARRAY_SIZE(iommu_ser_driver_arms),
		.arms = iommu_ser_driver_arms,
	},
};

static const struct kho_sealed_struct iommu_ser_type = {
	.size = sizeof(struct iommu_ser),
	.min_size = 56,
	.nr_rules = ARRAY_SIZE(iommu_ser_rules),
	.broken = iommu_ser_broken,
	.rules = iommu_ser_rules,
	.nr_sections = ARRAY_SIZE(iommu_ser_sections),
	.sections = iommu_ser_sections,
};

static const struct kho_sealed_rule iommu_domain_ser_rules[] = {
	{
		.name = "top-table-set",
		.that = "top_table != 0",
		.offset = offsetof(struct iommu_domain_ser, top_table),
		.size = sizeof_field(struct iommu_domain_ser, top_table),
	},
	{
		.name = "top-table-aligned",
		.that = "top_table % page_size == 0",
		.offset = offsetof(struct iommu_domain_ser, top_table),
		.size = sizeof_field(struct iommu_domain_ser, top_table),
	},
	{
		.name = "format-known",
		.that = "format in iommu_table_format",
		.offset = offsetof(struct iommu_domain_ser, format),
		.size = sizeof_field(struct iommu_domain_ser, format),
	},
	{
		.name = "flags-unknown",
		.that = "flags & 0xfffe == 0",
		.offset = offsetof(struct iommu_domain_ser, flags),
		.size = sizeof_field(struct iommu_domain_ser, flags),
	},
	{
		.name = "top-level-max",
		.that = "top_level <= 5",
		.offset = offsetof(struct iommu_domain_ser, top_level),
		.size = sizeof_field(struct iommu_domain_ser, top_level),
	},
	{
		.name = "va-bits-min",
		.that = "va_bits >= 12",
		.offset = offsetof(struct iommu_domain_ser, va_bits),
		.size = sizeof_field(struct iommu_domain_ser, va_bits),
	},
	{
		.name = "va-bits-max",
		.that = "va_bits <= 64",
		.offset = offsetof(struct iommu_domain_ser, va_bits),
		.size = sizeof_field(struct iommu_domain_ser, va_bits),
	},
	{
		.name = "oa-bits-min",
		.that = "oa_bits >= 12",
		.offset = offsetof(struct iommu_domain_ser, oa_bits),
		.size = sizeof_field(struct iommu_domain_ser, oa_bits),
	},
	{
		.name = "oa-bits-max",
		.that = "oa_bits <= 64",
		.offset = offsetof(struct iommu_domain_ser, oa_bits),
		.size = sizeof_field(struct iommu_domain_ser, oa_bits),
	},
	{
		.name = "granule-shift-min",
		.that = "granule_shift >= 12",
		.offset = offsetof(struct iommu_domain_ser, granule_shift),
		.size = sizeof_field(struct iommu_domain_ser, granule_shift),
	},
	{
		.name = "granule-shift-max",
		.that = "granule_shift <= 16",
		.offset = offsetof(struct iommu_domain_ser, granule_shift),
		.size = sizeof_field(struct iommu_domain_ser, granule_shift),
	},
	{
		.name = "features-unknown",
		.that = "features & 0xfffffff8 == 0",
		.offset = offsetof(struct iommu_domain_ser, features),
		.size = sizeof_field(struct iommu_domain_ser, features),
	},
	{
		.name = "nr-tables-min",
		.that = "nr_tables >= 1",
		.offset = offsetof(struct iommu_domain_ser, nr_tables),
		.size = sizeof_field(struct iommu_domain_ser, nr_tables),
	},
	{
		.name = "driver-type-known",
		.that = "driver_type in iommu_driver",
		.offset = offsetof(struct iommu_domain_ser, driver_type),
		.size = sizeof_field(struct iommu_domain_ser, driver_type),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_domain_ser, pad0),
		.size = sizeof_field(struct iommu_domain_ser, pad0),
	},
	{
		.name = "live",
		.that = "flags.live",
		.offset = offsetof(struct iommu_domain_ser, flags),
		.size = sizeof_field(struct iommu_domain_ser, flags),
	},
	{
		.name = "levels-cover",
		.that =
			"granule_shift + (top_level + 1) * 9 + 8 >= va_bits or granule_shift != 12",
	},
	{
		.name = "sign-extended",
		.that =
			"not features.sign_extend or format == iommu_table_format.x86_64 or format == iommu_table_format.armv8_s1",
	},
};

static u64 iommu_domain_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_domain_ser *ser = at;
	const u64 top_table = ser->top_table;
	const u64 format = ser->format;
	const u64 flags = ser->flags;
	const u64 top_level = ser->top_level;
	const u64 va_bits = ser->va_bits;
	const u64 oa_bits = ser->oa_bits;
	const u64 granule_shift = ser->granule_shift;
	const u64 features = ser->features;
	const u64 nr_tables = ser->nr_tables;
	const u64 driver_type = ser->driver_type;
	const u64 pad0 = ser->pad0;

	return kho_sealed_unless(0, top_table != 0) |
	       kho_sealed_unless(1, (top_table & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(2, format >= 1 && format <= 5) |
	       kho_sealed_unless(3, (flags & 0xfffe) == 0) |
	       kho_sealed_unless(4, top_level <= 5) |
	       kho_sealed_unless(5, va_bits >= 12) |
	       kho_sealed_unless(6, va_bits <= 0x40) |
	       kho_sealed_unless(7, oa_bits >= 12) |
	       kho_sealed_unless(8, oa_bits <= 0x40) |
	       kho_sealed_unless(9, granule_shift >= 12) |
	       kho_sealed_unless(10, granule_shift <= 0x10) |
	       kho_sealed_unless(11, (features & 0xfffffff8u) == 0) |
	       kho_sealed_unless(12, nr_tables >= 1) |
	       kho_sealed_unless(13, driver_type >= 1 && driver_type <= 3) |
	       kho_sealed_unless(14, pad0 == 0) |
	       kho_sealed_unless(15, (flags & 1) != 0) |
	       kho_sealed_unless(16,
				 (granule_shift + (top_level + 1) * 9 + 8) >= va_bits ||
				 granule_shift != 12) |
	       kho_sealed_unless(17, (features & 1) == 0 || format == 2 ||
				 format == 4);
}

static const struct kho_sealed_memory iommu_domain_ser_memory[] = {
	{
		.size = PAGE_SIZE,
		.offset = offsetof(struct iommu_domain_ser, top_table),
	},
};

static const struct kho_sealed_section iommu_domain_ser_sections[] = {
	{
		.tag = {
			.offset = offsetof(struct iommu_domain_ser, driver_type),
			.size = sizeof_field(struct iommu_domain_ser, driver_type),
		},
		.offset = {
			.offset = offsetof(struct iommu_domain_ser, driver_offset),
			.size = sizeof_field(struct iommu_domain_ser, driver_offset),
		},
		.size = {
			.offset = offsetof(struct iommu_domain_ser, driver_size),
			.size = sizeof_field(struct iommu_domain_ser, driver_size),
		},
		.first = 32,
	},
};

static const struct kho_sealed_struct iommu_domain_ser_type = {
	.size = sizeof(struct iommu_domain_ser),
	.min_size = 32,
	.nr_rules = ARRAY_SIZE(iommu_domain_ser_rules),
	.broken = iommu_domain_ser_broken,
	.rules = iommu_domain_ser_rules,
	.nr_memory = ARRAY_SIZE(iommu_domain_ser_memory),
	.memory = iommu_domain_ser_memory,
	.nr_sections = ARRAY_SIZE(iommu_domain_ser_sections),
	.sections = iommu_domain_ser_sections,
};

static const struct kho_sealed_rule iommu_device_intel_ser_rules[] = {
	{
		.name = "pasid-dir-aligned",
		.that = "pasid_dir % page_size == 0",
		.offset = offsetof(struct iommu_device_intel_ser, pasid_dir),
		.size = sizeof_field(struct iommu_device_intel_ser, pasid_dir),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_device_intel_ser, pad0),
		.size = sizeof_field(struct iommu_device_intel_ser, pad0),
	},
	{
		.name = "legacy-has-none",
		.that = "root.mode != iommu_mode.legacy or (pasid_dir == 0 and max_pasid == 0)",
	},
	{
		.name = "scalable-has-one",
		.that = "root.mode != iommu_mode.scalable or (pasid_dir != 0 and max_pasid != 0)",
	},
};

static u64 iommu_device_intel_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_device_intel_ser *ser = at;
	const struct iommu_root_ser *root = root_at;
	const u64 pasid_dir = ser->pasid_dir;
	const u64 pad0 = ser->pad0;
	const u64 root_mode = root->mode;
	const u64 max_pasid = ser->max_pasid;

	return kho_sealed_unless(0, (pasid_dir & (PAGE_SIZE - 1)) == 0) |
	       kho_sealed_unless(1, pad0 == 0) |
	       kho_sealed_unless(2, root_mode != 1 ||
				 (pasid_dir == 0 && max_pasid == 0)) |
	       kho_sealed_unless(3, root_mode != 2 ||
				 (pasid_dir != 0 && max_pasid != 0));
}

static const struct kho_sealed_memory iommu_device_intel_ser_memory[] = {
	{
		.size = PAGE_SIZE,
		.offset = offsetof(struct iommu_device_intel_ser, pasid_dir),
	},
};

static const struct kho_sealed_struct iommu_device_intel_ser_type = {
	.size = sizeof(struct iommu_device_intel_ser),
	.min_size = 16,
	.nr_rules = ARRAY_SIZE(iommu_device_intel_ser_rules),
	.broken = iommu_device_intel_ser_broken,
	.rules = iommu_device_intel_ser_rules,
	.nr_memory = ARRAY_SIZE(iommu_device_intel_ser_memory),
	.memory = iommu_device_intel_ser_memory,
};

static const struct kho_sealed_rule iommu_device_smmuv3_ser_rules[] = {
	{
		.name = "cd-table-aligned",
		.that = "cd_table % 64 == 0",
		.offset = offsetof(struct iommu_device_smmuv3_ser, cd_table),
		.size = sizeof_field(struct iommu_device_smmuv3_ser, cd_table),
	},
	{
		.name = "cd-max-max",
		.that = "cd_max <= 20",
		.offset = offsetof(struct iommu_device_smmuv3_ser, cd_max),
		.size = sizeof_field(struct iommu_device_smmuv3_ser, cd_max),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_device_smmuv3_ser, pad0),
		.size = sizeof_field(struct iommu_device_smmuv3_ser, pad0),
	},
};

static u64 iommu_device_smmuv3_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_device_smmuv3_ser *ser = at;
	const u64 cd_table = ser->cd_table;
	const u64 cd_max = ser->cd_max;
	const u64 pad0 = ser->pad0;

	return kho_sealed_unless(0, (cd_table & 63) == 0) |
	       kho_sealed_unless(1, cd_max <= 20) |
	       kho_sealed_unless(2, pad0 == 0);
}

static const struct kho_sealed_memory iommu_device_smmuv3_ser_memory[] = {
	{
		.size = 64,
		.offset = offsetof(struct iommu_device_smmuv3_ser, cd_table),
	},
};

static const struct kho_sealed_struct iommu_device_smmuv3_ser_type = {
	.size = sizeof(struct iommu_device_smmuv3_ser),
	.min_size = 16,
	.nr_rules = ARRAY_SIZE(iommu_device_smmuv3_ser_rules),
	.broken = iommu_device_smmuv3_ser_broken,
	.rules = iommu_device_smmuv3_ser_rules,
	.nr_memory = ARRAY_SIZE(iommu_device_smmuv3_ser_memory),
	.memory = iommu_device_smmuv3_ser_memory,
};

static const struct kho_sealed_rule iommu_device_ser_rules[] = {
	{
		.name = "flags-unknown",
		.that = "flags & 0xfffe == 0",
		.offset = offsetof(struct iommu_device_ser, flags),
		.size = sizeof_field(struct iommu_device_ser, flags),
	},
	{
		.name = "domain-id-max",
		.that = "domain_id <= 65535",
		.offset = offsetof(struct iommu_device_ser, domain_id),
		.size = sizeof_field(struct iommu_device_ser, domain_id),
	},
	{
		.name = "driver-type-known",
		.that = "driver_type in iommu_driver",
		.offset = offsetof(struct iommu_device_ser, driver_type),
		.size = sizeof_field(struct iommu_device_ser, driver_type),
	},
	{
		.name = "pad0-zero",
		.that = "pad0 == 0",
		.offset = offsetof(struct iommu_device_ser, pad0),
		.size = sizeof_field(struct iommu_device_ser, pad0),
	},
	{
		.name = "live",
		.that = "flags.live",
		.offset = offsetof(struct iommu_device_ser, flags),
		.size = sizeof_field(struct iommu_device_ser, flags),
	},
};

static u64 iommu_device_ser_broken(const void *at, const void *root_at)
{
	const struct iommu_device_ser *ser = at;
	const u64 flags = ser->flags;
	const u64 domain_id = ser->domain_id;
	const u64 driver_type = ser->driver_type;
	const u64 pad0 = !!memchr_inv(ser->pad0, 0, sizeof(ser->pad0));

	return kho_sealed_unless(0, (flags & 0xfffe) == 0) |
	       kho_sealed_unless(1, domain_id <= 0xffff) |
	       kho_sealed_unless(2, driver_type >= 1 && driver_type <= 3) |
	       kho_sealed_unless(3, pad0 == 0) |
	       kho_sealed_unless(4, (flags & 1) != 0);
}

static const struct kho_sealed_index iommu_device_ser_indices[] = {
	{
		.offset = offsetof(struct iommu_device_ser, domain),
		.expected = "a record of domains",
	},
	{
		.offset = offsetof(struct iommu_device_ser, iommu),
		.target = 1,
		.expected = "a record of iommus",
	},
};

static const struct kho_sealed_arm iommu_device_ser_driver_arms[] = {
	{
		.tag = IOMMU_DRIVER_INTEL,
		.type = &iommu_device_intel_ser_type,
	},
	{
		.tag = IOMMU_DRIVER_SMMUV3,
		.type = &iommu_device_smmuv3_ser_type,
	},
};

static const struct kho_sealed_section iommu_device_ser_sections[] = {
	{
		.tag = {
			.offset = offsetof(struct iommu_device_ser, driver_type),
			.size = sizeof_field(struct iommu_device_ser, driver_type),
		},
		.offset = {
			.offset = offsetof(struct iommu_device_ser, driver_offset),
			.size = sizeof_field(struct iommu_device_ser, driver_offset),
		},
		.size = {
			.offset = offsetof(struct iommu_device_ser, driver_size),
			.size = sizeof_field(struct iommu_device_ser, driver_size),
		},
		.first = 32,
		.nr_arms = ARRAY_SIZE(iommu_device_ser_driver_arms),
		.arms = iommu_device_ser_driver_arms,
	},
};

static const struct kho_sealed_struct iommu_device_ser_type = {
	.size = sizeof(struct iommu_device_ser),
	.min_size = 48,
	.nr_rules = ARRAY_SIZE(iommu_device_ser_rules),
	.broken = iommu_device_ser_broken,
	.rules = iommu_device_ser_rules,
	.nr_indices = ARRAY_SIZE(iommu_device_ser_indices),
	.indices = iommu_device_ser_indices,
	.nr_sections = ARRAY_SIZE(iommu_device_ser_sections),
	.sections = iommu_device_ser_sections,
};

static const struct kho_sealed_expect root_expect[] = {
	{
		.field = {
			.name = "magic",
			.offset = offsetof(struct kho_page_hdr_ser, magic),
			.size = sizeof_field(struct kho_page_hdr_ser, magic),
		},
		.value = IOMMU_LU_MAGIC,
	},
	{
		.field = {
			.name = "kind",
			.offset = offsetof(struct kho_page_hdr_ser, kind),
			.size = sizeof_field(struct kho_page_hdr_ser, kind),
		},
		.value = IOMMU_ARRAY_KIND_ROOT,
	},
	{
		.field = {
			.name = "nr_used",
			.offset = offsetof(struct kho_page_hdr_ser, nr_used),
			.size = sizeof_field(struct kho_page_hdr_ser, nr_used),
		},
		.value = 1,
	},
};

static const struct kho_sealed_type root_type = {
	.name = "root",
	.header = &kho_page_hdr_ser_type,
	.record = &iommu_root_ser_type,
	.max_pages = 1,
	.min_count = 1,
	.nr_expect = ARRAY_SIZE(root_expect),
	.expect = root_expect,
};

static const struct kho_sealed_expect iommus_expect[] = {
	{
		.field = {
			.name = "magic",
			.offset = offsetof(struct kho_page_hdr_ser, magic),
			.size = sizeof_field(struct kho_page_hdr_ser, magic),
		},
		.value = IOMMU_LU_MAGIC,
	},
	{
		.field = {
			.name = "kind",
			.offset = offsetof(struct kho_page_hdr_ser, kind),
			.size = sizeof_field(struct kho_page_hdr_ser, kind),
		},
		.value = IOMMU_ARRAY_KIND_IOMMUS,
	},
};

static const struct kho_sealed_field iommus_same[] = {
	{
		.name = "handover",
		.offset = offsetof(struct kho_page_hdr_ser, handover),
		.size = sizeof_field(struct kho_page_hdr_ser, handover),
	},
};

static u64 iommus_one_base_by(const void *at)
{
	const struct iommu_ser *ser = at;

	return ser->base;
}

static const struct kho_sealed_unique iommus_unique[] = {
	{
		.name = "one-base",
		.that = "no other record with this base",
		.key = iommus_one_base_by,
	},
};

static const struct kho_sealed_type iommus_type = {
	.name = "iommus",
	.header = &kho_page_hdr_ser_type,
	.record = &iommu_ser_type,
	.max_pages = IOMMU_LU_MAX_PAGES,
	.min_count = 1,
	.full = true,
	.zero_is_free = true,
	.first = {
		.offset = offsetof(struct iommu_root_ser, iommus),
		.size = sizeof_field(struct iommu_root_ser, iommus),
	},
	.total = {
		.offset = offsetof(struct iommu_root_ser, nr_iommus),
		.size = sizeof_field(struct iommu_root_ser, nr_iommus),
	},
	.nr_expect = ARRAY_SIZE(iommus_expect),
	.expect = iommus_expect,
	.nr_same = ARRAY_SIZE(iommus_same),
	.same = iommus_same,
	.nr_unique = ARRAY_SIZE(iommus_unique),
	.unique = iommus_unique,
};

static const struct kho_sealed_expect domains_expect[] = {
	{
		.field = {
			.name = "magic",
			.offset = offsetof(struct kho_page_hdr_ser, magic),
			.size = sizeof_field(struct kho_page_hdr_ser, magic),
		},
		.value = IOMMU_LU_MAGIC,
	},
	{
		.field = {
			.name = "kind",
			.offset = offsetof(struct kho_page_hdr_ser, kind),
			.size = sizeof_field(struct kho_page_hdr_ser, kind),
		},
		.value = IOMMU_ARRAY_KIND_DOMAINS,
	},
};

static const struct kho_sealed_field domains_same[] = {
	{
		.name = "handover",
		.offset = offsetof(struct kho_page_hdr_ser, handover),
		.size = sizeof_field(struct kho_page_hdr_ser, handover),
	},
};

static u64 domains_one_top_table_by(const void *at)
{
	const struct iommu_domain_ser *ser = at;

	return ser->top_table;
}

static const struct kho_sealed_unique domains_unique[] = {
	{
		.name = "one-top-table",
		.that = "no other record with this top_table",
		.key = domains_one_top_table_by,
	},
};

static const struct kho_sealed_type domains_type = {
	.name = "domains",
	.header = &kho_page_hdr_ser_type,
	.record = &iommu_domain_ser_type,
	.max_pages = IOMMU_LU_MAX_PAGES,
	.min_count = 1,
	.full = true,
	.zero_is_free = true,
	.first = {
		.offset = offsetof(struct iommu_root_ser, domains),
		.size = sizeof_field(struct iommu_root_ser, domains),
	},
	.total = {
		.offset = offsetof(struct iommu_root_ser, nr_domains),
		.size = sizeof_field(struct iommu_root_ser, nr_domains),
	},
	.nr_expect = ARRAY_SIZE(domains_expect),
	.expect = domains_expect,
	.nr_same = ARRAY_SIZE(domains_same),
	.same = domains_same,
	.nr_unique = ARRAY_SIZE(domains_unique),
	.unique = domains_unique,
};

static const struct kho_sealed_expect devices_expect[] = {
	{
		.field = {
			.name = "magic",
			.offset = offsetof(struct kho_page_hdr_ser, magic),
			.size = sizeof_field(struct kho_page_hdr_ser, magic),
		},
		.value = IOMMU_LU_MAGIC,
	},
	{
		.field = {
			.name = "kind",
			.offset = offsetof(struct kho_page_hdr_ser, kind),
			.size = sizeof_field(struct kho_page_hdr_ser, kind),
		},
		.value = IOMMU_ARRAY_KIND_DEVICES,
	},
};

static const struct kho_sealed_field devices_same[] = {
	{
		.name = "handover",
		.offset = offsetof(struct kho_page_hdr_ser, handover),
		.size = sizeof_field(struct kho_page_hdr_ser, handover),
	},
};

static u64 devices_one_bdf_by(const void *at)
{
	const struct iommu_device_ser *ser = at;

	return (u64)ser->segment << 16 | ser->bdf;
}

static u64 devices_one_domain_by(const void *at)
{
	const struct iommu_device_ser *ser = at;

	return (u64)ser->iommu << 32 | ser->domain_id;
}

static u64 devices_one_domain_same(const void *at)
{
	const struct iommu_device_ser *ser = at;

	return ser->domain;
}

static u64 devices_one_domain_id_by(const void *at)
{
	const struct iommu_device_ser *ser = at;

	return (u64)ser->iommu << 32 | ser->domain;
}

static u64 devices_one_domain_id_same(const void *at)
{
	const struct iommu_device_ser *ser = at;

	return ser->domain_id;
}

static const struct kho_sealed_unique devices_unique[] = {
	{
		.name = "one-bdf",
		.that = "no other record with this segment and bdf",
		.key = devices_one_bdf_by,
	},
	{
		.name = "one-domain",
		.that = "one domain in all records with this iommu and domain_id",
		.key = devices_one_domain_by,
		.same = devices_one_domain_same,
	},
	{
		.name = "one-domain-id",
		.that = "one domain_id in all records with this iommu and domain",
		.key = devices_one_domain_id_by,
		.same = devices_one_domain_id_same,
	},
};

static const struct kho_sealed_type devices_type = {
	.name = "devices",
	.header = &kho_page_hdr_ser_type,
	.record = &iommu_device_ser_type,
	.max_pages = IOMMU_LU_MAX_PAGES,
	.min_count = 1,
	.full = true,
	.zero_is_free = true,
	.first = {
		.offset = offsetof(struct iommu_root_ser, devices),
		.size = sizeof_field(struct iommu_root_ser, devices),
	},
	.total = {
		.offset = offsetof(struct iommu_root_ser, nr_devices),
		.size = sizeof_field(struct iommu_root_ser, nr_devices),
	},
	.nr_expect = ARRAY_SIZE(devices_expect),
	.expect = devices_expect,
	.nr_same = ARRAY_SIZE(devices_same),
	.same = devices_same,
	.nr_unique = ARRAY_SIZE(devices_unique),
	.unique = devices_unique,
};

/**
 * iommu_lu_check - Check what iommu-v2 handed over
 * @phys: The root's page.
 * @ops: What the check asks, and whom it tells what is wrong.
 * @ctx: Handed to @ops.
 * @view: Receives what is left. To be given back with iommu_lu_release().
 *
 * Damage to a part is no error: it is reported, and @view is without it.
 *
 * Context: May sleep.
 * Return: 0, -ENOMEM, -EBADMSG if the root is damaged, -EOPNOTSUPP if this
 * kernel does not understand what was handed over.
 */
int iommu_lu_check(u64 phys, const struct kho_sealed_ops *ops, void *ctx,
		   struct iommu_lu_view *view)
{
	const struct kho_sealed_array *const targets[] = {
		&view->domains,
		&view->iommus,
	};
	struct kho_sealed_check check = {
		.ops = ops,
		.ctx = ctx,
		.targets = targets,
	};
	int err;

	memset(view, 0, sizeof(*view));
	err = kho_sealed_check_root(&check, &root_type, phys,
				    &view->root, &view->root_page);
	if (!err)
		err = kho_sealed_check_array(&check, &iommus_type,
					     &view->iommus);
	if (!err)
		err = kho_sealed_check_array(&check, &domains_type,
					     &view->domains);
	if (!err)
		err = kho_sealed_check_array(&check, &devices_type,
					     &view->devices);
	if (err)
		iommu_lu_release(view);
	return err;
}

/**
 * iommu_lu_release - Give back what a view is made of
 * @view: What was handed over; it is left empty. The memory that the old kernel
 *   preserved is not touched.
 */
void iommu_lu_release(struct iommu_lu_view *view)
{
	kho_sealed_release(&view->root_page);
	kho_sealed_release(&view->iommus);
	kho_sealed_release(&view->domains);
	kho_sealed_release(&view->devices);
	memset(view, 0, sizeof(*view));
}
