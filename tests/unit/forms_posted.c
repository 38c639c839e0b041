// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/guest-memfd-v1.h>
#include <luser/abi/hugetlb-v1.h>
#include <luser/abi/iommufd-v1.early.h>
#include <luser/abi/iommufd-v1.h>
#include <luser/abi/kvm-vm-v1.h>
#include <luser/abi/pci-v1.h>
#include <luser/abi/pci-v1.rfc.h>
#include <luser/abi/pci-v2.h>
#include <luser/abi/pci-v3.h>
#include <luser/abi/vfio-pci-v1.early.h>
#include <luser/abi/vfio-pci-v1.h>
#include <luser/abi/vfio-pci-v1.token.h>
#include <luser/abi/vfio-pci-v2.h>

#include "forms_posted.h"

#define BDF {"bdf", FORM_PLUS, 0x310}
#define PCI_ROOT {"max_nr_devices", FORM_NUMBER, 500}

const struct form forms_posted[] = {
	{
		&luser_abi_vfio_pci_v1_early,
		{BDF, {"reset_works", FORM_NUMBER, 1}},
		{{0}},
	},
	{
		&luser_abi_vfio_pci_v1_token,
		{BDF, {"reset_works", FORM_NUMBER, 1},
		 {"token", FORM_NUMBER, 0x17}},
		{{0}},
	},
	{
		&luser_abi_vfio_pci_v1,
		{BDF, {"domain", FORM_NUMBER, 0x10000}},
		{{0}},
	},
	{&luser_abi_vfio_pci_v1, {BDF}, {{0}}},
	{
		&luser_abi_vfio_pci_v2,
		{BDF, {"reset_works", FORM_NUMBER, 1}},
		{{0}},
	},
	{&luser_abi_pci_v1_rfc, {{0}}, {{"devices", {BDF}}}},
	{&luser_abi_pci_v1, {PCI_ROOT}, {{"devices", {BDF}}}},
	{
		&luser_abi_pci_v2,
		{PCI_ROOT},
		{{"devices", {BDF, {"refcount", FORM_NUMBER, 1}}}},
	},
	{
		&luser_abi_pci_v3,
		{PCI_ROOT},
		{{"devices", {BDF, {"refcount", FORM_PLUS, 1}}}},
	},
	{
		&luser_abi_iommufd_v1_early,
		{{0}},
		{{"hwpts", {{"token", FORM_PLUS, 1},
			    {"domain_data", FORM_PAGE, 0}}}},
	},
	{
		&luser_abi_iommufd_v1,
		{{0}},
		{{"hwpt_array", {{"token", FORM_PLUS, 0x100000001},
				 {"domain_data", FORM_PAGE, 0}}}},
	},
	{
		&luser_abi_hugetlb_v1,
		{{"hstates.nr_pages", FORM_NUMBER, 512},
		 {"hstates.order", FORM_NUMBER, 9},
		 {"nr_hstates", FORM_NUMBER, 1}},
		{{0}},
	},
	{&luser_abi_kvm_vm_v1, {{"type", FORM_NUMBER, 3}}, {{0}}},
	{
		&luser_abi_guest_memfd_v1,
		{{"size", FORM_NUMBER, 1 << 20}, {"vm_token", FORM_NUMBER, 1}},
		{{"folios", {{"pfn", FORM_NUMBER, 0x100000}}}},
	},
};

const unsigned int nr_forms_posted =
	sizeof(forms_posted) / sizeof(forms_posted[0]);
