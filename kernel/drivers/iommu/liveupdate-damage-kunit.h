/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways to damage what an old kernel left, one for each rule of the check at
 * least.
 *
 * There are three IOMMUs, three domains and four devices. The second IOMMU is
 * another driver's, with the second device behind it. The first and the third
 * device share domain and IOMMU. liveupdate-damage-pages.h has their pages.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_KUNIT_H
#define __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_KUNIT_H

#include <linux/errno.h>
#include <linux/kho/abi/iommu.h>
#include <linux/kho/abi/sealed_page.h>
#include <linux/sizes.h>
#include <linux/stddef.h>

/* As in liveupdate-damage-pages.h */
enum { ROOT, IOMMUS, DOMAINS, DEVICES, NR_ARRAYS };

#define HANDOVER	7
#define NR_IOMMUS	3
#define NR_DOMAINS	3
#define NR_DEVICES	4
/* Preserved memory that is not read, and memory that is not preserved */
#define TABLES		0x100000
#define LOST		0xdead000
#define ODD		0x1001
/* The page's own address */
#define SELF		(~0ULL)

/**
 * struct damage - One way to damage what was left.
 * @rule:    What is reported.
 * @array:   Where.
 * @record:  In which record; 0 if it is in a header.
 * @header:  It is in the page's header.
 * @offset:  Which bytes.
 * @size:    How many.
 * @value:   What they become.
 * @twin:    Another record that is lost as well, 0 if none is.
 * @err:     What the check returns.
 * @unread:  The page is not read, so its checksum does not matter.
 * @devices: It is reported of devices.
 */
struct damage {
	const char *rule;
	u8 array;
	u8 record;
	bool header;
	u16 offset;
	u8 size;
	u64 value;
	u8 twin;
	int err;
	bool unread;
	bool devices;
};

#define HEADER(r, member, n, v, ...)					\
	{ .rule = (r), .header = true,					\
	  .offset = offsetof(struct kho_page_hdr_ser, member),		\
	  .size = (n), .value = (v), __VA_ARGS__ }
#define IN_ROOT(r, member, n, v, ...)					\
	{ .rule = (r), .array = ROOT,					\
	  .offset = offsetof(struct iommu_root_ser, member),		\
	  .size = (n), .value = (v), __VA_ARGS__ }
#define IN_IOMMU(r, i, member, n, v, ...)				\
	{ .rule = (r), .array = IOMMUS, .record = (i),			\
	  .offset = offsetof(struct iommu_ser, member),			\
	  .size = (n), .value = (v), __VA_ARGS__ }
#define IN_DOMAIN(r, member, n, v, ...)					\
	{ .rule = (r), .array = DOMAINS,					\
	  .offset = offsetof(struct iommu_domain_ser, member),		\
	  .size = (n), .value = (v), __VA_ARGS__ }
#define IN_DEVICE(r, i, member, n, v, ...)				\
	{ .rule = (r), .array = DEVICES, .record = (i),			\
	  .offset = offsetof(struct iommu_device_ser, member),		\
	  .size = (n), .value = (v), __VA_ARGS__ }

/* In the header of any page */
static const struct damage header_damages[] = {
	HEADER("magic", magic, 4, 0x1234, .unread = true),
	HEADER("kind", kind, 2, 9, .unread = true),
	HEADER("record-size", record_size, 2, 8, .unread = true),
	HEADER("record-size-multiple", record_size, 2, 0x7c),
	HEADER("version-value", version, 2, 2),
	HEADER("next-aligned", next, 8, ODD),
	HEADER("page-alignment", next, 8, ODD),
	HEADER("read-twice", next, 8, SELF),
	HEADER("flags-unknown", flags, 4, 0x80000001),
	HEADER("unsealed", flags, 4, 0),
	HEADER("unsealed-sum", flags, 4, 0),
};

/* In the header of any page but the root's */
static const struct damage chain_damages[] = {
	HEADER("handover", handover, 8, HANDOVER + 1, .unread = true),
	HEADER("count", nr_used, 2, 0),
	HEADER("count", nr_used, 2, 1000),
	HEADER("total", nr_used, 2, 1),
	HEADER("not-preserved", next, 8, LOST),
	HEADER("unreadable", next, 8, TABLES),
	HEADER("page-not-full", next, 8, TABLES),
};

static const struct damage root_damages[] = {
	HEADER("nr_used", nr_used, 2, 2, .unread = true),
	HEADER("chain-length", next, 8, TABLES),
	IN_ROOT("incompat-unknown", incompat, 8, 1, .err = -EOPNOTSUPP),
	IN_ROOT("same-page-size", page_size, 4, SZ_64K, .err = -EOPNOTSUPP),
	IN_ROOT("mode-known", mode, 2, 9, .err = -EBADMSG),
	IN_ROOT("pad0-zero", pad0, 2, 1, .err = -EBADMSG),
	IN_ROOT("pad1-zero", pad1, 4, 1, .err = -EBADMSG),
	IN_ROOT("iommus-aligned", iommus, 8, ODD, .err = -EBADMSG),
	IN_ROOT("domains-aligned", domains, 8, ODD, .err = -EBADMSG),
	IN_ROOT("devices-aligned", devices, 8, ODD, .err = -EBADMSG),
	IN_ROOT("iommus-counted", nr_iommus, 4, 0, .err = -EBADMSG),
	IN_ROOT("domains-counted", nr_domains, 4, 0, .err = -EBADMSG),
	IN_ROOT("devices-counted", nr_devices, 4, 0, .err = -EBADMSG),
	IN_ROOT("legacy-has-none", mode, 2, IOMMU_MODE_LEGACY,
		.devices = true),
};

static const struct damage iommu_damages[] = {
	IN_IOMMU("flags-unknown", 0, flags, 2, 3),
	IN_IOMMU("live", 0, flags, 2, 0),
	IN_IOMMU("unsound-record", 0, flags, 2, 0, .devices = true),
	IN_IOMMU("driver-type-known", 0, driver_type, 2, 77),
	IN_IOMMU("pad0-zero", 0, pad0, 4, 1),
	IN_IOMMU("section", 0, driver_offset, 2, 0),
	IN_IOMMU("section", 0, driver_offset, 2, 0x24),
	IN_IOMMU("section", 0, driver_offset, 2, 0xfff8),
	IN_IOMMU("section", 0, driver_size, 2, 0xfff8),
	IN_IOMMU("base-multiple", 0, base, 8, 0xfed90008),
	IN_IOMMU("root-table-set", 0, driver.intel.root_table, 8, 0),
	IN_IOMMU("root-table-aligned", 0, driver.intel.root_table, 8, ODD),
	IN_IOMMU("not-preserved", 0, driver.intel.root_table, 8, LOST),
	IN_IOMMU("nr-context-tables-max", 0, driver.intel.nr_context_tables,
		 4, 513),
	IN_IOMMU("pad0-zero", 0, driver.intel.pad0, 4, 1),
	IN_IOMMU("strtab-base-set", 1, driver.smmuv3.strtab_base, 8, 0),
	IN_IOMMU("strtab-base-aligned", 1, driver.smmuv3.strtab_base, 8, ODD),
	IN_IOMMU("pad0-zero", 1, driver.smmuv3.pad0, 4, 1),
	IN_IOMMU("one-base", 0, base, 8, 0xfed92000, .twin = 2),
};

static const struct damage domain_damages[] = {
	IN_DOMAIN("flags-unknown", flags, 2, 3),
	IN_DOMAIN("live", flags, 2, 0),
	IN_DOMAIN("unsound-record", flags, 2, 0, .devices = true),
	IN_DOMAIN("driver-type-known", driver_type, 2, 77),
	IN_DOMAIN("pad0-zero", pad0, 2, 1),
	IN_DOMAIN("section", driver_offset, 2, 0),
	IN_DOMAIN("section", driver_offset, 2, 0xfff8),
	IN_DOMAIN("section", driver_size, 2, 0xfff8),
	IN_DOMAIN("top-table-set", top_table, 8, 0),
	IN_DOMAIN("top-table-aligned", top_table, 8, ODD),
	IN_DOMAIN("not-preserved", top_table, 8, LOST),
	IN_DOMAIN("format-known", format, 2, 0),
	IN_DOMAIN("top-level-max", top_level, 1, 6),
	IN_DOMAIN("va-bits-min", va_bits, 1, 11),
	IN_DOMAIN("va-bits-max", va_bits, 1, 65),
	IN_DOMAIN("oa-bits-min", oa_bits, 1, 11),
	IN_DOMAIN("oa-bits-max", oa_bits, 1, 65),
	IN_DOMAIN("granule-shift-min", granule_shift, 1, 11),
	IN_DOMAIN("granule-shift-max", granule_shift, 1, 17),
	IN_DOMAIN("features-unknown", features, 4, 0x80000000),
	IN_DOMAIN("nr-tables-min", nr_tables, 4, 0),
	IN_DOMAIN("levels-cover", top_level, 1, 1),
	IN_DOMAIN("sign-extended", features, 4, IOMMU_LU_SIGN_EXTEND),
	IN_DOMAIN("one-top-table", top_table, 8, TABLES + 2 * SZ_4K,
		  .twin = 2),
};

static const struct damage device_damages[] = {
	IN_DEVICE("flags-unknown", 0, flags, 2, 3),
	IN_DEVICE("live", 0, flags, 2, 0),
	IN_DEVICE("driver-type-known", 0, driver_type, 2, 77),
	IN_DEVICE("pad0-zero", 0, pad0, 6, 1),
	IN_DEVICE("section", 0, driver_offset, 2, 0),
	IN_DEVICE("section", 0, driver_offset, 2, 0x2c),
	IN_DEVICE("section", 0, driver_offset, 2, 0xfff8),
	IN_DEVICE("section", 0, driver_size, 2, 0xfff8),
	IN_DEVICE("no-such-record", 0, domain, 4, 1000, .twin = 2),
	IN_DEVICE("no-such-record", 0, iommu, 4, 1000),
	IN_DEVICE("empty-record", 0, domain, 4, NR_DOMAINS, .twin = 2),
	IN_DEVICE("empty-record", 0, iommu, 4, NR_IOMMUS),
	IN_DEVICE("domain-id-max", 0, domain_id, 4, 0x10000, .twin = 2),
	IN_DEVICE("pasid-dir-aligned", 0, driver.intel.pasid_dir, 8, ODD),
	IN_DEVICE("not-preserved", 0, driver.intel.pasid_dir, 8, LOST),
	IN_DEVICE("scalable-has-one", 0, driver.intel.max_pasid, 4, 0),
	IN_DEVICE("scalable-has-one", 0, driver.intel.pasid_dir, 8, 0),
	IN_DEVICE("pad0-zero", 0, driver.intel.pad0, 4, 1),
	IN_DEVICE("cd-table-aligned", 1, driver.smmuv3.cd_table, 8, ODD),
	IN_DEVICE("cd-max-max", 1, driver.smmuv3.cd_max, 4, 21),
	IN_DEVICE("pad0-zero", 1, driver.smmuv3.pad0, 4, 1),
	IN_DEVICE("one-bdf", 0, bdf, 2, 3, .twin = 3),
	IN_DEVICE("one-domain", 0, domain, 4, 1, .twin = 2),
	IN_DEVICE("one-domain-id", 0, domain_id, 4, 99, .twin = 2),
};

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_KUNIT_H */
