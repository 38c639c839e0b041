// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>

#include "subject.h"

const struct luser_array *subject_array(int array)
{
	switch (array) {
	case STATE_ROOT:
		return luser_abi_iommu_v2.root_array;
	case STATE_IOMMUS:
		return luser_iommu_v2_iommus_array();
	case STATE_DOMAINS:
		return luser_iommu_v2_domains_array();
	case STATE_DEVICES:
		return luser_iommu_v2_devices_array();
	case STATE_FILE_ROOT:
		return luser_abi_iommufd_v2.root_array;
	default:
		return luser_iommufd_v2_hwpts_array();
	}
}

bool subject_is_root(int array)
{
	return array == STATE_ROOT || array == STATE_FILE_ROOT;
}

int subject_root_of(int array)
{
	return array >= STATE_FILE_ROOT ? STATE_FILE_ROOT : STATE_ROOT;
}
