// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: Writing KHO sealed pages
 *
 * Arrays of records for the next kernel, in the format that is described in
 * include/linux/kho/abi/sealed_page.h. A page is allocated when the ones before
 * it are full, and freed when the last record in it is gone, so that all pages
 * but the last are full at any time.
 */

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho_sealed_page.h>
#include <linux/kho_sealed_table.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

static u32 table_capacity(const struct kho_sealed_table *table)
{
	return (PAGE_SIZE - sizeof(struct kho_page_hdr_ser)) /
	       table->record_size;
}

/**
 * kho_sealed_table_init - Make an empty table.
 * @table:       The table.
 * @magic:       The ABI's magic.
 * @kind:        Which array of the ABI it is.
 * @record_size: Bytes of a record, a multiple of eight.
 * @max_pages:   As many pages as the ABI allows.
 */
void kho_sealed_table_init(struct kho_sealed_table *table, u32 magic, u16 kind,
			   u32 record_size, u32 max_pages)
{
	memset(table, 0, sizeof(*table));
	ida_init(&table->slots);
	table->magic = magic;
	table->kind = kind;
	table->record_size = record_size;
	table->max_pages = max_pages;
}
EXPORT_SYMBOL_GPL(kho_sealed_table_init);

/* Room for one more page in the list of pages. */
static int table_reserve(struct kho_sealed_table *table)
{
	struct kho_page_hdr_ser **pages;

	if (table->nr_pages == table->max_pages)
		return -ENOSPC;
	pages = krealloc_array(table->pages, table->nr_pages + 1,
			       sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	table->pages = pages;
	return 0;
}

static int table_grow(struct kho_sealed_table *table)
{
	struct kho_page_hdr_ser *hdr;
	int err;

	err = table_reserve(table);
	if (err)
		return err;
	hdr = kho_alloc_preserve(PAGE_SIZE);
	if (IS_ERR(hdr))
		return PTR_ERR(hdr);
	hdr->magic = table->magic;
	hdr->version = KHO_PAGE_VERSION;
	hdr->kind = table->kind;
	hdr->record_size = table->record_size;
	if (table->nr_pages)
		table->pages[table->nr_pages - 1]->next = virt_to_phys(hdr);
	table->pages[table->nr_pages++] = hdr;
	return 0;
}

static void table_shrink(struct kho_sealed_table *table)
{
	kho_unpreserve_free(table->pages[--table->nr_pages]);
	if (table->nr_pages)
		table->pages[table->nr_pages - 1]->next = 0;
}

/* Slots behind the last record do not count, nor do pages of only these. */
static void table_trim(struct kho_sealed_table *table)
{
	u32 capacity = table_capacity(table);

	while (table->nr_slots && !ida_exists(&table->slots,
					      table->nr_slots - 1))
		table->nr_slots--;
	while (table->nr_pages * capacity >= table->nr_slots + capacity)
		table_shrink(table);
	if (table->nr_pages)
		table->pages[table->nr_pages - 1]->nr_used =
			table->nr_slots - (table->nr_pages - 1) * capacity;
}

/**
 * kho_sealed_table_destroy - Give back all pages of a table.
 * @table: The table. It is left empty.
 */
void kho_sealed_table_destroy(struct kho_sealed_table *table)
{
	while (table->nr_pages)
		table_shrink(table);
	kfree(table->pages);
	table->pages = NULL;
	table->nr_slots = 0;
	ida_destroy(&table->slots);
}
EXPORT_SYMBOL_GPL(kho_sealed_table_destroy);

/**
 * kho_sealed_table_record - Find a record.
 * @table: The table.
 * @index: The record's index.
 *
 * Return: The record.
 */
void *kho_sealed_table_record(const struct kho_sealed_table *table, u32 index)
{
	u32 capacity = table_capacity(table);
	void *records = table->pages[index / capacity] + 1;

	return records + (size_t)(index % capacity) * table->record_size;
}
EXPORT_SYMBOL_GPL(kho_sealed_table_record);

/**
 * kho_sealed_table_add - Add a record.
 * @table: The table, which must not be sealed.
 * @index: Receives the record's index.
 *
 * Context: May sleep.
 * Return: The record, all zero, or an ERR_PTR(): -ENOMEM, or -ENOSPC if the
 * ABI does not allow more.
 */
void *kho_sealed_table_add(struct kho_sealed_table *table, u32 *index)
{
	u32 capacity = table_capacity(table);
	int slot, err = 0;

	slot = ida_alloc(&table->slots, GFP_KERNEL);
	if (slot < 0)
		return ERR_PTR(slot);
	if (slot >= table->nr_pages * capacity)
		err = table_grow(table);
	if (err) {
		ida_free(&table->slots, slot);
		return ERR_PTR(err);
	}
	if (slot >= table->nr_slots) {
		table->nr_slots = slot + 1;
		table->pages[slot / capacity]->nr_used = slot % capacity + 1;
	}
	*index = slot;
	return kho_sealed_table_record(table, slot);
}
EXPORT_SYMBOL_GPL(kho_sealed_table_add);

/**
 * kho_sealed_table_del - Remove a record.
 * @table: The table, which must not be sealed.
 * @index: The record's index. Nothing may refer to it any more.
 */
void kho_sealed_table_del(struct kho_sealed_table *table, u32 index)
{
	memset(kho_sealed_table_record(table, index), 0, table->record_size);
	ida_free(&table->slots, index);
	table_trim(table);
}
EXPORT_SYMBOL_GPL(kho_sealed_table_del);

/**
 * kho_sealed_table_phys - Where a reader starts.
 * @table: The table.
 *
 * Return: The physical address of the first page, 0 if there are no records.
 */
u64 kho_sealed_table_phys(const struct kho_sealed_table *table)
{
	return table->nr_pages ? virt_to_phys(table->pages[0]) : 0;
}
EXPORT_SYMBOL_GPL(kho_sealed_table_phys);

/**
 * kho_sealed_table_seal - Seal all pages of a table.
 * @table:    The table. It does not change until it is unsealed.
 * @handover: The number of the handover, of liveupdate_number().
 */
void kho_sealed_table_seal(struct kho_sealed_table *table, u64 handover)
{
	for (u32 i = 0; i < table->nr_pages; i++) {
		struct kho_page_hdr_ser *hdr = table->pages[i];

		hdr->handover = handover;
		hdr->flags |= KHO_PAGE_SEALED;
		hdr->crc = kho_sealed_page_crc(hdr);
	}
}
EXPORT_SYMBOL_GPL(kho_sealed_table_seal);

/**
 * kho_sealed_table_unseal - Let a table be changed again.
 * @table: The table.
 */
void kho_sealed_table_unseal(struct kho_sealed_table *table)
{
	for (u32 i = 0; i < table->nr_pages; i++) {
		struct kho_page_hdr_ser *hdr = table->pages[i];

		hdr->flags &= ~KHO_PAGE_SEALED;
		hdr->crc = 0;
	}
}
EXPORT_SYMBOL_GPL(kho_sealed_table_unseal);
