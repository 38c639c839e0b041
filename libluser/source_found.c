// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What a scan came upon: is it a root FDT, is it a boot record? */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include <luser/fdt.h>
#include <luser/le.h>

#include "mem_internal.h"
#include "source_chosen.h"
#include "source_setup_data.h"

/* More are made by somebody who wants this to take long. */
#define MAX_FOUND 1024

/* No machine's device tree is larger (Documentation/arch/arm64/booting.rst). */
#define MAX_TREE (2u << 20)

/* So many that are larger than a root are looked at. */
#define MAX_LARGE 256

/* The type of a setup_data is small, and so is what is in it. */
#define MAX_TYPE 64
#define MAX_LEN 4096

static enum luser_code make_room(void **array, size_t count, size_t size,
				 struct luser_error *err)
{
	void *more;

	if (count == MAX_FOUND)
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "more than %d roots or boot records: this is no kernel's memory",
				  MAX_FOUND);
	more = reallocarray(*array, count + 1, size);
	if (!more)
		return luser_fail_nomem(err);
	*array = more;
	return LUSER_OK;
}

/* struct boot_params (asm/bootparam.h), as far as it tells who is booted. */
#define BOOT_PARAMS_MAGIC 0x202
#define BOOT_PARAMS_SETUP_DATA 0x250
/* Pages from the boot parameters to a record: they and the command line. */
#define BOOT_PARAMS_REACH 4

/*
 * The boot parameters lie in front of their records, and their list starts
 * with the last one made. Where they do not name this one, it waits.
 */
static enum scan_standing standing_by_params(struct luser_mem *mem,
					     uint64_t phys)
{
	uint64_t page = phys & ~(uint64_t)(LUSER_PAGE_MIN - 1);
	uint8_t raw[BOOT_PARAMS_SETUP_DATA + 8];

	for (int i = 0; i <= BOOT_PARAMS_REACH; i++, page -= LUSER_PAGE_MIN) {
		if (luser_mem_search(mem, page, raw, sizeof(raw), NULL) !=
		    LUSER_OK)
			break;
		if (memcmp(raw + BOOT_PARAMS_MAGIC, "HdrS", 4))
			continue;
		return luser_le64(raw + BOOT_PARAMS_SETUP_DATA) == phys ?
			       SCAN_BOOTED :
			       SCAN_STAGED;
	}
	return SCAN_UNDECIDED;
}

/*
 * The kernel puts the next record of the list behind this one, pointing back
 * to where this one will be at the boot (arch/x86/kernel/kexec-bzimage64.c).
 * Until then it waits somewhere else.
 */
static enum scan_standing standing(struct luser_mem *mem, uint64_t phys)
{
	uint64_t at = phys + SETUP_DATA_HEAD_SIZE + SETUP_DATA_KHO_SIZE;
	uint8_t next[SETUP_DATA_HEAD_SIZE];
	uint64_t made_for;

	if (luser_mem_search(mem, at, next, sizeof(next), NULL) != LUSER_OK)
		return SCAN_UNDECIDED;
	made_for = luser_le64(next);
	if (!made_for || !luser_le32(next + 8) ||
	    luser_le32(next + 8) > MAX_TYPE || luser_le32(next + 12) > MAX_LEN)
		return standing_by_params(mem, phys);
	return made_for == phys ? SCAN_BOOTED : SCAN_STAGED;
}

static bool is_plausible(const struct scan_record *record, uint64_t fdt_size)
{
	return record->fdt && !(record->fdt & (LUSER_PAGE_MIN - 1)) &&
	       fdt_size && !(fdt_size & (LUSER_PAGE_MIN - 1)) &&
	       fdt_size <= LUSER_SOURCE_ROOT_MAX && record->scratch &&
	       record->scratch_size && !(record->scratch_size & 15);
}

static enum luser_code add_record(struct scan *scan,
				  const struct scan_record *record,
				  struct luser_error *err)
{
	void *records = scan->records;
	enum luser_code code;

	code = make_room(&records, scan->nr_records, sizeof(*record), err);
	scan->records = records;
	if (code == LUSER_OK)
		scan->records[scan->nr_records++] = *record;
	return code;
}

enum luser_code scan_try_record(struct scan *scan, uint64_t phys,
				struct luser_error *err)
{
	uint8_t raw[SETUP_DATA_HEAD_SIZE + SETUP_DATA_KHO_SIZE];
	struct scan_record record;

	if (luser_mem_search(scan->mem, phys, raw, sizeof(raw), NULL) !=
	    LUSER_OK)
		return LUSER_OK;
	record = (struct scan_record){
		.phys = phys,
		.fdt = luser_le64(raw + 16),
		.scratch = luser_le64(raw + 32),
		.scratch_size = luser_le64(raw + 40),
	};
	if (!is_plausible(&record, luser_le64(raw + 24)))
		return LUSER_OK;
	record.standing = standing(scan->mem, phys);
	return add_record(scan, &record, err);
}

static bool is_root(const void *fdt)
{
	int size;
	const char *compatible = fdt_getprop(fdt, 0, "compatible", &size);

	return compatible && size > 0 && !compatible[size - 1] &&
	       luser_source_is_root(compatible);
}

static bool is_edited(struct luser_mem *mem, uint64_t end)
{
	uint8_t tail[LUSER_PAGE_MIN];
	size_t len = -end & (LUSER_PAGE_MIN - 1);
	size_t i;

	if (luser_mem_search(mem, end, tail, len, NULL) != LUSER_OK)
		return false;
	for (i = 0; i < len; i++)
		if (tail[i])
			return true;
	return false;
}

static enum luser_code add_root(struct scan *scan, uint64_t phys,
				const void *fdt, size_t len,
				struct luser_error *err)
{
	struct scan_root root = {
		.phys = phys,
		.fdt = luser_source_copy(scan->src, fdt, len),
		.len = len,
		.edited = is_edited(scan->mem, phys + len),
	};
	void *roots = scan->roots;
	enum luser_code code;

	if (!root.fdt)
		return luser_fail_nomem(err);
	if (!luser_source_generation(scan->mem, fdt, &root.counter,
				     &root.number))
		root.counter = NULL;
	code = make_room(&roots, scan->nr_roots, sizeof(root), err);
	scan->roots = roots;
	if (code == LUSER_OK)
		scan->roots[scan->nr_roots++] = root;
	return code;
}

/* A root, or the tree of a machine whose kernel was handed one. */
static enum luser_code add_tree(struct scan *scan, uint64_t phys,
				const void *fdt, size_t len,
				struct luser_error *err)
{
	struct scan_record record = {.phys = phys};

	if (luser_fdt_check(fdt, len, NULL) != LUSER_OK)
		return LUSER_OK;
	if (len <= LUSER_SOURCE_ROOT_MAX && is_root(fdt))
		return add_root(scan, phys, fdt, len, err);
	if (chosen_find(fdt, &record))
		return add_record(scan, &record, err);
	return LUSER_OK;
}

enum luser_code scan_try_tree(struct scan *scan, uint64_t phys,
			      struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	uint8_t head[8];
	size_t len;
	void *fdt;

	if (luser_mem_search(scan->mem, phys, head, sizeof(head), NULL) !=
	    LUSER_OK)
		return LUSER_OK;
	len = fdt32_ld((const fdt32_t *)(head + 4)); /* totalsize */
	if (len > LUSER_SOURCE_ROOT_MAX &&
	    (len > MAX_TREE || scan->nr_large++ >= MAX_LARGE))
		return LUSER_OK;
	fdt = malloc(len + 1);
	if (!fdt)
		return luser_fail_nomem(err);
	if (luser_mem_search(scan->mem, phys, fdt, len, NULL) == LUSER_OK)
		code = add_tree(scan, phys, fdt, len, err);
	free(fdt);
	return code;
}
