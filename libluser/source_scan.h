/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What a scan of memory collects, and how it judges that. */
#ifndef LUSER_SOURCE_SCAN_H
#define LUSER_SOURCE_SCAN_H

#include "source_internal.h"

/**
 * enum scan_standing - what a boot record is
 * @SCAN_UNDECIDED: nothing tells
 * @SCAN_STAGED:    loaded by kexec, for the next kernel
 * @SCAN_BOOTED:    at the address that it was made for: a kernel was booted
 *                  with it
 */
enum scan_standing {
	SCAN_UNDECIDED,
	SCAN_STAGED,
	SCAN_BOOTED,
};

/**
 * struct scan_record - a boot record that names a root FDT
 *
 * See source_setup_data.h and source_chosen.h.
 */
struct scan_record {
	uint64_t phys;
	uint64_t fdt;
	uint64_t scratch;
	uint64_t scratch_size;
	enum scan_standing standing;
};

/**
 * struct scan_root - a root FDT
 * @fdt:     a checked copy
 * @len:     its bytes
 * @edited:  something is left behind its end: the page was edited in place, as
 *           a kernel does, and is no copy of a file
 * @record:  the boot record that names it, or NULL
 * @counter: ABI whose number of the handover is known, or NULL
 * @number:  that number
 * @copy_of: it has the same bytes as this better one, or NULL
 * @role:    the judgement
 * @why:     its reason
 */
struct scan_root {
	uint64_t phys;
	const void *fdt;
	size_t len;
	bool edited;
	const struct scan_record *record;
	const char *counter;
	uint64_t number;
	const struct scan_root *copy_of;
	enum luser_role role;
	const char *why;
};

/**
 * struct scan - one scan
 * @src:        keeps what was found
 * @seen:       bytes looked at
 * @total:      bytes in all
 * @readable:   some of them could be read
 * @unreadable: the first reason why some could not
 * @nr_failed:  reads that had failed before
 * @nr_large:   device trees that were larger than a root
 */
struct scan {
	struct luser_mem *mem;
	struct luser_source *src;
	luser_progress *progress;
	void *ctx;
	uint64_t seen;
	uint64_t total;
	bool readable;
	struct luser_error unreadable;
	uint64_t nr_failed;
	size_t nr_large;
	struct scan_root *roots;
	size_t nr_roots;
	struct scan_record *records;
	size_t nr_records;
};

/** scan_try_record() - keep what is at @phys if it is a boot record */
enum luser_code scan_try_record(struct scan *scan, uint64_t phys,
				struct luser_error *err);

/**
 * scan_try_tree() - keep what is at @phys if it is a root FDT, or the device
 * tree of a machine that names one
 */
enum luser_code scan_try_tree(struct scan *scan, uint64_t phys,
			      struct luser_error *err);

/**
 * scan_rank() - tell in, out and old roots apart
 *
 * Return: LUSER_OK or LUSER_NOMEM.
 */
enum luser_code scan_rank(struct scan *scan, struct luser_error *err);

#endif /* LUSER_SOURCE_SCAN_H */
