/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The boot record that names a handover on x86: a struct setup_data with a
 * struct kho_data in it (arch/x86/include/uapi/asm/setup_data.h).
 *
 *   0  u64 next         the record that follows in the list, or 0
 *   8  u32 type         10
 *  12  u32 len          32
 *  16  u64 fdt_addr     the root FDT
 *  24  u64 fdt_size     a page
 *  32  u64 scratch_addr the scratch areas, {u64 addr, u64 size} each
 *  40  u64 scratch_size bytes of that array
 */
#ifndef LUSER_SETUP_DATA_H
#define LUSER_SETUP_DATA_H

#define SETUP_DATA_HEAD_SIZE 16
#define SETUP_DATA_TYPE_KHO 10
#define SETUP_DATA_KHO_SIZE 32

/* @type and @len as one little-endian number. */
#define SETUP_DATA_KHO_MARK 0x200000000aull

#endif /* LUSER_SETUP_DATA_H */
