// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Page tables, level by level, and the pages that they map.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <luser/le.h>

#include "block_set.h"
#include "walk_tables.h"

/* What leads somewhere: an entry, and what all levels above it allow. */
struct place {
	uint32_t level;
	uint64_t phys;
	uint64_t iova;
	bool read;
	bool write;
};

static void tell(struct tables *t, const struct luser_table_part *part)
{
	struct walk *w = t->w;

	if (w->visitor->table_part && !w->silent)
		w->visitor->table_part(w->ctx, &t->node, part);
}

static void report(struct tables *t, uint64_t phys, const char *rule,
		   const char *text, const char *found, const char *expected)
{
	walk_finding(t->w, &(struct luser_finding){
				   .severity = LUSER_ERROR,
				   .rule = rule,
				   .text = text,
				   .node = &t->node,
				   .phys = phys,
				   .found = found,
				   .expected = expected,
			   });
}

/* A table can have hundreds of them: the first one is told. */
static void report_entry(struct tables *t, const struct place *table,
			 uint64_t index, uint64_t iova,
			 const struct page_entry *bad)
{
	uint64_t entry = luser_le64(t->pages[table->level] + index * 8);
	char found[64];

	t->whole = false;
	if (t->odd[table->level])
		return;
	t->odd[table->level] = true;
	snprintf(found, sizeof(found), "0x%" PRIx64 " for IOVA 0x%" PRIx64,
		 entry, iova);
	report(t, table->phys + index * 8, bad->rule, bad->text, found,
	       bad->expected);
}

/*
 * The first pages of the run that are not preserved are told. Whose the others
 * are is not seen from here.
 */
static void check_run(struct tables *t)
{
	const struct luser_table_part *run = &t->run;
	struct walk *w = t->w;
	uint64_t skip = 0, len;
	bool preserved;
	char found[80];

	if (!w->mapped)
		return;
	len = block_set_alike(w->preserved, run->phys, run->len, &preserved);
	if (preserved && len == run->len)
		return;
	if (preserved) {
		skip = len;
		len = block_set_alike(w->preserved, run->phys + skip,
				      run->len - skip, &preserved);
	}
	snprintf(found, sizeof(found),
		 "0x%" PRIx64 ", %" PRIu64 " bytes for IOVA 0x%" PRIx64,
		 run->phys + skip, len, run->iova + skip);
	report(t, t->run_at, "maps-not-preserved",
	       "the device can reach memory that is not preserved", found,
	       "memory in the map of preserved memory");
}

static void end_run(struct tables *t)
{
	if (!t->run.len)
		return;
	check_run(t);
	t->mapped.runs++;
	tell(t, &t->run);
	t->run.len = 0;
}

static void add_page(struct tables *t, const struct place *table, uint64_t at,
		     uint64_t iova, const struct page_entry *page)
{
	const struct luser_page_format *format = t->format;
	struct luser_table_part *run = &t->run;
	uint64_t size = UINT64_C(1) << page->shift;
	bool read = table->read &&
		    (!format->read || page->bits & format->read);
	bool write = table->write && page->bits & format->write;

	t->mapped.pages++;
	if (__builtin_add_overflow(t->mapped.bytes, size, &t->mapped.bytes))
		t->mapped.bytes = UINT64_MAX;
	if (run->len && iova == run->iova + run->len &&
	    page->phys == run->phys + run->len && page->shift == run->shift &&
	    page->bits == run->bits && read == run->read &&
	    write == run->write) {
		run->len += size;
		return;
	}
	end_run(t);
	*run = (struct luser_table_part){
		.read = read,
		.write = write,
		.level = (uint8_t)table->level,
		.shift = (uint8_t)page->shift,
		.iova = iova,
		.phys = page->phys,
		.len = size,
		.bits = page->bits,
	};
	t->run_at = at;
}

/* True if the domain has the address. */
static bool is_inside(const struct tables *t, uint64_t iova)
{
	uint32_t bits = t->va_bits;

	if (bits >= 64)
		return true;
	/* All bits from the sign on are equal. */
	return t->sign_extend ? !((iova ^ -(iova >> 63)) >> (bits - 1))
			      : !(iova >> bits);
}

/* True if an entry for so many addresses can be: of a table, for one is enough. */
static bool may_be(const struct tables *t, enum page_entry_kind kind,
		   uint64_t iova, uint32_t shift)
{
	bool first = is_inside(t, iova);
	bool last = is_inside(t, iova + ((UINT64_C(1) << shift) - 1));

	return kind == PAGE_ENTRY_PAGE ? first && last : first || last;
}

/* Where entry @index of a table leads from; false if that is no address. */
static bool entry_iova(const struct tables *t, const struct place *table,
		       uint64_t index, uint64_t *ret)
{
	uint32_t shift = page_level_shift(t->format, table->level);
	uint64_t iova = table->iova + (index << shift);
	uint32_t covers = page_level_shift(t->format, t->mapped.top_level + 1);

	*ret = iova;
	if (index << shift >> shift != index)
		return false;
	if (t->sign_extend && covers < 64 && iova >> (covers - 1) & 1)
		*ret = iova | -(UINT64_C(1) << covers);
	return true;
}

/*
 * A page that is larger than its level's takes entries that are all alike, but
 * for what the hardware sets (amdv1pt_install_leaf_entry() in
 * drivers/iommu/generic_pt/fmt/amdv1.h).
 */
static bool is_whole(const struct tables *t, const struct place *table,
		     uint64_t index, uint64_t count)
{
	const uint8_t *at = t->pages[table->level] + index * 8;
	uint64_t mask = ~t->format->updated;

	if (index % count)
		return false;
	for (uint64_t i = 1; i < count; i++)
		if ((luser_le64(at) ^ luser_le64(at + i * 8)) & mask)
			return false;
	return true;
}

/* Returns how many entries that was. */
static uint64_t read_page(struct tables *t, const struct place *table,
			  uint64_t index, uint64_t iova,
			  const struct page_entry *page)
{
	uint32_t shift = page_level_shift(t->format, table->level);
	uint64_t count = UINT64_C(1) << (page->shift - shift);

	if (count > 1 && !is_whole(t, table, index, count)) {
		report_entry(t, table, index, iova,
			     &(struct page_entry){
				     .rule = "page-whole",
				     .text = "the entries of one large page differ",
				     .expected = "as many equal entries as it takes",
			     });
		return 1;
	}
	add_page(t, table, table->phys + index * 8, iova, page);
	return count;
}

static void read_table(struct tables *t, const struct place *place,
		       uint64_t bits);

static void descend(struct tables *t, const struct place *table, uint64_t iova,
		    const struct page_entry *entry)
{
	const struct luser_page_format *format = t->format;

	read_table(t,
		   &(struct place){
			   .level = table->level - 1,
			   .phys = entry->phys,
			   .iova = iova,
			   .read = table->read && (!format->read ||
						   entry->bits & format->read),
			   .write = table->write && entry->bits & format->write,
		   },
		   entry->bits);
}

static uint64_t read_entry(struct tables *t, const struct place *table,
			   uint64_t index)
{
	uint64_t value = luser_le64(t->pages[table->level] + index * 8);
	struct page_entry entry;
	uint64_t iova;

	if (!value)
		return 1;
	page_entry_read(t->format, table->level, t->oa_bits, value, &entry);
	if (entry.kind == PAGE_ENTRY_EMPTY)
		return 1;
	if (!entry_iova(t, table, index, &iova) ||
	    !may_be(t, entry.kind, iova,
		    entry.kind == PAGE_ENTRY_PAGE
			    ? entry.shift
			    : page_level_shift(t->format, table->level))) {
		entry.kind = PAGE_ENTRY_BAD;
		entry.rule = "beyond-domain";
		entry.text = "an entry is for an address that the domain has not";
		entry.expected = "entries for as many bits as the domain has";
	}
	if (entry.kind == PAGE_ENTRY_PAGE)
		return read_page(t, table, index, iova, &entry);
	if (entry.kind == PAGE_ENTRY_TABLE)
		descend(t, table, iova, &entry);
	else
		report_entry(t, table, index, iova, &entry);
	return 1;
}

static bool fetch(struct tables *t, const struct place *table)
{
	uint64_t len = page_table_bytes(t->format);
	uint8_t **page = &t->pages[table->level];

	if (!*page)
		*page = malloc(len);
	if (!*page) {
		t->w->code = LUSER_NOMEM;
		return false;
	}
	if (!walk_claim(t->w, &t->node, NULL, table->phys, len))
		return false;
	/* The top one was looked at as the record's field. */
	if (table->level != t->mapped.top_level)
		walk_preserved(t->w, &t->node, NULL, table->phys, len);
	return walk_read(t->w, &t->node, NULL, table->phys, *page, len);
}

static bool is_counted(struct tables *t, const struct place *table)
{
	char found[40], expected[40];

	if (t->mapped.tables < t->limit)
		return true;
	if (t->is_full)
		return false;
	t->is_full = true;
	snprintf(found, sizeof(found), "one more at 0x%" PRIx64, table->phys);
	snprintf(expected, sizeof(expected), "%" PRIu64 " tables", t->limit);
	report(t, table->phys, "table-count",
	       "there are more tables than the record counts", found, expected);
	return false;
}

static void read_table(struct tables *t, const struct place *table,
		       uint64_t bits)
{
	uint64_t entries = UINT64_C(1) << t->format->index_bits;
	uint32_t covers = page_level_shift(t->format, table->level + 1);

	if (walk_over(t->w) || !is_counted(t, table))
		return;
	if (!fetch(t, table)) {
		t->whole = false;
		return;
	}
	t->mapped.tables++;
	t->odd[table->level] = false;
	tell(t, &(struct luser_table_part){
			.is_table = true,
			.level = (uint8_t)table->level,
			.iova = table->iova,
			.phys = table->phys,
			.len = covers < 64 ? UINT64_C(1) << covers : UINT64_MAX,
			.bits = bits,
		});
	for (uint64_t i = 0; i < entries;)
		i += read_entry(t, table, i);
}

void tables_read(struct tables *t)
{
	read_table(t,
		   &(struct place){
			   .level = t->mapped.top_level,
			   .phys = t->node.phys,
			   .read = true,
			   .write = true,
		   },
		   0);
	end_run(t);
	for (uint32_t i = 0; i < PAGE_LEVELS; i++)
		free(t->pages[i]);
}
