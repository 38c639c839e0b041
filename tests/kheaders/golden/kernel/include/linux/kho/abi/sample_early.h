/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Made by luser-gen from sample-early-v1.yaml. Do not edit.
 */

#ifndef _LINUX_KHO_ABI_SAMPLE_EARLY_H
#define _LINUX_KHO_ABI_SAMPLE_EARLY_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

/**
 * DOC: What only older ABIs do
 *
 * A map made of bitmaps, tables of fixed size, records in a property, and a
 * device tree that says its own size.
 *
 * Device tree::
 *
 *   / {
 *       compatible = "sample-early-v1";
 *       map = <u64>;
 *       table = <u64>;
 *       owner = [...];
 *       nr_blocks = <u32>;
 *       blocks = [...];
 *
 *       <blob> {
 *           fdt = <u64>;
 *       };
 *   };
 *
 * Node /:
 *
 * - compatible: The version.
 * - map: The map.
 * - table: The table.
 * - owner: A struct in a property.
 * - nr_blocks: How many blocks there are.
 * - blocks: The blocks.
 *
 * Node /<blob>:
 *
 * - fdt: Its address.
 *
 * Memory layout::
 *
 *   flattened device tree
 *   |
 *   +-- /: map --> bitmaps map
 *   |   +----------------------+          +-----
 *   |   | struct sample_chunk  | --next-> | ...
 *   |   +----------------------+          +-----
 *   |   | struct sample_bitmap |
 *   |   | struct sample_bitmap |
 *   |   | ...                  |
 *   |   +----------------------+
 *   |   |
 *   |   +-- bitmap --> a bitmap
 *   |
 *   +-- /: table --> table, a table
 *   |   +----------------------------+
 *   |   | struct sample_table_header |
 *   |   +----------------------------+
 *   |   | struct sample_owner        |
 *   |   | struct sample_owner        |
 *   |   | ...                        |
 *   |   +----------------------------+
 *   |   |
 *   |   +-- blocks --> blocks, a table
 *   |       +---------------------+
 *   |       | struct sample_block |
 *   |       | struct sample_block |
 *   |       | ...                 |
 *   |       +---------------------+
 *   |       |
 *   |       +-- phys --> preserved memory
 *   |
 *   +-- /: owner.blocks --> blocks, a table
 *   +-- /: blocks --> array of struct sample_block
 *   +-- /<blob>: fdt --> ABI of the node's name
 *
 * The layout of sample-early-v1 is frozen: what changes it is a new version
 * with a name of its own.
 */

/**
 * struct sample_chunk - Starts every chunk
 * @next: The next chunk. A physical address.
 * @order: Order of the blocks.
 * @count: Bitmaps in the chunk.
 */
struct sample_chunk {
	u64 next;
	u32 order;
	u32 count;
} __packed;

static_assert(sizeof(struct sample_chunk) == 16);
static_assert(offsetof(struct sample_chunk, next) == 0);
static_assert(offsetof(struct sample_chunk, order) == 8);
static_assert(offsetof(struct sample_chunk, count) == 12);

/**
 * struct sample_bitmap - Where a bitmap is
 * @start: The first block.
 * @bitmap: The bitmap. A physical address.
 */
struct sample_bitmap {
	u64 start;
	u64 bitmap;
} __packed;

static_assert(sizeof(struct sample_bitmap) == 16);
static_assert(offsetof(struct sample_bitmap, start) == 0);
static_assert(offsetof(struct sample_bitmap, bitmap) == 8);

/**
 * struct sample_table_header - Starts the table
 * @count: Records in the table.
 */
struct sample_table_header {
	u64 count;
} __packed;

static_assert(sizeof(struct sample_table_header) == 8);
static_assert(offsetof(struct sample_table_header, count) == 0);

/**
 * struct sample_owner - A record with a table of its own
 * @blocks: The table. A physical address.
 * @count: Records in it.
 */
struct sample_owner {
	u64 blocks;
	u64 count;
} __packed;

static_assert(sizeof(struct sample_owner) == 16);
static_assert(offsetof(struct sample_owner, blocks) == 0);
static_assert(offsetof(struct sample_owner, count) == 8);

/**
 * struct sample_block - A block
 * @order: Its order.
 * @phys: Its address. A physical address.
 */
struct sample_block {
	u64 order:12;
	u64 phys:52;
} __packed;

static_assert(sizeof(struct sample_block) == 8);

#endif /* _LINUX_KHO_ABI_SAMPLE_EARLY_H */
