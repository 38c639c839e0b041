// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-liveupdate-1.h>

#include "model.h"

#define INTEL LUSER_IOMMU_LIVEUPDATE_1_TYPE_INTEL
#define SMMUV3 LUSER_IOMMU_LIVEUPDATE_1_TYPE_ARM_SMMUV3

static uint64_t type_of(uint64_t iommu)
{
	return iommu % 5 == 4 ? SMMUV3 : INTEL;
}

static struct luser_iommu_liveupdate_1_hdr header(uint64_t i, uint32_t users)
{
	uint32_t flags = i % 2 ? LUSER_IOMMU_LIVEUPDATE_1_HDR_FLAGS_INCOMING :
				 0;

	if (model_is_free(i))
		flags |= LUSER_IOMMU_LIVEUPDATE_1_HDR_FLAGS_DELETED;
	return (struct luser_iommu_liveupdate_1_hdr){
		.ref_count = users,
		.flags = flags,
	};
}

static void fill_hw(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_liveupdate_1_hw *hw = host;

	hw->hdr = header(i, model_users(m, i));
	hw->token = 0xfed00000 + i * 4096;
	hw->type = type_of(i);
	if (hw->type == SMMUV3) {
		hw->driver.arm_smmuv3.phys_addr = hw->token;
		hw->driver.arm_smmuv3.strtab_base_cfg = i;
		hw->driver.arm_smmuv3.l1_strtab_lu_state = i * 3;
		hw->driver.arm_smmuv3.l2_strtab_lu_states_phys =
			model_page(m, i);
		return;
	}
	hw->driver.intel.restored = i % 2;
	hw->driver.intel.phys_addr = hw->token;
	hw->driver.intel.root_table = model_page(m, i);
	for (unsigned int k = 0; k < 8; k++)
		hw->driver.intel.context_tables_bitmap[k] = i << k;
}

static void fill_domain(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_liveupdate_1_domain *domain = host;

	domain->hdr = header(i, 1);
	domain->top_table_phys = model_page(m, i);
	domain->top_level = i % 5;
	domain->vasz = 39 + 9 * (uint32_t)(i % 3);
	domain->sign_extend = i % 2;
	domain->restored_domain = i % 7 ? 0 : 0xffff888000000000 + i * 64;
}

static uint64_t tag_of(const struct model *m, uint64_t device)
{
	return type_of(model_pick(m, MODEL_IOMMUS, device));
}

static void fill_device(const struct model *m, uint64_t i, void *host)
{
	struct luser_iommu_liveupdate_1_device *device = host;
	uint64_t iommu = model_pick(m, MODEL_IOMMUS, i);
	uint64_t domain = model_pick(m, MODEL_DOMAINS, i);

	device->hdr = header(i, 1);
	device->devid = (uint32_t)i & 0xffff;
	device->pci_domain_nr = (uint32_t)(i >> 16);
	device->dma_owner_token = i * 5;
	device->domain_iommu_ser.attachment_id = domain + 1;
	device->domain_iommu_ser.domain_phys = m->phys[MODEL_DOMAINS][domain];
	device->domain_iommu_ser.iommu_phys = m->phys[MODEL_IOMMUS][iommu];
	if (tag_of(m, i) == SMMUV3) {
		device->driver.arm_smmuv3.l1_cdtab_lu_state = i;
		device->driver.arm_smmuv3.num_l2_cdtables = (uint32_t)i;
		device->driver.arm_smmuv3.l2_cdtab_lu_states_phys =
			model_page(m, i);
		return;
	}
	device->driver.intel.restored = i % 2;
	device->driver.intel.pasid_table = model_page(m, i);
	device->driver.intel.max_pasid = i;
}

static void pack_domain(const struct model *m, uint64_t i, const void *host,
			uint8_t *at)
{
	(void)m;
	(void)i;
	luser_iommu_liveupdate_1_domain_pack(host, at);
}

static enum luser_code decode_domain(const struct model *m, uint64_t i,
				     const void *buf, size_t len,
				     const struct luser_env *env, void *host,
				     struct luser_error *err)
{
	(void)m;
	(void)i;
	return luser_iommu_liveupdate_1_domain_decode(buf, len, env, host, err);
}

static void pack_hw(const struct model *m, uint64_t i, const void *host,
		    uint8_t *at)
{
	(void)m;
	(void)i;
	luser_iommu_liveupdate_1_hw_pack(host, at);
}

static enum luser_code decode_hw(const struct model *m, uint64_t i,
				 const void *buf, size_t len,
				 const struct luser_env *env, void *host,
				 struct luser_error *err)
{
	(void)m;
	(void)i;
	return luser_iommu_liveupdate_1_hw_decode(buf, len, env, host, err);
}

static void pack_device(const struct model *m, uint64_t i, const void *host,
			uint8_t *at)
{
	luser_iommu_liveupdate_1_device_pack(host, tag_of(m, i), at);
}

static enum luser_code decode_device(const struct model *m, uint64_t i,
				     const void *buf, size_t len,
				     const struct luser_env *env, void *host,
				     struct luser_error *err)
{
	return luser_iommu_liveupdate_1_device_decode(buf, len, tag_of(m, i),
						      env, host, err);
}

struct model model_iommu_liveupdate_1(void)
{
	return (struct model){
		.abi = &luser_abi_iommu_liveupdate_1,
		.records = {
			{luser_iommu_liveupdate_1_iommus_array(),
			 sizeof(struct luser_iommu_liveupdate_1_hw), fill_hw,
			 pack_hw, decode_hw},
			{luser_iommu_liveupdate_1_domains_array(),
			 sizeof(struct luser_iommu_liveupdate_1_domain),
			 fill_domain, pack_domain, decode_domain},
			{luser_iommu_liveupdate_1_devices_array(),
			 sizeof(struct luser_iommu_liveupdate_1_device),
			 fill_device, pack_device, decode_device},
		},
	};
}
