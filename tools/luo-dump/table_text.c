// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>

#include <luser/format.h>

#include "table_text.h"
#include "util.h"

char *tables_text(const struct luser_node *node)
{
	const struct luser_mapped *mapped = node->mapped;
	char *tables = count_text(mapped->tables, "table");
	char *ranges = count_text(mapped->runs, "range");
	char *bytes = size_text(mapped->bytes);
	char *text;

	text = xprintf("%s, %s in %" PRIu32 " levels at 0x%" PRIx64
		       ", maps %s%s%s",
		       mapped->format->name, tables, mapped->top_level + 1,
		       node->phys, mapped->runs ? bytes : "nothing",
		       mapped->runs ? " in " : "", mapped->runs ? ranges : "");
	free(bytes);
	free(ranges);
	free(tables);
	return text;
}

void table_run_print(FILE *out, const struct luser_table_part *run)
{
	char *pages = number_text(run->len >> run->shift);
	char size[32];

	luser_format_size(UINT64_C(1) << run->shift, size, sizeof(size));
	fprintf(out,
		"0x%012" PRIx64 "-0x%012" PRIx64 "  0x%012" PRIx64
		"  %c%c  %s x %s\n",
		run->iova, run->iova + (run->len - 1), run->phys,
		run->read ? 'r' : '-', run->write ? 'w' : '-', pages, size);
	free(pages);
}
