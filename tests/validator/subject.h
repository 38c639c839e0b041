/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a kernel's checks and the library both judge: IOMMU state, and the
 * iommufd that refers to it.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <luser/abi.h>

enum {
	STATE_ROOT,
	STATE_IOMMUS,
	STATE_DOMAINS,
	STATE_DEVICES,
	STATE_FILE_ROOT,
	STATE_HWPTS,
	STATE_ARRAYS,
};

/**
 * struct subject - memory to be judged
 * @at:        bytes at an address, NULL if they are not all there
 * @preserved: whether the old kernel preserved all of them
 * @ctx:       handed to both
 * @root:      address of the IOMMU state's first page
 * @file_root: address of the iommufd's
 */
struct subject {
	const void *(*at)(void *ctx, uint64_t phys, uint64_t size);
	bool (*preserved)(void *ctx, uint64_t phys, uint64_t size);
	void *ctx;
	uint64_t root;
	uint64_t file_root;
};

/* What one of the arrays above is. */
const struct luser_array *subject_array(int array);

/* Whether it is the page that an ABI starts with, and which page that is. */
bool subject_is_root(int array);
int subject_root_of(int array);

#endif /* SUBJECT_H */
