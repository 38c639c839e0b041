// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "grow.h"

#define REACHES " reaches-other reaches-unowned "

/**
 * struct list - those so far
 * @abi:    whose they are
 * @holder: what has them, for their names
 */
struct list {
	struct descriptor *all;
	size_t nr;
	const struct luser_abi *abi;
	const char *holder;
};

static void *copy(const void *from, size_t size)
{
	void *to = malloc(size);

	if (!to)
		abort();
	return memcpy(to, from, size);
}

/* @object would be @other if it did not ask for @what. */
static void add(struct list *list, const char *what, const char *rules,
		const void *who, const void *object, const void *other,
		size_t size)
{
	struct descriptor d = {
		.rules = rules,
		.who = who,
		.abi = list->abi,
		.object = (void *)(uintptr_t)object,
		.size = size,
		.other = copy(other, size),
	};

	snprintf(d.name, sizeof(d.name), "%s/%s/%s", list->abi->id,
		 list->holder, what);
	list->all = grow(list->all, list->nr, sizeof(*list->all));
	list->all[list->nr++] = d;
}

/* @list without its element @at; it lives as long as the program. */
static const void *without(const void *list, size_t nr, size_t at, size_t size)
{
	uint8_t *rest = copy(list, nr * size);

	memmove(rest + at * size, rest + (at + 1) * size,
		(nr - at - 1) * size);
	return rest;
}

static void add_array(struct list *list, const struct luser_array *array,
		      const char *what, const char *rules,
		      const struct luser_array *other)
{
	add(list, what, rules, array, array, other, sizeof(*array));
}

static void list_expected(struct list *list, const struct luser_array *array)
{
	for (uint16_t i = 0; i < array->nr_expect; i++) {
		struct luser_array other = *array;

		other.expect = without(array->expect, array->nr_expect, i,
				       sizeof(*array->expect));
		other.nr_expect--;
		add_array(list, array, array->expect[i].field->name, NULL,
			  &other);
	}
}

static void list_same(struct list *list, const struct luser_array *array)
{
	for (uint16_t i = 0; i < array->nr_same; i++) {
		struct luser_array other = *array;

		other.same = without(array->same, array->nr_same, i,
				     sizeof(*array->same));
		other.nr_same--;
		add_array(list, array, array->same[i]->name, NULL, &other);
	}
}

static void list_unique(struct list *list, const struct luser_array *array)
{
	for (uint16_t i = 0; i < array->nr_unique; i++) {
		struct luser_array other = *array;

		other.unique = without(array->unique, array->nr_unique, i,
				       sizeof(*array->unique));
		other.nr_unique--;
		add_array(list, array, array->unique[i].name, NULL, &other);
	}
}

/* No dump has a chain as long as may be: without a page, it is too long. */
static void list_limits(struct list *list, const struct luser_array *array)
{
	struct luser_array other = *array;

	other.max_pages = array->pages ? UINT32_MAX : 0;
	add_array(list, array, "max-pages", NULL, &other);
	if (array->min_count) {
		other = *array;
		other.min_count = 0;
		add_array(list, array, "min-count", " count ", &other);
	}
	if (array->full) {
		other = *array;
		other.full = false;
		add_array(list, array, "full", " page-not-full ", &other);
	}
}

static void list_array(struct list *list, const struct luser_array *array)
{
	struct luser_array other = *array;

	list->holder = array->name;
	list_limits(list, array);
	list_expected(list, array);
	list_same(list, array);
	list_unique(list, array);
	if (array->total && !array->by_total) {
		other.total = NULL;
		add(list, "total", " total ", NULL, array, &other,
		    sizeof(other));
	}
	if (array->counted) {
		other = *array;
		other.counted = NULL;
		add(list, "counted", " users ", NULL, array, &other,
		    sizeof(other));
	}
	if (array->checksum) {
		other = *array;
		other.checksum = NULL;
		add_array(list, array, "checksum", " checksum unsealed ",
			  &other);
	}
}

static void add_audited(struct list *list, const char *what, const char *rules,
			const void *object, const void *other, size_t size)
{
	add(list, what, rules, NULL, object, other, size);
	list->all[list->nr - 1].audit = true;
}

static void list_holds(struct list *list, const struct luser_holds *holds)
{
	struct luser_holds other = *holds;

	other.place = NULL;
	if (holds->place)
		add_audited(list, "place", " not-ascending overlap beyond-end ",
			    holds, &other, sizeof(other));
}

/* Whose the memory is that it leads to. */
static void list_owned(struct list *list, const struct luser_link *link)
{
	struct luser_link other = *link;

	if (link->owns) {
		other.owns = LUSER_OWNS_NOTHING;
		add_audited(list, "owns", " claimed-twice no-owner ", link,
			    &other, sizeof(other));
	}
	if (link->reachable) {
		other = *link;
		other.reachable = false;
		add_audited(list, "reachable", REACHES, link, &other,
			    sizeof(other));
	}
}

static void list_arms(struct list *list, const struct luser_field *field)
{
	const struct luser_choice *choice = field->choice;

	for (uint16_t i = 0; i < choice->nr_arms; i++) {
		struct luser_choice other = *choice;

		if (!choice->arms[i].type || !choice->arms[i].type->nr_rules)
			continue;
		other.arms = without(choice->arms, choice->nr_arms, i,
				     sizeof(*choice->arms));
		other.nr_arms--;
		add(list, choice->arms[i].name, NULL, choice->arms[i].type,
		    choice, &other, sizeof(other));
	}
}

/* What a format's member is if it asks for nothing: all bits so. */
#define FORMAT(member, name, rules, bits)                        \
	{                                                        \
		name, rules, offsetof(struct luser_page_format, member), \
		sizeof(((struct luser_page_format *)0)->member), bits    \
	}

static const struct format_part {
	const char *name;
	const char *rules;
	size_t offset;
	size_t size;
	uint8_t bits;
} format_parts[] = {
	FORMAT(min_top, "min-top", " table-geometry ", 0),
	FORMAT(max_top, "max-top", " table-geometry ", 0xff),
	FORMAT(oa_bits, "oa-bits", " table-geometry ", 0xff),
	FORMAT(sizes, "sizes", " page-size ", 0xff),
	FORMAT(reserved_tables, "reserved-tables", " reserved-bits ", 0),
	FORMAT(reserved_pages, "reserved-pages", " reserved-bits ", 0),
	FORMAT(zero_only, "zero-only", " half-present ", 0),
};

static void list_format(struct list *list,
			const struct luser_page_format *format)
{
	const size_t nr = sizeof(format_parts) / sizeof(format_parts[0]);

	list->holder = format->name;
	for (size_t i = 0; i < nr; i++) {
		const struct format_part *part = &format_parts[i];
		struct luser_page_format other = *format;

		memset((uint8_t *)&other + part->offset, part->bits,
		       part->size);
		if (memcmp(&other, format, sizeof(other)))
			add(list, part->name, part->rules, NULL, format,
			    &other, sizeof(other));
	}
}

static void list_tables(struct list *list, const struct luser_page_table *table)
{
	struct luser_page_table other = *table;

	if (table->count) {
		other.count = NULL;
		add(list, "count", " table-count ", NULL, table, &other,
		    sizeof(other));
	}
	for (uint16_t i = 0; i < table->nr_arms; i++)
		if (table->arms[i].format)
			list_format(list, table->arms[i].format);
}

static bool ends_with(const struct luser_field *const *path,
		      const struct luser_field *field)
{
	while (path && path[1])
		path++;
	return path && path[0] == field;
}

static bool leads_to(const struct luser_choice *choice,
		     const struct luser_field *field)
{
	return choice && ends_with(choice->via, field);
}

/* Pages are read by what their array or map says. */
static bool is_of_array(const struct luser_abi *abi,
			const struct luser_field *field)
{
	for (uint16_t i = 0; i < abi->nr_arrays; i++)
		if (abi->arrays[i]->next == field)
			return true;
	return false;
}

static bool is_of_map(const struct luser_abi *abi,
		      const struct luser_field *field)
{
	const struct luser_struct *root =
		abi->root_node ? abi->root_node->properties : abi->root;

	for (uint16_t i = 0; root && i < root->nr_fields; i++) {
		const struct luser_link *link = root->fields[i].link;
		const struct luser_chunks *chunks =
			link && link->tree ? link->tree->chunks : NULL;

		if (chunks && (chunks->bitmap == field ||
			       chunks->array->next == field))
			return true;
	}
	return false;
}

/* Whether an arm is chosen by the record that it leads to. */
static bool is_via(const struct luser_abi *abi, const struct luser_field *field)
{
	for (uint16_t i = 0; i < abi->nr_structs; i++)
		for (uint16_t j = 0; j < abi->structs[i]->nr_fields; j++)
			if (leads_to(abi->structs[i]->fields[j].choice, field))
				return true;
	return false;
}

/* Whether the records that it leads to count by it who refers to them. */
static bool is_counted(const struct luser_abi *abi,
		       const struct luser_field *field)
{
	for (uint16_t i = 0; i < abi->nr_arrays; i++)
		if (ends_with(abi->arrays[i]->counted, field))
			return true;
	return false;
}

static void list_link(struct list *list, const struct luser_field *field)
{
	struct luser_field other = *field;

	other.link = NULL;
	if (!is_via(list->abi, field) && !is_counted(list->abi, field) &&
	    !is_of_array(list->abi, field) && !is_of_map(list->abi, field))
		add(list, "link", NULL, field, field, &other, sizeof(other));
	list_owned(list, field->link);
	if (field->link->page_table)
		list_tables(list, field->link->page_table);
}

static void list_struct(struct list *list, const struct luser_struct *type)
{
	struct luser_struct other = *type;

	list->holder = type->name;
	if (type->group) {
		other.group = NULL;
		add_audited(list, "group", REACHES, type, &other,
			    sizeof(other));
	}
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		char holder[60];

		snprintf(holder, sizeof(holder), "%s.%s", type->name,
			 field->name);
		list->holder = holder;
		if (field->holds)
			list_holds(list, field->holds);
		if (field->choice)
			list_arms(list, field);
		if (field->link)
			list_link(list, field);
	}
}

static void list_node(struct list *list, const struct luser_fdt_node *node)
{
	list_struct(list, node->properties);
	for (uint16_t i = 0; i < node->nr_children; i++) {
		struct luser_fdt_node other = *node;
		const char *name = node->children[i].name;

		list->holder = node->name ? node->name : "root";
		other.children = without(node->children, node->nr_children, i,
					 sizeof(*node->children));
		other.nr_children--;
		add(list, name ? name : "any child", NULL, NULL, node, &other,
		    sizeof(other));
		list_node(list, node->children[i].node);
	}
}

struct descriptor *descriptors_list(size_t *nr)
{
	struct list list = {0};
	size_t nr_abis;
	const struct luser_abi *const *abis = luser_abis(&nr_abis);

	for (size_t i = 0; i < nr_abis; i++) {
		list.abi = abis[i];
		for (uint16_t j = 0; j < list.abi->nr_arrays; j++)
			list_array(&list, list.abi->arrays[j]);
		/* What others are made of is not walked by its links. */
		for (uint16_t j = 0;
		     list.abi->registry && j < list.abi->nr_structs; j++)
			list_struct(&list, list.abi->structs[j]);
		if (list.abi->root_node)
			list_node(&list, list.abi->root_node);
	}
	*nr = list.nr;
	return list.all;
}

void descriptors_free(struct descriptor *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(list[i].other);
	free(list);
}

void descriptor_switch(const struct descriptor *descriptor)
{
	uint8_t *a = descriptor->object, *b = descriptor->other;

	for (size_t i = 0; i < descriptor->size; i++) {
		uint8_t was = a[i];

		a[i] = b[i];
		b[i] = was;
	}
}
