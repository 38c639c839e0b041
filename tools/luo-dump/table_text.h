/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Page tables for a person. */
#ifndef LUO_DUMP_TABLE_TEXT_H
#define LUO_DUMP_TABLE_TEXT_H

#include <stdio.h>

#include <luser/walk.h>

/*
 * "vtd_second, 5 tables in 4 levels at 0x1000, maps 3 ranges, 8,192 bytes
 * (8 KiB)"; the caller frees it.
 */
char *tables_text(const struct luser_node *node);

/* A line for a run of pages. */
void table_run_print(FILE *out, const struct luser_table_part *run);

#endif /* LUO_DUMP_TABLE_TEXT_H */
