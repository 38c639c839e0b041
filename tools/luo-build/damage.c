// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Damage: objects are found by their paths, as luo-dump gives them, while the
 * handover is still whole.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/walk.h>
#include "build.h"
#include "util.h"

/* Pages of an array to go along; damage can make a loop of them. */
#define MAX_PAGES (UINT64_C(1) << 24)

/**
 * struct target - an object with a path that was asked for
 * @array: the array that it is, or that it is a record of; or NULL
 * @page:  first byte of its page, where @array is not NULL
 * @tables: of page tables: their addresses, in the order of the walk; or NULL
 */
struct target {
	const char *path;
	uint64_t phys;
	const struct luser_struct *type;
	const struct luser_array *array;
	uint64_t page;
	uint64_t *tables;
	size_t nr_tables;
};

/**
 * struct search - objects that are looked for
 * @paths:   what is asked for
 * @targets: what was found; several objects may have the same path
 * @inside:  the last of them are page tables, whose parts are told
 */
struct search {
	const char **paths;
	size_t nr_paths;
	struct target *targets;
	size_t nr_targets;
	const struct luser_node *inside;
	uint32_t page_size;
};

/**
 * struct wound - one damage, ready to be done
 * @lost: the page is dropped
 * @seal: its page is sealed again
 */
struct wound {
	const yaml_node_t *node;
	struct target target;
	uint64_t phys;
	uint8_t *bytes;
	size_t len;
	bool lost;
	bool seal;
};

static const struct luser_array *array_of(const struct luser_node *node)
{
	if (node->array || node->kind != LUSER_NODE_STRUCT)
		return node->array;
	return node->type == node->abi->root ? node->abi->root_array : NULL;
}

static void add_target(struct search *search, const char *path,
		       const struct luser_node *node)
{
	struct target target = {
		.path = path,
		.phys = node->phys,
		.array = array_of(node),
		.page = node->phys & ~(uint64_t)(search->page_size - 1),
	};

	if (node->kind == LUSER_NODE_STRUCT)
		target.type = node->type;
	else if (node->kind == LUSER_NODE_ARRAY && node->array)
		target.type = node->array->header;
	search->targets = grow(search->targets, search->nr_targets,
			       sizeof(*search->targets));
	search->targets[search->nr_targets++] = target;
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct search *search = ctx;
	struct target *target;

	if (search->inside != node || !part->is_table)
		return;
	target = &search->targets[search->nr_targets - 1];
	target->tables = grow(target->tables, target->nr_tables,
			      sizeof(*target->tables));
	target->tables[target->nr_tables++] = part->phys;
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct search *search = ctx;
	char path[4096];

	search->inside = NULL;
	luser_path(node, NULL, path, sizeof(path));
	for (size_t i = 0; i < search->nr_paths; i++)
		if (!strcmp(search->paths[i], path)) {
			add_target(search, search->paths[i], node);
			search->inside = node;
			break;
		}
	return LUSER_ENTER;
}

static void find_targets(struct build *b, uint64_t phys, struct search *search,
			 const yaml_node_t *list)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.table_part = table_part,
	};
	struct luser_walk_options options = {.page_size = b->page_size};
	struct luser_root root = {
		.role = LUSER_ROLE_UNKNOWN,
		.why = "",
		.phys = phys,
	};
	struct luser_error err;
	struct luser_mem *mem;

	check_at(b->doc, list, luser_image_mem(b->image, &mem, &err), &err);
	check_at(b->doc, list,
		 luser_walk(mem, &root, &options, &visitor, search, &err),
		 &err);
	luser_mem_close(mem);
}

static void add_path(struct build *b, struct search *search,
		     const yaml_node_t *node)
{
	search->paths = grow(search->paths, search->nr_paths,
			     sizeof(*search->paths));
	search->paths[search->nr_paths++] = scalar_text(b->doc, node);
}

static bool has_field(const struct target *target, const char *field)
{
	size_t len = strcspn(field, ".");

	for (uint16_t i = 0; target->type && i < target->type->nr_fields; i++)
		if (strlen(target->type->fields[i].name) == len &&
		    !strncmp(target->type->fields[i].name, field, len))
			return true;
	return false;
}

/*
 * A record that leads to an ABI's root has the same path as that root: the one
 * with the field is meant, without a field the inner one.
 */
static struct target target_at(struct build *b, const struct search *search,
			       const yaml_node_t *node,
			       const yaml_node_t *field)
{
	const char *path = scalar_text(b->doc, node);
	const struct target *best = NULL;

	for (size_t i = 0; i < search->nr_targets; i++) {
		const struct target *target = &search->targets[i];

		if (strcmp(target->path, path))
			continue;
		if (!best || !field ||
		    has_field(target, scalar_text(b->doc, field)))
			best = target;
	}
	if (!best)
		fail_at(b->doc, node, "no object has the path '%s'", path);
	return *best;
}

/* Page number @n of an array. */
static void turn_pages(struct build *b, struct target *target,
		       const yaml_node_t *node)
{
	uint64_t n = number_at(b->doc, node);
	const struct luser_array *array = target->array;

	if (n < target->nr_tables) {
		target->phys = target->tables[n];
		return;
	}
	if (n > MAX_PAGES)
		fail_at(b->doc, node, "there is no such page");
	while (n-- && target->phys) {
		const uint8_t *header = NULL;

		if (array && array->next && target->type == array->header)
			header = luser_image_at(b->image, target->phys,
						array->header->size);
		if (!header)
			fail_at(b->doc, node, "there is no such page");
		target->phys = luser_field_get(array->next, header, 0);
	}
	if (!target->phys)
		fail_at(b->doc, node, "there is no such page");
	target->page = target->phys;
}

/* The field with a dotted name; adds to @phys where its struct starts. */
static const struct luser_field *field_at(struct build *b,
					  const struct luser_struct *type,
					  const yaml_node_t *node,
					  uint64_t *phys)
{
	char *names = xstrdup(scalar_text(b->doc, node));
	const struct luser_field *field = NULL;
	char *rest = names, *name;

	while (type && (name = strsep(&rest, "."))) {
		field = luser_struct_field(type, name);
		if (!field)
			break;
		if (rest)
			*phys += field->offset;
		type = field->kind == LUSER_STRUCT ? field->type : NULL;
	}
	if (!field || rest)
		fail_at(b->doc, node, "the object has no field '%s' here",
			scalar_text(b->doc, node));
	free(names);
	return field;
}

/* The bytes that the field has with another value. */
static void set_value(struct build *b, struct wound *wound,
		      const struct luser_field *field, uint64_t value)
{
	uint64_t start = wound->phys;
	uint8_t *at = luser_image_at(b->image, start,
				     field->offset + field->size);

	if (!at || field->size > 8)
		fail_at(b->doc, wound->node, "%s is no integer", field->name);
	wound->len = field->offset + field->size;
	wound->bytes = xcalloc(wound->len, 1);
	memcpy(wound->bytes, at, wound->len);
	luser_field_set(field, wound->bytes, 0, value);
}

static void read_value(struct build *b, const struct search *search,
		       struct wound *wound, const yaml_node_t *name)
{
	const yaml_node_t *to = lookup(b->doc, wound->node, "to");
	const struct luser_field *field =
		field_at(b, wound->target.type, name, &wound->phys);

	if (to)
		set_value(b, wound, field, target_at(b, search, to, NULL).phys);
	else
		set_value(b, wound, field,
			  integer_at(b, field, required(b->doc, wound->node,
							"value")));
}

static void read_wound(struct build *b, const struct search *search,
		       struct wound *wound)
{
	static const char *const keys[] = {"path",  "page", "field", "value",
					   "to",    "seal", "lost",  "offset",
					   "bytes", NULL};
	const yaml_node_t *node = wound->node;
	const yaml_node_t *page = lookup(b->doc, node, "page");
	const yaml_node_t *field = lookup(b->doc, node, "field");

	only_keys(b->doc, node, keys);
	wound->target = target_at(b, search, required(b->doc, node, "path"),
				  field);
	if (page)
		turn_pages(b, &wound->target, page);
	wound->phys = wound->target.phys +
		      number_or(b->doc, node, "offset", 0);
	wound->seal = truth_or(b->doc, node, "seal", false);
	wound->lost = truth_or(b->doc, node, "lost", false);
	if (field)
		read_value(b, search, wound, field);
	else if (!wound->lost)
		wound->bytes = bytes_at(b->doc,
					required(b->doc, node, "bytes"),
					&wound->len);
}

static void seal_again(struct build *b, const struct wound *wound)
{
	const struct target *target = &wound->target;
	struct luser_error err;

	if (!target->array)
		fail_at(b->doc, wound->node, "the object is in no sealed page");
	check_at(b->doc, wound->node,
		 luser_encode_seal_page(b->image, target->array, target->page,
					true, &err),
		 &err);
}

static void inflict(struct build *b, const struct wound *wound)
{
	uint8_t *at;

	if (wound->lost) {
		if (luser_image_drop(b->image, wound->phys) != LUSER_OK)
			fail_at(b->doc, wound->node, "there is no such page");
		return;
	}
	at = luser_image_at(b->image, wound->phys, wound->len);
	if (!at)
		fail_at(b->doc, wound->node, "there is no memory at 0x%" PRIx64,
			wound->phys);
	memcpy(at, wound->bytes, wound->len);
	if (wound->seal)
		seal_again(b, wound);
}

static void collect_paths(struct build *b, struct search *search,
			  const yaml_node_t *list)
{
	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		const yaml_node_t *node = sequence_at(b->doc, list, i);
		const yaml_node_t *to = lookup(b->doc, node, "to");

		add_path(b, search, required(b->doc, node, "path"));
		if (to)
			add_path(b, search, to);
	}
}

void do_damage(struct build *b, uint64_t root, const yaml_node_t *list)
{
	struct search search = {.page_size = b->page_size};
	size_t n = sequence_length(b->doc, list);

	if (!n)
		return;
	collect_paths(b, &search, list);
	find_targets(b, root, &search, list);
	for (size_t i = 0; i < n; i++) {
		struct wound wound = {.node = sequence_at(b->doc, list, i)};

		read_wound(b, &search, &wound);
		inflict(b, &wound);
		free(wound.bytes);
	}
	for (size_t i = 0; i < search.nr_targets; i++)
		free(search.targets[i].tables);
	free(search.targets);
	free(search.paths);
}
