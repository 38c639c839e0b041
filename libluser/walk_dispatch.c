// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Blobs: which ABI describes one, and its start.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk_internal.h"

/* The largest block that a kernel preserves at once, and then some. */
#define MAX_BLOB (UINT64_C(16) << 20)

/* What is read of a blob of unknown size. */
#define HANDLE_SIZE 256

/**
 * struct blob - bytes that some ABI describes
 * @registry: the family of ABIs
 * @key:      its name there, escaped
 * @node:     a node for it, complete once the ABI is known
 * @bytes:    aligned copy
 * @size:     how many
 */
struct blob {
	struct walk *w;
	const char *registry;
	const char *key;
	struct luser_node node;
	uint8_t *bytes;
	size_t size;
};

static bool identity_holds(const struct blob *blob, const struct luser_abi *abi)
{
	const struct luser_field *field = abi->identity;
	const uint8_t *at = blob->bytes;

	if (abi->carrier == LUSER_CARRIER_FDT)
		return walk_fdt_identity(abi, at, blob->size);
	if (abi->root_array)
		at += abi->root_array->header->size;
	if (blob->size < (size_t)(at - blob->bytes) +
				 luser_struct_min_size(abi->root))
		return false;
	if (!field)
		return true;
	if (abi->identity_string)
		return !strncmp((const char *)at + field->offset,
				abi->identity_string, field->size);
	return luser_field_get(field, at, 0) == abi->identity_number;
}

/* An extension applies if the root says that it was used. */
static bool feature_holds(const struct blob *blob, const struct luser_abi *abi)
{
	const uint8_t *at = blob->bytes;

	if (!abi->extends)
		return true;
	if (abi->root_array)
		at += abi->root_array->header->size;
	return luser_field_get(abi->feature, at, 0) & abi->feature_mask;
}

static unsigned int generations(const struct luser_abi *abi)
{
	unsigned int n = 0;

	while ((abi = abi->extends))
		n++;
	return n;
}

/* Of the ABIs that fit, the one that knows most. */
static const struct luser_abi *identify(const struct blob *blob)
{
	const struct luser_abi *abi = NULL, *best = NULL;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		if (identity_holds(blob, abi) && feature_holds(blob, abi) &&
		    (!best || generations(abi) > generations(best)))
			best = abi;
	return best;
}

static const struct luser_abi *find_freed(const struct blob *blob)
{
	const struct luser_abi *abi = NULL;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		if (walk_is_stale(blob->w, abi->freed))
			return abi;
	return NULL;
}

/* Bytes to fetch when nothing tells the blob's size: what any ABI looks at. */
static size_t size_needed(const struct blob *blob)
{
	const struct luser_abi *abi = NULL;
	size_t need = 0, size;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi))) {
		size = blob->w->env.page_size;
		if (abi->carrier == LUSER_CARRIER_MEMORY && !abi->root_array)
			size = abi->root->size;
		if (size > need)
			need = size;
	}
	return need;
}

static void tell_stale(const struct blob *blob, const struct luser_abi *abi)
{
	struct luser_node node = blob->node;

	node.kind = LUSER_NODE_STALE;
	node.abi = abi;
	node.bytes = NULL;
	node.why = abi->freed;
	if (walk_enter(blob->w, &node))
		walk_leave(blob->w, &node);
}

/* What was looked for, and what a device tree says that it is. */
static void describe_unknown(const struct blob *blob, char *buf, size_t len)
{
	const char *key = blob->key ? blob->key : "no device tree";
	char says[80];

	if (!blob->size || !walk_fdt_compatible(blob->bytes, blob->size, says,
						 sizeof(says)))
		snprintf(buf, len, "%s", key);
	else if (blob->key)
		snprintf(buf, len, "%s, compatible %s", key, says);
	else
		snprintf(buf, len, "compatible %s", says);
}

static void tell_unknown(const struct blob *blob)
{
	struct luser_node node = blob->node;
	char what[200];

	describe_unknown(blob, what, sizeof(what));

	node.kind = LUSER_NODE_UNKNOWN;
	node.bytes = blob->size ? blob->bytes : NULL;
	node.size = blob->size;
	node.why = what;
	if (!walk_enter(blob->w, &node))
		return;
	walk_finding(blob->w,
		     &(struct luser_finding){
			     .severity = LUSER_WARNING,
			     .rule = "unknown-abi",
			     .text = "no schema describes these bytes",
			     .node = &node,
			     .phys = node.phys,
			     .found = what,
			     .expected = "an ABI that --version lists",
		     });
	walk_leave(blob->w, &node);
}

/* The root struct, with its page's header checked where it has one. */
static void walk_root_page(const struct blob *blob, struct luser_node *node);

static void walk_root_struct(const struct blob *blob,
			     const struct luser_abi *abi)
{
	struct luser_node node = blob->node;
	struct walk *w = blob->w;
	struct luser_env saved = w->env;
	const uint8_t *saved_header = w->root_header;
	struct walk_loaded *saved_outer = w->outer;

	node.kind = LUSER_NODE_STRUCT;
	node.abi = abi;
	node.type = abi->root;
	node.env = &w->env;
	node.bytes = blob->bytes;
	node.size = blob->size;
	w->outer = w->loaded;
	if (abi->root_array) {
		walk_root_page(blob, &node);
	} else {
		w->env.root = node.bytes;
		w->env.root_size = (uint32_t)node.size;
		w->root_header = NULL;
		walk_struct(w, &node);
	}
	w->env = saved;
	w->root_header = saved_header;
	w->outer = saved_outer;
}

struct root_page {
	struct walk *w;
	const struct luser_node *node;
};

static void report_root(void *ctx, const struct luser_problem *problem)
{
	const struct root_page *page = ctx;

	walk_finding(page->w, &(struct luser_finding){
				      .severity = LUSER_ERROR,
				      .rule = problem->rule,
				      .text = problem->text,
				      .node = page->node,
				      .phys = problem->phys,
				      .found = problem->found,
				      .expected = problem->expected,
			      });
}

/* The page was fetched to identify it: check that copy. */
static void walk_root_page(const struct blob *blob, struct luser_node *node)
{
	static const struct luser_array_ops ops = {.report = report_root};
	const struct luser_array *array = node->abi->root_array;
	struct walk *w = blob->w;
	struct root_page page = {w, node};
	struct luser_array_reader reader;
	struct luser_mem *copy;
	uint8_t *record;

	if (luser_mem_from_buffer(blob->bytes, blob->size, node->phys, true,
				  &copy, NULL) != LUSER_OK) {
		w->code = LUSER_NOMEM;
		return;
	}
	record = calloc(1, node->type->size);
	if (!record ||
	    luser_array_open(&reader, copy, array, node->phys, &w->env,
			     walk_is_frozen(w), &ops, &page) != LUSER_OK) {
		w->code = LUSER_NOMEM;
	} else {
		if (luser_array_next(&reader) && reader.used == 1) {
			w->root_header = blob->bytes;
			node->phys += array->header->size;
			node->size = reader.stride;
			node->bytes = reader.records;
			if (node->size < node->type->size) {
				memcpy(record, node->bytes, node->size);
				node->bytes = record;
			}
			w->env.root = node->bytes;
			w->env.root_size = (uint32_t)node->size;
			walk_struct(w, node);
			/* A page that follows the root's is one too many. */
			luser_array_next(&reader);
		}
		luser_array_close(&reader);
	}
	free(record);
	luser_mem_close(copy);
}

static void decode(struct blob *blob)
{
	const struct luser_abi *abi = identify(blob);

	if (abi && walk_is_stale(blob->w, abi->freed))
		tell_stale(blob, abi);
	else if (!abi && find_freed(blob))
		tell_stale(blob, find_freed(blob));
	else if (!abi)
		tell_unknown(blob);
	else if (abi->carrier == LUSER_CARRIER_FDT)
		walk_fdt(blob->w, blob->node.parent, abi, blob->node.name,
			 blob->node.phys, blob->bytes);
	else
		walk_root_struct(blob, abi);
}

static bool fetch(struct blob *blob, const struct luser_node *parent,
		  const struct luser_field *field, const uint8_t *bytes)
{
	/* A root has nobody above it that could be told about. */
	const struct luser_node *node = parent ? parent : &blob->node;
	struct walk *w = blob->w;

	size_t room = size_needed(blob);

	/* Zeros follow a root that is shorter than its schema knows. */
	blob->bytes = calloc(1, room > blob->size ? room : blob->size);
	if (!blob->bytes) {
		w->code = LUSER_NOMEM;
		return false;
	}
	if (bytes) {
		memcpy(blob->bytes, bytes, blob->size);
		return true;
	}
	if (walk_no_memory(w, node, field) ||
	    !walk_claim(w, node, field, blob->node.phys, blob->size))
		return false;
	walk_preserved(w, node, field, blob->node.phys, blob->size);
	return walk_read(w, node, field, blob->node.phys, blob->bytes,
			 blob->size);
}

/*
 * What a handler that nobody knows left need not be an address. If it is one of
 * preserved memory, its first bytes are worth showing.
 */
static void fetch_handle(struct blob *blob)
{
	struct walk *w = blob->w;
	uint64_t phys = blob->node.phys;
	enum luser_claim claim;

	blob->node.phys = LUSER_NO_PHYS;
	if (!w->mem || !w->mapped ||
	    !luser_ranges_have(&w->preserved, phys, HANDLE_SIZE))
		return;
	claim = luser_claims_add(&w->claims, phys, HANDLE_SIZE);
	if (claim == LUSER_CLAIM_TAKEN)
		return;
	blob->bytes = malloc(HANDLE_SIZE);
	if (!blob->bytes || claim == LUSER_CLAIM_NOMEM) {
		w->code = LUSER_NOMEM;
	} else if (luser_mem_read(w->mem, phys, blob->bytes, HANDLE_SIZE,
				  NULL) == LUSER_OK) {
		walk_count(w, HANDLE_SIZE);
		blob->node.phys = phys;
		blob->size = HANDLE_SIZE;
	}
}

void walk_blob(struct walk *w, const struct luser_node *parent,
	       const struct luser_field *field, const char *registry,
	       const char *key, const char *name, uint64_t phys,
	       const uint8_t *bytes, size_t size)
{
	struct blob blob = {
		.w = w,
		.registry = registry,
		.key = key,
		.size = size,
		.node = {
			.parent = parent,
			.name = name,
			.index = LUSER_NO_INDEX,
			.phys = phys,
			.field = field,
			.env = &w->env,
		},
	};

	if (!bytes && !size)
		blob.size = size_needed(&blob);
	if (!blob.size) {
		fetch_handle(&blob);
		tell_unknown(&blob);
	} else if (fetch(&blob, parent, field, bytes)) {
		decode(&blob);
	}
	free(blob.bytes);
}

static const struct luser_blob *find_blob(const struct walk *w,
					  const char *name)
{
	for (size_t i = 0; i < w->root->nr_blobs; i++)
		if (!strcmp(w->root->blobs[i].name, name))
			return &w->root->blobs[i];
	return NULL;
}

static bool size_is_sane(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field, uint64_t size)
{
	char found[24];

	if (size && size <= MAX_BLOB)
		return true;
	snprintf(found, sizeof(found), "%" PRIu64, size);
	walk_error(w, node, field, "blob-size", "no blob has this size", found,
		   "1 to 16777216");
	return false;
}

void walk_dispatch(struct walk *w, const struct luser_node *node,
		   const struct luser_field *field, const uint8_t *at)
{
	const struct luser_dispatch *dispatch = field->link->dispatch;
	uint64_t phys = luser_field_phys(field, at, node->env);
	const struct luser_blob *blob = NULL;
	uint64_t size = 0;
	char key[80];

	if (dispatch->by)
		luser_format_value(dispatch->by, at, 0, node->env, key,
				   sizeof(key));
	else
		snprintf(key, sizeof(key), "%s", node->name);
	if (dispatch->size) {
		size = luser_field_get(dispatch->size, at, 0);
		if (!size_is_sane(w, node, dispatch->size, size))
			return;
	}
	if (!dispatch->by)
		blob = find_blob(w, key);
	if (blob)
		walk_blob(w, node, field, dispatch->registry, key, NULL, phys,
			  blob->data, blob->len);
	else
		walk_blob(w, node, field, dispatch->registry, key, NULL, phys,
			  NULL, (size_t)size);
}
