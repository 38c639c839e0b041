# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The tests. Importing this package registers them, in this order."""

from . import (guest, live, dumps, layouts, headers, gates, series,
               kunit, iommu_keep, iommu_deny, iommu_order,
               iommu_damage, iommu_scale, iommu_scalable, iommu_mode,
               iommu_selftest, iommu_hold)
