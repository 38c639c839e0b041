/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The gate in front of libfdt.
 *
 * fdt_check_full() itself reads past the end of some hostile blobs (a 32-byte
 * version-2 header, for one), so no blob reaches libfdt before this check.
 */
#ifndef LUSER_FDT_H
#define LUSER_FDT_H

#include <stddef.h>

#include <luser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No handover's tree is deeper or has more nodes; walks stay short. */
#define LUSER_FDT_MAX_DEPTH 32
#define LUSER_FDT_MAX_NODES 65536

/* Bytes in a property's name; the specification allows 31. */
#define LUSER_FDT_MAX_NAME 255

/**
 * luser_fdt_check() - decide whether libfdt may look at a blob
 * @blob: at least @len readable bytes, 8-byte aligned
 * @len:  bytes available; the blob's own totalsize may be smaller
 * @err:  may be NULL; says what is wrong
 *
 * Holds the header to version 17, the offsets to their alignment, every block
 * to totalsize and totalsize to @len. Then walks the tags once: names and
 * values within their block, names of properties no longer than
 * LUSER_FDT_MAX_NAME, nodes closed, no deeper than LUSER_FDT_MAX_DEPTH and no
 * more than LUSER_FDT_MAX_NODES. What passed all that goes to
 * fdt_check_full().
 *
 * The blob must not change between this and its use: check a copy.
 *
 * Return: LUSER_OK or LUSER_INVALID.
 */
enum luser_code luser_fdt_check(const void *blob, size_t len,
				struct luser_error *err);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_FDT_H */
