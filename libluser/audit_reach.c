// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What devices reach, gathered while the walk goes by: page tables, what they
 * map, and which groups of objects refer to the records that lead to them.
 */
#include <stdlib.h>

#include "audit_internal.h"
#include "list.h"

/* A list with room for one more. NULL, which is noted: no memory. */
static void *grow(struct luser_audit *audit, void *list, size_t nr, size_t size)
{
	list = list_grow(list, nr, size);
	audit->nomem |= !list;
	return list;
}

void reach_add_tables(struct luser_audit *audit, const struct luser_node *node)
{
	struct reach *reach = &audit->reach;
	struct reach_tables *list =
		grow(audit, reach->tables, reach->nr_tables, sizeof(*list));

	if (!list)
		return;
	reach->tables = list;
	list[reach->nr_tables++] = (struct reach_tables){
		.owner = audit_owner_of(audit, node),
		.abi = node->abi,
		.array = node->parent->array,
		.index = node->parent->index,
		.first = reach->nr_runs,
	};
}

void reach_add_run(struct luser_audit *audit,
		   const struct luser_table_part *part)
{
	struct reach *reach = &audit->reach;
	struct reach_run *list =
		grow(audit, reach->runs, reach->nr_runs, sizeof(*list));

	if (!list)
		return;
	reach->runs = list;
	list[reach->nr_runs++] =
		(struct reach_run){ part->phys, part->len, part->iova };
}

static bool leads_to_tables(const struct luser_field *field)
{
	const struct luser_struct *type;

	if (!field->link || field->link->kind != LUSER_TO_INDEX)
		return false;
	type = field->link->array->record;
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (type->fields[i].link && type->fields[i].link->page_table)
			return true;
	return false;
}

static void add_use(struct luser_audit *audit, const struct luser_node *group,
		    const struct luser_link *link, uint64_t index)
{
	struct reach *reach = &audit->reach;
	struct reach_use *list =
		grow(audit, reach->uses, reach->nr_uses, sizeof(*list));

	if (!list)
		return;
	reach->uses = list;
	list[reach->nr_uses++] = (struct reach_use){
		.index = index,
		.link = link,
		.what = group->type->group,
		.group = audit_owner_of(audit, group),
	};
}

void reach_add_uses(struct luser_audit *audit, const struct luser_node *node,
		    const struct luser_node *group)
{
	for (uint16_t i = 0; i < node->type->nr_fields; i++) {
		const struct luser_field *field = &node->type->fields[i];

		if (leads_to_tables(field))
			add_use(audit, group, field->link,
				luser_field_get(field, node->bytes, 0));
	}
}

void reach_free(struct reach *reach)
{
	free(reach->tables);
	free(reach->runs);
	free(reach->uses);
}
