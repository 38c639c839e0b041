// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "json.h"
#include "json_fields.h"
#include "json_node.h"
#include "json_writer.h"
#include "util.h"

struct json_view {
	struct view view;
	const struct settings *settings;
	const struct input *input;
	bool check;
	struct json json;
};

static struct json *json_of(struct view *view)
{
	return &((struct json_view *)view)->json;
}

static void begin(struct view *view)
{
	const struct notes *notes = &((struct json_view *)view)->input->notes;
	struct json *json = json_of(view);

	json_open_object(json, NULL);
	json_open_list(json, "notes");
	for (size_t i = 0; i < notes->nr; i++)
		json_text(json, NULL, notes->text[i]);
	json_close_list(json);
	json_open_list(json, "handovers");
}

const char *role_name(enum luser_role role)
{
	switch (role) {
	case LUSER_ROLE_IN:
		return "in";
	case LUSER_ROLE_OUT:
		return "out";
	case LUSER_ROLE_OLD:
		return "old";
	default:
		return "unknown";
	}
}

static void put_release(struct json *json, struct luser_mem *mem)
{
	char release[80];
	char *text;

	if (!mem || !luser_mem_vmcoreinfo(mem, "OSRELEASE", release,
					  sizeof(release))) {
		json_text(json, "release", NULL);
		return;
	}
	text = escaped(release);
	json_text(json, "release", text);
	free(text);
}

static void start(struct view *view, const struct handover *handover)
{
	const struct luser_root *root = handover->root;
	struct luser_mem *mem = handover->mem;
	struct json *json = json_of(view);

	json_open_object(json, NULL);
	json_text(json, "role", role_name(root->role));
	json_text(json, "why", root->why);
	json_phys(json, "phys", root->phys);
	json_text(json, "memory", mem ? luser_mem_format(mem) : NULL);
	put_release(json, mem);
	json_truth(json, "live", handover->live);
	json_ranges(json, "scratch", root->scratch, root->nr_scratch);
	json_open_list(json, "tree");
}

static void put_candidate(struct json *json, const struct luser_candidate *one,
			  const struct luser_node *node)
{
	static const char *const standings[] = {
		[LUSER_STANDING_SOUND] = "sound",
		[LUSER_STANDING_SAME] = "same",
		[LUSER_STANDING_OPEN] = "open",
		[LUSER_STANDING_UNSOUND] = "unsound",
	};

	json_open_object(json, NULL);
	json_text(json, "abi", one->abi->id);
	json_text(json, "standing", standings[one->standing]);
	json_truth(json, "shown", one->abi == node->abi);
	json_number(json, "objects", one->objects);
	json_number(json, "errors", one->errors);
	if (one->rule) {
		json_text(json, "rule", one->rule);
		json_text(json, "path", one->path);
		json_text(json, "found", one->found);
		json_text(json, "expected", one->expected);
	}
	json_close_object(json);
}

static void put_candidates(struct json *json, const struct luser_node *node)
{
	if (!node->nr_candidates)
		return;
	json_open_list(json, "candidates");
	for (size_t i = 0; i < node->nr_candidates; i++)
		put_candidate(json, &node->candidates[i], node);
	json_close_list(json);
}

static void enter(struct view *view, const struct luser_node *node)
{
	struct json_view *json_view = (struct json_view *)view;
	struct json *json = &json_view->json;

	json_open_object(json, NULL);
	json_identity(json, node);
	if (node->bytes)
		json_number(json, "size", node->size);
	if (node->kind == LUSER_NODE_UNKNOWN && node->bytes)
		json_bytes(json, "data", node->bytes, node->size);
	put_candidates(json, node);
	json_fields(json, node);
	if (node->kind != LUSER_NODE_PAGE_TABLES)
		json_open_list(json, node->kind == LUSER_NODE_ARRAY ?
					     "items" : "children");
	else if (json_view->settings->iova)
		json_open_list(json, "mapped");
}

static void put_tally(struct json *json, const struct luser_tally *tally)
{
	json_number(json, "records", tally->records);
	json_number(json, "empty", tally->empty);
	json_number(json, "pages", tally->pages);
	json_number(json, "stride", tally->stride);
	json_number(json, "capacity", tally->capacity);
}

static void put_map(struct json *json, const struct luser_map *map)
{
	json_number(json, "pages", map->pages);
	json_number(json, "bytes", map->bytes);
	json_open_list(json, "orders");
	for (unsigned int i = 0; i <= LUSER_MAX_ORDER; i++) {
		if (!map->blocks[i])
			continue;
		json_open_object(json, NULL);
		json_number(json, "order", i);
		json_number(json, "blocks", map->blocks[i]);
		json_number(json, "pages", map->blocks[i] << i);
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_mapped(struct json *json, const struct luser_mapped *mapped)
{
	json_text(json, "format", mapped->format->name);
	json_number(json, "levels", mapped->top_level + 1);
	json_number(json, "tables", mapped->tables);
	json_number(json, "pages", mapped->pages);
	json_number(json, "bytes", mapped->bytes);
	json_number(json, "runs", mapped->runs);
	json_open_list(json, "children");
	json_close_list(json);
}

static void table_part(struct view *view, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct json_view *json_view = (struct json_view *)view;
	struct json *json = &json_view->json;

	(void)node;
	if (part->is_table || !json_view->settings->iova)
		return;
	json_open_object(json, NULL);
	json_address(json, "iova", part->iova);
	json_address(json, "phys", part->phys);
	json_number(json, "bytes", part->len);
	json_number(json, "page", UINT64_C(1) << part->shift);
	json_truth(json, "read", part->read);
	json_truth(json, "write", part->write);
	json_close_object(json);
}

static void leave(struct view *view, const struct luser_node *node)
{
	struct json_view *json_view = (struct json_view *)view;
	struct json *json = &json_view->json;

	if (node->kind != LUSER_NODE_PAGE_TABLES || json_view->settings->iova)
		json_close_list(json);
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		put_mapped(json, node->mapped);
	if (node->kind == LUSER_NODE_ARRAY)
		put_tally(json, node->tally);
	if (node->kind == LUSER_NODE_TREE) {
		put_map(json, node->map);
		json_map_ranges(json, "ranges", node->map);
	}
	json_close_object(json);
}

static void finding(struct view *view, const struct luser_finding *finding)
{
	(void)view;
	(void)finding;
}

static void put_totals(struct json *json, const struct handover *handover)
{
	json_open_list(json, "totals");
	for (size_t i = 0; i < handover->nr_totals; i++) {
		const struct total *total = &handover->totals[i];

		json_open_object(json, NULL);
		json_text(json, "name", total->name);
		json_number(json, "records", total->records);
		json_number(json, "empty", total->empty);
		json_number(json, "pages", total->pages);
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_findings(struct json *json, const struct findings *findings)
{
	json_open_list(json, "findings");
	for (size_t i = 0; i < findings->nr; i++) {
		const struct kept_finding *one = &findings->list[i];

		json_open_object(json, NULL);
		json_text(json, "severity", severity_name(one->severity));
		json_text(json, "check", one->check->name);
		json_text(json, "group", one->check->group);
		json_text(json, "rule", one->rule);
		json_text(json, "text", one->text);
		json_text(json, "path", one->path);
		json_text(json, "field", one->field);
		json_phys(json, "phys", one->phys);
		json_text(json, "found", one->found);
		json_text(json, "expected", one->expected);
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_audit(struct json *json, const struct handover *handover)
{
	const struct findings *findings = &handover->findings;
	const struct luser_audit_sums *sums = &handover->sums;

	json_open_object(json, "owners");
	json_number(json, "preserved", sums->preserved);
	json_number(json, "owned", sums->owned);
	json_number(json, "leaked", sums->leaked);
	json_number(json, "leaks", sums->leaks);
	json_close_object(json);
	json_open_list(json, "skipped");
	for (size_t i = 0; i < findings->nr_skipped; i++) {
		const struct kept_finding *one = &findings->skipped[i];

		json_open_object(json, NULL);
		json_text(json, "check", one->check->name);
		json_text(json, "group", one->check->group);
		json_text(json, "text", one->text);
		json_text(json, "expected", one->expected);
		json_close_object(json);
	}
	json_close_list(json);
}

static void finish(struct view *view, const struct handover *handover)
{
	struct json_view *whole = (struct json_view *)view;
	struct json *json = &whole->json;

	json_close_list(json);
	json_number(json, "page_size", handover->page_size);
	if (handover->has_map) {
		json_open_object(json, "preserved");
		put_map(json, &handover->map);
		json_number(json, "ranges", handover->map.nr_ranges);
		json_close_object(json);
	}
	put_totals(json, handover);
	if (whole->check)
		put_audit(json, handover);
	put_findings(json, &handover->findings);
	json_number(json, "findings_left_out", handover->findings.left_out);
	json_close_object(json);
}

static int end(struct view *view, int status)
{
	const struct input *input = ((struct json_view *)view)->input;
	struct json *json = json_of(view);

	json_close_list(json);
	json_text(json, "incomplete", *input->cut ? input->cut : NULL);
	json_truth(json, "sound", status == EXIT_SOUND);
	json_close_object(json);
	fputc('\n', json->out);
	return status;
}

struct view *json_view(const struct settings *settings,
		       const struct input *input)
{
	struct json_view *json = xcalloc(1, sizeof(*json));

	*json = (struct json_view){
		.view = { begin, start, enter, leave, finding, finish, end,
			  NULL, table_part },
		.settings = settings,
		.input = input,
		.check = settings->check,
		.json = { .out = stdout },
	};
	return &json->view;
}
