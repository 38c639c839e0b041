// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What a device tree's /chosen says of a handover. */
#include <libfdt.h>

#include "source_chosen.h"

#define MAX_CELLS 2

static uint64_t number(const uint8_t *at, uint32_t cells)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < cells * 4; i++)
		value = value << 8 | at[i];
	return value;
}

bool chosen_reg(const void *value, size_t len, uint32_t address_cells,
		uint32_t size_cells, uint64_t *address, uint64_t *size)
{
	const uint8_t *at = value;

	if (!address_cells || address_cells > MAX_CELLS || !size_cells ||
	    size_cells > MAX_CELLS || len != (address_cells + size_cells) * 4)
		return false;
	*address = number(at, address_cells);
	*size = number(at + (size_t)address_cells * 4, size_cells);
	return true;
}

static uint32_t cells(const void *fdt, const char *name, uint32_t unsaid)
{
	int len;
	const fdt32_t *value = fdt_getprop(fdt, 0, name, &len);

	return value && len == 4 ? fdt32_ld(value) : unsaid;
}

static bool find_reg(const void *fdt, int node, const char *name,
		     uint64_t *address, uint64_t *size)
{
	int len;
	const void *value = fdt_getprop(fdt, node, name, &len);

	return value && len > 0 &&
	       chosen_reg(value, (size_t)len,
			  cells(fdt, "#address-cells", CHOSEN_ADDRESS_CELLS),
			  cells(fdt, "#size-cells", CHOSEN_SIZE_CELLS),
			  address, size);
}

/*
 * kexec gives the next kernel two seeds. That takes one of them out of the tree
 * as soon as it has read it.
 */
static enum scan_standing standing(const void *fdt, int node)
{
	if (fdt_getprop(fdt, node, "rng-seed", NULL))
		return SCAN_STAGED;
	if (fdt_getprop(fdt, node, "kaslr-seed", NULL))
		return SCAN_BOOTED;
	return SCAN_UNDECIDED;
}

bool chosen_find(const void *fdt, struct scan_record *ret)
{
	int node = fdt_path_offset(fdt, "/chosen");
	uint64_t size;

	if (node < 0 || !find_reg(fdt, node, CHOSEN_FDT, &ret->fdt, &size) ||
	    !find_reg(fdt, node, CHOSEN_SCRATCH, &ret->scratch,
		      &ret->scratch_size))
		return false;
	ret->standing = standing(fdt, node);
	return ret->fdt && !(ret->fdt & (LUSER_PAGE_MIN - 1));
}
