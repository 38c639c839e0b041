/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A dump, judged by a kernel's checks and by the library. */
#ifndef AGREE_H
#define AGREE_H

#include "replay.h"

/**
 * struct agree - the two, and where in the dump they look
 * @r:         the dump
 * @root:      the IOMMU state's first page
 * @file_root: the iommufd's
 */
struct agree {
	struct replay *r;
	uint64_t root;
	uint64_t file_root;
};

/*
 * Finds where to look. False if the dump does not have one IOMMU state and one
 * iommufd, or is of other pages than the kernel that was compiled.
 */
bool agree_begin(struct agree *agree, struct replay *r);

/* Judges the dump as it is now; ends the program if the two do not agree. */
void agree_now(const struct agree *agree, const char *how);

#endif /* AGREE_H */
