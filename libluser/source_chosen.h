/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What names a handover where a kernel is booted with a device tree (arm64):
 * two properties of its node /chosen, each an address and a size in the cells
 * of the root (drivers/of/kexec.c, drivers/of/fdt.c).
 *
 *   linux,kho-fdt      the root FDT
 *   linux,kho-scratch  the scratch areas, {u64 addr, u64 size} each
 */
#ifndef LUSER_SOURCE_CHOSEN_H
#define LUSER_SOURCE_CHOSEN_H

#include "source_scan.h"

#define CHOSEN_FDT "linux,kho-fdt"
#define CHOSEN_SCRATCH "linux,kho-scratch"

/* The cells that a tree has which says nothing of them. */
#define CHOSEN_ADDRESS_CELLS 2
#define CHOSEN_SIZE_CELLS 1

/**
 * chosen_reg() - an address and a size
 * @value: the property's bytes
 * @len:   how many
 * @address_cells, @size_cells: of the root
 *
 * Return: false if it is not one pair.
 */
bool chosen_reg(const void *value, size_t len, uint32_t address_cells,
		uint32_t size_cells, uint64_t *address, uint64_t *size);

/**
 * chosen_find() - what a flattened device tree says of a handover
 * @fdt: a checked tree
 * @ret: all but @phys
 *
 * Return: false if it says nothing.
 */
bool chosen_find(const void *fdt, struct scan_record *ret);

#endif /* LUSER_SOURCE_CHOSEN_H */
