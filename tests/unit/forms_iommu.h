/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * IOMMU state in each layout that was posted.
 */
#ifndef FORMS_IOMMU_H
#define FORMS_IOMMU_H

#include "form.h"

extern const struct form forms_iommu[];
extern const unsigned int nr_forms_iommu;

#endif /* FORMS_IOMMU_H */
