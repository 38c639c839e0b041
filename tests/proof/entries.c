// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Any entry of a page table, at each level of each format of iommu-v2.
 */
#include <luser/abi/iommu-v2.h>

#include "any.h"
#include "page_entry.h"

static void any_entry(const struct luser_page_format *format, uint32_t level)
{
	struct page_entry entry;

	page_entry_read(format, level, (uint32_t)any_number(0, 63),
			any_number(0, UINT64_MAX), &entry);
	page_level_shift(format, level);
	if (entry.kind == PAGE_ENTRY_TABLE || entry.kind == PAGE_ENTRY_PAGE)
		(void)(UINT64_C(1) << entry.shift);
}

int main(void)
{
	const struct luser_page_table *table =
		luser_iommu_v2_domain_type()->fields[0].link->page_table;

	for (uint16_t i = 0; i < table->nr_arms; i++) {
		const struct luser_page_format *format = table->arms[i].format;

		if (!format)
			continue;
		for (uint32_t level = 0; level <= format->max_top; level++)
			any_entry(format, level);
	}
	return 0;
}
