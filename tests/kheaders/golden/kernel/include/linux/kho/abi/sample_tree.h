/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Made by luser-gen from sample-tree-v1.yaml. Do not edit.
 */

#ifndef _LINUX_KHO_ABI_SAMPLE_TREE_H
#define _LINUX_KHO_ABI_SAMPLE_TREE_H

#include <linux/bits.h>
#include <linux/kho/abi/sample.h>
#include <linux/math.h>
#include <linux/types.h>

#include <asm/page.h>

/**
 * DOC: A device tree and a radix tree
 *
 * A made-up ABI for tests, which starts with a device tree.
 *
 * Device tree::
 *
 *   / {
 *       compatible = "sample-tree-v1";
 *       map = <u64>;
 *
 *       fixed {
 *           data = <u64>;
 *           size = <u64>;
 *
 *           <leaf> {
 *               root = <u64>;
 *           };
 *       };
 *   };
 *
 * Node /:
 *
 * - compatible: Names the ABI.
 * - map: The map.
 *
 * Node /fixed:
 *
 * - data: Any ABI.
 * - size: Its size.
 *
 * Node /fixed/<leaf>:
 *
 * - root: Where the other sample starts.
 *
 * Memory layout::
 *
 *   flattened device tree
 *   |
 *   +-- /: map --> radix tree map
 *   +-- /fixed: data --> ABI of the node's name
 *   +-- /fixed/<leaf>: root --> struct sample_root
 *       |
 *       +-- records --> records, a chain of pages
 *       |   +----------------------+          +-----
 *       |   | struct sample_header | --next-> | ...
 *       |   +----------------------+          +-----
 *       |   | struct sample_record |
 *       |   | struct sample_record |
 *       |   | ...                  |
 *       |   +----------------------+
 *       |   |
 *       |   +-- pfn --> preserved memory
 *       |   +-- other --> one of records, by index
 *       |   +-- either.plain.where --> preserved memory
 *       |   +-- section.plain.where --> preserved memory
 *       |
 *       +-- table --> names, a table
 *       |   +----------------------+
 *       |   | struct sample_header |
 *       |   +----------------------+
 *       |   | struct sample_small  |
 *       |   | struct sample_small  |
 *       |   | ...                  |
 *       |   +----------------------+
 *       |   |
 *       |   +-- where --> preserved memory
 *       |
 *       +-- list.first --> struct sample_page
 *
 * The layout of sample-tree-v1 is frozen: what changes it is a new version with
 * a name of its own.
 */

/* The compatible string. */
#define SAMPLE_TREE_COMPATIBLE	"sample-tree-v1"

/**
 * DOC: Sample map
 *
 * The pages that are kept.
 *
 * Where pages have 4 KiB::
 *
 *   +----------------------------------------------------+
 *   | level 5: struct sample_node, bits 52:51 of the key |
 *   +----------------------------------------------------+
 *   | level 4: struct sample_node, bits 50:42 of the key |
 *   +----------------------------------------------------+
 *   | level 3: struct sample_node, bits 41:33 of the key |
 *   +----------------------------------------------------+
 *   | level 2: struct sample_node, bits 32:24 of the key |
 *   +----------------------------------------------------+
 *   | level 1: struct sample_node, bits 23:15 of the key |
 *   +----------------------------------------------------+
 *   | level 0: struct sample_leaf, bits 14:0 of the key  |
 *   +----------------------------------------------------+
 *
 * The new kernel frees it.
 */

/**
 * enum sample_consts - The numbers of the tree
 * @SAMPLE_KEY_BITS: Bits of a key.
 * @SAMPLE_TABLE_BITS: Logarithm of the entries of a table.
 * @SAMPLE_LEAF_BITS: Logarithm of the bits of a leaf.
 * @SAMPLE_LEVELS: Levels, the one of the leaves included.
 */
enum sample_consts {
	SAMPLE_KEY_BITS = 65 - PAGE_SHIFT,
	SAMPLE_TABLE_BITS = PAGE_SHIFT - 3,
	SAMPLE_LEAF_BITS = PAGE_SHIFT + 3,
	SAMPLE_LEVELS =
		DIV_ROUND_UP(SAMPLE_KEY_BITS - SAMPLE_LEAF_BITS,
			     SAMPLE_TABLE_BITS) + 1,
};

/**
 * struct sample_node - A table on a level above the leaves
 * @table: Physical addresses of tables or leaves, zero where there is none.
 */
struct sample_node {
	u64 table[1 << SAMPLE_TABLE_BITS];
};

static_assert(sizeof(struct sample_node) == PAGE_SIZE);

/**
 * struct sample_leaf - A leaf
 * @bitmap: A bit for each key.
 */
struct sample_leaf {
	DECLARE_BITMAP(bitmap, 1 << SAMPLE_LEAF_BITS);
};

static_assert(sizeof(struct sample_leaf) == PAGE_SIZE);

#endif /* _LINUX_KHO_ABI_SAMPLE_TREE_H */
