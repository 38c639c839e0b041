/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealed pages: writing the records that a new kernel reads.
 *
 * A table is an array of records in a chain of preserved pages, which grows
 * and shrinks with the records in it. A record is known by its index, which
 * stays the same as long as it lives; a free slot is used again.
 */

#ifndef _LINUX_KHO_SEALED_TABLE_H
#define _LINUX_KHO_SEALED_TABLE_H

#include <linux/idr.h>
#include <linux/kho/abi/sealed_page.h>
#include <linux/types.h>

/**
 * struct kho_sealed_table - An array of records for the next kernel.
 * @pages:       Its pages, in order.
 * @slots:       The slots that are in use.
 * @nr_pages:    How many pages.
 * @max_pages:   As many pages as the ABI allows.
 * @nr_slots:    Slots up to the last that is in use.
 * @magic:       The ABI's magic.
 * @record_size: Bytes of a record.
 * @kind:        Which array of the ABI it is.
 *
 * Users look, and do not write. There is no lock in here.
 */
struct kho_sealed_table {
	struct kho_page_hdr_ser **pages;
	struct ida slots;
	u32 nr_pages;
	u32 max_pages;
	u32 nr_slots;
	u32 magic;
	u32 record_size;
	u16 kind;
};

void kho_sealed_table_init(struct kho_sealed_table *table, u32 magic, u16 kind,
			   u32 record_size, u32 max_pages);
void kho_sealed_table_destroy(struct kho_sealed_table *table);
void *kho_sealed_table_add(struct kho_sealed_table *table, u32 *index);
void kho_sealed_table_del(struct kho_sealed_table *table, u32 index);
void *kho_sealed_table_record(const struct kho_sealed_table *table, u32 index);
u64 kho_sealed_table_phys(const struct kho_sealed_table *table);
void kho_sealed_table_seal(struct kho_sealed_table *table, u64 handover);
void kho_sealed_table_unseal(struct kho_sealed_table *table);

#endif /* _LINUX_KHO_SEALED_TABLE_H */
