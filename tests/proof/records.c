// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any bytes through the generated functions of each struct of iommu-v2, and of
 * the header of its pages: as many bytes as a function may look at, and nothing
 * behind them. The rules are those of the library and of its tables.
 */
#include <luser/abi/iommu-v2.h>

#include "any.h"

/* Around what the schema knows each size, those of pages.c, and extremes. */
#define NEAR	 16
#define NR_NEAR	 (2 * NEAR + 1)
#define NR_SIZES (NR_NEAR + NR_PAGE_STRIDES + 2)

static uint32_t size_of(uint32_t known, uint32_t i)
{
	if (i < NR_NEAR)
		return known + i - NEAR;
	if (i < NR_NEAR + NR_PAGE_STRIDES)
		return page_strides[i - NR_NEAR];
	return i == NR_SIZES - 2 ? 0 : 4056;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* A struct that is as large as the schema says. */
#define FIXED(name, known)                                                   \
	static void name##_any(const struct luser_env *env)                  \
	{                                                                    \
		struct name host;                                            \
		struct luser_error err;                                      \
                                                                             \
		name##_unpack(any_bytes(known), &host);                      \
		name##_pack(&host, any_bytes(known));                        \
		name##_sound(any_bytes(known), env);                         \
		for (uint32_t i = 0; i < NR_SIZES; i++) {                    \
			uint32_t size = size_of(known, i);                   \
			uint32_t room = larger(size, known);                 \
                                                                             \
			name##_decode(any_bytes(size), size, env, &host,     \
				      &err);                                 \
			luser_record_explain(name##_type(), any_bytes(room), \
					     size, env, &err);               \
		}                                                            \
	}

/* A record, whose writer may have known less or more of it. */
#define SIZED(name, known)                                                   \
	static void name##_any(const struct luser_env *env)                  \
	{                                                                    \
		struct name host;                                            \
		struct luser_error err;                                      \
                                                                             \
		for (uint32_t i = 0; i < NR_SIZES; i++) {                    \
			uint32_t size = size_of(known, i);                   \
			uint32_t room = larger(size, known);                 \
                                                                             \
			name##_unpack(any_bytes(room), size, &host);         \
			Frama_C_make_unknown((char *)&host, sizeof(host));   \
			name##_pack(&host, size, any_bytes(room));           \
			name##_sound(any_bytes(room), size, env);            \
			name##_decode(any_bytes(size), size, env, &host,     \
				      &err);                                 \
			luser_record_explain(name##_type(), any_bytes(room), \
					     size, env, &err);               \
		}                                                            \
	}

FIXED(luser_iommu_v2_root, LUSER_IOMMU_V2_ROOT_SIZE)
FIXED(luser_iommu_v2_intel, LUSER_IOMMU_V2_INTEL_SIZE)
FIXED(luser_iommu_v2_smmuv3, LUSER_IOMMU_V2_SMMUV3_SIZE)
FIXED(luser_iommu_v2_device_intel, LUSER_IOMMU_V2_DEVICE_INTEL_SIZE)
FIXED(luser_iommu_v2_device_smmuv3, LUSER_IOMMU_V2_DEVICE_SMMUV3_SIZE)
FIXED(luser_sealed_page_v1_page_hdr, LUSER_SEALED_PAGE_V1_PAGE_HDR_SIZE)
SIZED(luser_iommu_v2_iommu, LUSER_IOMMU_V2_IOMMU_SIZE)
SIZED(luser_iommu_v2_domain, LUSER_IOMMU_V2_DOMAIN_SIZE)
SIZED(luser_iommu_v2_device, LUSER_IOMMU_V2_DEVICE_SIZE)

static void all(const struct luser_env *env)
{
	luser_iommu_v2_root_any(env);
	luser_iommu_v2_intel_any(env);
	luser_iommu_v2_smmuv3_any(env);
	luser_iommu_v2_device_smmuv3_any(env);
	luser_sealed_page_v1_page_hdr_any(env);
	luser_iommu_v2_iommu_any(env);
	luser_iommu_v2_domain_any(env);
}

/* Whose rules look at the root. */
static void devices(const struct luser_env *env)
{
	luser_iommu_v2_device_intel_any(env);
	luser_iommu_v2_device_any(env);
}

int main(void)
{
	const struct luser_env env = any_env(true);
	const struct luser_env rootless = any_env(false);

	all(&env);
	devices(&env);
	devices(&rootless);
	return 0;
}
