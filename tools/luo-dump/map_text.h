/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The map of preserved memory for a person. The caller frees all texts. */
#ifndef LUO_DUMP_MAP_TEXT_H
#define LUO_DUMP_MAP_TEXT_H

#include <luser/walk.h>

/* "20 pages, 81,920 bytes (80 KiB) in 7 ranges" */
char *map_text(const struct luser_map *map);

/* "3 blocks, 12 pages, 49,152 bytes (48 KiB)" */
char *map_order_text(const struct luser_map *map, unsigned int order,
		     uint64_t page_size);

/* A line for each range, of @max at most. */
char *map_ranges_text(const struct luser_map *map, uint64_t max);

#endif /* LUO_DUMP_MAP_TEXT_H */
