// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "map_text.h"
#include "util.h"

char *map_text(const struct luser_map *map)
{
	char *pages = count_text(map->pages, "page");
	char *bytes = size_text(map->bytes);
	char *ranges = count_text(map->nr_ranges, "range");
	char *text = xprintf("%s, %s in %s", pages, bytes, ranges);

	free(ranges);
	free(bytes);
	free(pages);
	return text;
}

char *map_order_text(const struct luser_map *map, unsigned int order,
		     uint64_t page_size)
{
	uint64_t nr = map->blocks[order], nr_pages = nr << order, nr_bytes;
	char *blocks = count_text(nr, "block");
	char *pages = count_text(nr_pages, "page");
	char *bytes, *text;

	if (__builtin_mul_overflow(nr_pages, page_size, &nr_bytes))
		nr_bytes = UINT64_MAX;
	bytes = size_text(nr_bytes);
	text = xprintf("%s, %s, %s", blocks, pages, bytes);
	free(bytes);
	free(pages);
	free(blocks);
	return text;
}

char *map_ranges_text(const struct luser_map *map, uint64_t max)
{
	struct luser_map_cursor cursor = { 0 };
	struct luser_range range;
	struct text_file file;

	text_open(&file);
	for (uint64_t i = 0; i < max && luser_map_next(map, &cursor, &range);
	     i++) {
		char *size = size_text(range.len);

		fprintf(file.out, "0x%012" PRIx64 "-0x%012" PRIx64 "  %s\n",
			range.start, range.start + range.len - 1, size);
		free(size);
	}
	if (map->nr_ranges > max)
		fprintf(file.out, "... %" PRIu64 " more (--records=all)\n",
			map->nr_ranges - max);
	return text_close(&file);
}
