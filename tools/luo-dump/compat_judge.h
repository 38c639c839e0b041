/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Whether a kernel would accept the objects of a handover.
 *
 * A kernel knows an ABI if it has its strings. Of several layouts with one
 * string, the types in the image tell, or else the releases that the schemas
 * name for each.
 */
#ifndef LUO_DUMP_COMPAT_JUDGE_H
#define LUO_DUMP_COMPAT_JUDGE_H

#include "compat_objects.h"
#include "kernel.h"

/**
 * judge() - set verdict, why and effect of each object
 * @objects:   of one handover
 * @kernel:    the image
 * @page_size: of the kernel that wrote the handover
 */
void judge(struct objects *objects, const struct kernel *kernel,
	   uint64_t page_size);

#endif /* LUO_DUMP_COMPAT_JUDGE_H */
