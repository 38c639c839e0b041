// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-liveupdate-1.early.h>
#include <luser/abi/iommu-liveupdate-1.h>
#include <luser/abi/iommu-liveupdate-1.port.h>
#include <luser/abi/iommu-liveupdate-v1.h>
#include <luser/abi/iommu-liveupdate-v1.late.h>
#include <luser/abi/iommu-v1.h>

#include "forms_iommu.h"

enum { IOMMUS, DOMAINS };
enum { INTEL = 1, SMMUV3 = 2 };

#define REGISTERS 0xfed00000

#define HW                                        \
	{"hdr.ref_count", FORM_NUMBER, 1},        \
	{"token", FORM_PLUS, REGISTERS}

#define INTEL_HW                                            \
	HW,                                                 \
	{"type", FORM_NUMBER, INTEL},                       \
	{"driver.intel.phys_addr", FORM_PLUS, REGISTERS},   \
	{"driver.intel.root_table", FORM_PAGE, 0}

#define SMMUV3_HW                                               \
	HW,                                                     \
	{"type", FORM_NUMBER, SMMUV3},                          \
	{"driver.arm_smmuv3.phys_addr", FORM_PLUS, REGISTERS},  \
	{"driver.arm_smmuv3.strtab_base_cfg", FORM_NUMBER, 0x10208}

#define DOMAIN                                    \
	{"hdr.ref_count", FORM_NUMBER, 1},        \
	{"top_table_phys", FORM_PAGE, 0},         \
	{"top_level", FORM_NUMBER, 3},            \
	{"vasz", FORM_NUMBER, 48}

#define DEVICE                                                 \
	{"hdr.ref_count", FORM_NUMBER, 1},                     \
	{"devid", FORM_PLUS, 0x300},                           \
	{"domain_iommu_ser.attachment_id", FORM_PLUS, 1},      \
	{"domain_iommu_ser.domain_phys", FORM_RECORD, DOMAINS},\
	{"domain_iommu_ser.iommu_phys", FORM_RECORD, IOMMUS}

const struct form forms_iommu[] = {
	{
		&luser_abi_iommu_v1,
		{{0}},
		{
			{"iommus",
			 {{"obj.ref_count", FORM_NUMBER, 1},
			  {"token", FORM_PLUS, REGISTERS},
			  {"type", FORM_NUMBER, INTEL},
			  {"driver.intel.phys_addr", FORM_PLUS, REGISTERS},
			  {"driver.intel.root_table", FORM_PAGE, 0}}},
			{"domains",
			 {{"obj.ref_count", FORM_NUMBER, 1},
			  {"top_table", FORM_PAGE, 0},
			  {"top_level", FORM_NUMBER, 3}}},
			{"devices",
			 {{"obj.ref_count", FORM_NUMBER, 1},
			  {"devid", FORM_PLUS, 0x300},
			  {"type", FORM_NUMBER, INTEL},
			  {"domain_iommu_ser.did", FORM_PLUS, 1},
			  {"domain_iommu_ser.domain_phys", FORM_RECORD, DOMAINS},
			  {"domain_iommu_ser.iommu_phys", FORM_RECORD, IOMMUS}}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_v1,
		{{0}},
		{
			{"iommus", {INTEL_HW}},
			{"domains", {DOMAIN, {"sign_extend", FORM_NUMBER, 1}}},
			{"devices", {DEVICE}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_v1_late,
		{{0}},
		{
			{"iommus", {INTEL_HW}},
			{"domains", {DOMAIN, {"sign_extend", FORM_NUMBER, 1}}},
			{"devices",
			 {DEVICE, {"driver.intel.max_pasid", FORM_NUMBER, 64}}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_1_early,
		{{0}},
		{
			{"iommus", {INTEL_HW}},
			{"domains", {DOMAIN, {"sign_extend", FORM_NUMBER, 1}}},
			{"devices",
			 {DEVICE, {"driver.intel.max_pasid", FORM_NUMBER, 64}}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_1_port,
		{{0}},
		{
			{"iommus",
			 {SMMUV3_HW,
			  {"driver.arm_smmuv3.strtab_base", FORM_PAGE, 0},
			  {"driver.arm_smmuv3.num_l2_tables", FORM_NUMBER, 4}}},
			{"domains", {DOMAIN}},
			{"devices", {DEVICE}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_1,
		{{0}},
		{
			{"iommus", {SMMUV3_HW}},
			{"domains", {DOMAIN}},
			{"devices",
			 {DEVICE, {"dma_owner_token", FORM_NUMBER, 0xc0ffee}}},
		},
	},
	{
		&luser_abi_iommu_liveupdate_1,
		{{0}},
		{
			{"iommus", {INTEL_HW}},
			{"domains", {DOMAIN}},
			{"devices",
			 {DEVICE, {"driver.intel.pasid_table", FORM_PAGE, 0}}},
		},
	},
};

const unsigned int nr_forms_iommu =
	sizeof(forms_iommu) / sizeof(forms_iommu[0]);
