// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-v1.h>

#include "model.h"

static struct luser_iommu_v1_obj object(uint64_t i, uint32_t users)
{
	return (struct luser_iommu_v1_obj){
		.idx = (uint32_t)i,
		.ref_count = users,
		.deleted = model_is_free(i),
		.incoming = i % 2,
	};
}

static void fill_iommu(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_v1_iommu *iommu = host;

	iommu->obj = object(i, model_users(m, i));
	iommu->token = 0xfed00000 + i * 4096;
	iommu->type = LUSER_IOMMU_V1_LU_TYPE_INTEL;
	iommu->driver.intel.phys_addr = iommu->token;
	iommu->driver.intel.root_table = model_page(m, i);
}

static void fill_domain(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_v1_domain *domain = host;

	domain->obj = object(i, 1);
	domain->top_table = model_page(m, i);
	domain->top_level = i % 5;
	domain->restored_domain = i % 7 ? 0 : 0xffff888000000000 + i * 64;
}

static void fill_device(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_v1_device *device = host;
	uint64_t iommu = model_pick(m, MODEL_IOMMUS, i);
	uint64_t domain = model_pick(m, MODEL_DOMAINS, i);

	device->obj = object(i, 1);
	device->token = 0x1000 + i;
	device->devid = (uint32_t)i & 0xffff;
	device->pci_domain = (uint32_t)(i >> 16);
	device->domain_iommu_ser.did = (uint32_t)domain + 1;
	device->domain_iommu_ser.domain_phys = m->phys[MODEL_DOMAINS][domain];
	device->domain_iommu_ser.iommu_phys = m->phys[MODEL_IOMMUS][iommu];
	device->type = LUSER_IOMMU_V1_LU_TYPE_INTEL;
	device->driver.intel.pasid_table = model_page(m, i);
	device->driver.intel.max_pasid = i;
}

#define ADAPT(name)                                                            \
	static void pack_##name(const struct model *m, uint64_t i,             \
				const void *host, uint8_t *at)                 \
	{                                                                      \
		(void)m;                                                       \
		(void)i;                                                       \
		luser_iommu_v1_##name##_pack(host, at);                        \
	}                                                                      \
	static enum luser_code decode_##name(                                  \
		const struct model *m, uint64_t i, const void *buf,            \
		size_t len, const struct luser_env *env, void *host,           \
		struct luser_error *err)                                       \
	{                                                                      \
		(void)m;                                                       \
		(void)i;                                                       \
		return luser_iommu_v1_##name##_decode(buf, len, env, host,     \
						      err);                    \
	}

ADAPT(iommu)
ADAPT(domain)
ADAPT(device)

struct model model_iommu_v1(void)
{
	return (struct model){
		.abi = &luser_abi_iommu_v1,
		.records = {
			{luser_iommu_v1_iommus_array(),
			 sizeof(struct luser_iommu_v1_iommu), fill_iommu,
			 pack_iommu, decode_iommu},
			{luser_iommu_v1_domains_array(),
			 sizeof(struct luser_iommu_v1_domain), fill_domain,
			 pack_domain, decode_domain},
			{luser_iommu_v1_devices_array(),
			 sizeof(struct luser_iommu_v1_device), fill_device,
			 pack_device, decode_device},
		},
	};
}
