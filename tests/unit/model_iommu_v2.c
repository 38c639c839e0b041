// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-v2.h>

#include "model.h"

#define LIVE LUSER_IOMMU_V2_RECORD_FLAGS_LIVE
#define INTEL LUSER_IOMMU_V2_DRIVER_INTEL
#define SMMUV3 LUSER_IOMMU_V2_DRIVER_SMMUV3

static uint16_t driver_of(uint64_t iommu)
{
	return iommu % 5 == 4 ? SMMUV3 : INTEL;
}

static void fill_iommu(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_v2_iommu *iommu = host;

	iommu->base = 0xfed00000 + i * 4096;
	iommu->segment = (uint32_t)(i / 16);
	iommu->flags = LIVE;
	iommu->driver_type = driver_of(i);
	iommu->driver_offset = LUSER_IOMMU_V2_IOMMU_DRIVER_OFFSET;
	iommu->driver_size = 32;
	if (iommu->driver_type == SMMUV3) {
		iommu->driver.smmuv3.strtab_base = model_page(m, i);
		iommu->driver.smmuv3.strtab_base_cfg = 0x10006 + i;
		iommu->driver.smmuv3.nr_l2_tables = (uint32_t)i;
		iommu->driver.smmuv3.idr = 0xdead0000beef + i;
		return;
	}
	iommu->driver.intel.root_table = model_page(m, i);
	iommu->driver.intel.cap = 0xd2008c40660462 + i;
	iommu->driver.intel.ecap = 0xf050da + i;
	iommu->driver.intel.nr_context_tables = (uint32_t)(i % 64) * 8;
}

static void fill_domain(const struct model *m, uint64_t i, void *host)
{
	*(struct luser_iommu_v2_domain *)host = (struct luser_iommu_v2_domain){
		.top_table = model_table(m, i),
		.format = i % 3 ? LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND :
				  LUSER_IOMMU_V2_TABLE_FORMAT_X86_64,
		.flags = LIVE,
		.top_level = 3,
		.va_bits = 48,
		.oa_bits = 52,
		.granule_shift = 12,
		.features = i % 3 ?
				    0 :
				    LUSER_IOMMU_V2_DOMAIN_FEATURES_SIGN_EXTEND,
		.nr_tables = 1,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DOMAIN_DRIVER_OFFSET,
	};
}

static void fill_device(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_v2_device *device = host;

	device->iommu = (uint32_t)model_pick(m, MODEL_IOMMUS, i);
	device->domain = (uint32_t)model_pick(m, MODEL_DOMAINS, i);
	device->segment = (uint32_t)(i >> 16);
	device->bdf = (uint16_t)i;
	device->flags = LIVE;
	device->domain_id = device->domain * 31 & 0xffff;
	device->driver_type = driver_of(device->iommu);
	device->driver_offset = LUSER_IOMMU_V2_DEVICE_DRIVER_OFFSET;
	device->driver_size = 16;
	if (device->driver_type == SMMUV3) {
		device->driver.smmuv3.cd_table = model_page(m, i);
		device->driver.smmuv3.cd_max = (uint32_t)(i % 21);
		return;
	}
	device->driver.intel.pasid_dir = model_page(m, i);
	device->driver.intel.max_pasid = (uint32_t)i + 1;
}

static void fill_root(const struct model *m, uint8_t *at)
{
	struct luser_iommu_v2_root root = {
		.compat = UINT64_C(1) << 63, /* unknown, to be ignored */
		.page_size = m->page_size,
		.mode = LUSER_IOMMU_V2_MODE_SCALABLE,
	};

	luser_iommu_v2_root_pack(&root, at);
}

#define ADAPT(name)                                                            \
	static void pack_##name(const struct model *m, uint64_t i,             \
				const void *host, uint8_t *at)                 \
	{                                                                      \
		(void)m;                                                       \
		(void)i;                                                       \
		luser_iommu_v2_##name##_pack(                                  \
			host, luser_iommu_v2_##name##_type()->size, at);       \
	}                                                                      \
	static enum luser_code decode_##name(                                  \
		const struct model *m, uint64_t i, const void *buf,            \
		size_t len, const struct luser_env *env, void *host,           \
		struct luser_error *err)                                       \
	{                                                                      \
		(void)m;                                                       \
		(void)i;                                                       \
		return luser_iommu_v2_##name##_decode(buf, len, env, host,     \
						      err);                    \
	}

ADAPT(iommu)
ADAPT(domain)
ADAPT(device)

struct model model_iommu_v2(void)
{
	return (struct model){
		.abi = &luser_abi_iommu_v2,
		.fill_root = fill_root,
		.records = {
			{luser_iommu_v2_iommus_array(),
			 sizeof(struct luser_iommu_v2_iommu), fill_iommu,
			 pack_iommu, decode_iommu},
			{luser_iommu_v2_domains_array(),
			 sizeof(struct luser_iommu_v2_domain), fill_domain,
			 pack_domain, decode_domain},
			{luser_iommu_v2_devices_array(),
			 sizeof(struct luser_iommu_v2_device), fill_device,
			 pack_device, decode_device},
		},
	};
}
