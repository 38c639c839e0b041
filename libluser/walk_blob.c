// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Blobs: fetching one, and decoding its start.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/le.h>

#include "block_set.h"
#include "mem_internal.h"
#include "walk_blob.h"

/* What is read of a blob of unknown size. */
#define HANDLE_SIZE 256

static const struct luser_abi *find_freed(const struct blob *blob)
{
	const struct luser_abi *abi = NULL;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		if (walk_is_stale(blob->w, abi->freed))
			return abi;
	return NULL;
}

/* What the root of an ABI takes of memory of unknown size. */
static size_t root_bytes(const struct blob *blob, const struct luser_abi *abi)
{
	if (abi->carrier == LUSER_CARRIER_MEMORY && !abi->root_array)
		return abi->root->size;
	return blob->w->env.page_size;
}

/* Bytes to fetch when nothing tells the blob's size: what any ABI looks at. */
static size_t size_needed(const struct blob *blob)
{
	const struct luser_abi *abi = NULL;
	size_t need = 0, size;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi))) {
		size = root_bytes(blob, abi);
		if (abi->root && abi->root->zero_tail)
			size = blob->w->env.page_size;
		if (size > need)
			need = size;
	}
	return need;
}

/* Bytes that are the root's whatever ABI it is. */
static size_t size_sure(const struct blob *blob)
{
	const struct luser_abi *abi = NULL;
	size_t sure = blob->size, size;

	if (blob->sized)
		return sure;
	while ((abi = luser_abi_next(blob->registry, blob->key, abi))) {
		size = root_bytes(blob, abi);
		if (size < sure)
			sure = size;
	}
	return sure;
}

/* An error of what leads to the blob; a root has nothing above it. */
static bool claim(const struct blob *blob, size_t from, size_t to)
{
	const struct luser_node *node = blob->node.parent;

	return from >= to || walk_claim(blob->w, node ? node : &blob->node,
					blob->node.field,
					blob->node.phys + from, to - from);
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
static void walk_root_page(struct walk *w, const struct blob *blob,
			   struct luser_node *node);

static void walk_root_struct(struct walk *w, const struct blob *blob,
			     const struct luser_abi *abi)
{
	struct luser_node node = blob->node;
	struct luser_env saved = w->env;
	const uint8_t *saved_header = w->root_header;
	struct walk_loaded *saved_outer = w->outer;

	node.kind = LUSER_NODE_STRUCT;
	node.abi = abi;
	node.type = abi->root;
	node.env = &w->env;
	node.bytes = blob->bytes;
	node.size = blob->sized ? blob->size : abi->root->size;
	w->outer = w->loaded;
	if (abi->root_array) {
		walk_root_page(w, blob, &node);
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
				      .check = problem->check,
				      .text = problem->text,
				      .node = page->node,
				      .phys = problem->phys,
				      .found = problem->found,
				      .expected = problem->expected,
			      });
}

/* The page was fetched to identify it: check that copy. */
static void walk_root_page(struct walk *w, const struct blob *blob,
			   struct luser_node *node)
{
	static const struct luser_array_ops ops = {.report = report_root};
	const struct luser_array *array = node->abi->root_array;
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

/*
 * Pages are zeroed before they are written, so a layout that ends before
 * something else is there is hardly the right one. No kernel promises it, so it
 * is not an error of what is shown.
 */
static void weigh_tail(struct walk *w, const struct blob *blob,
		       const struct luser_abi *abi)
{
	size_t at = abi->root->size;
	struct luser_node node = blob->node;
	char found[32];

	node.abi = abi;
	while (at < blob->size && !blob->bytes[at])
		at++;
	if (at >= blob->size)
		return;
	snprintf(found, sizeof(found), "0x%02x at %zu", blob->bytes[at], at);
	walk_error(w, &node, NULL, "tail",
		   "something is behind the end of the root", found, "zeros");
}

void blob_walk(struct walk *w, const struct blob *blob,
	       const struct luser_abi *abi)
{
	if (abi->carrier == LUSER_CARRIER_FDT)
		walk_fdt(w, &blob->node, abi, blob->bytes);
	else
		walk_root_struct(w, blob, abi);
	if (w->dry && !blob->sized && abi->root && abi->root->zero_tail)
		weigh_tail(w, blob, abi);
}

static void decode_as(struct blob *blob, const struct luser_abi *abi)
{
	bool claimed = blob->sized || blob->node.phys == LUSER_NO_PHYS;

	if (walk_is_stale(blob->w, abi->freed))
		tell_stale(blob, abi);
	else if (claimed || claim(blob, size_sure(blob), root_bytes(blob, abi)))
		blob_walk(blob->w, blob, abi);
}

static void decode(struct blob *blob)
{
	const struct luser_abi *freed = find_freed(blob);
	struct judged judged;

	blob_judge(blob, &judged);
	blob->node.candidates = judged.all;
	blob->node.nr_candidates = judged.nr;
	if (judged.abi)
		decode_as(blob, judged.abi);
	else if (freed)
		tell_stale(blob, freed);
	else
		tell_unknown(blob);
	free(judged.all);
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
	    !claim(blob, 0, size_sure(blob)))
		return false;
	walk_preserved(w, node, field, blob->node.phys, blob->size);
	return walk_read(w, node, field, blob->node.phys, blob->bytes,
			 blob->size);
}

/* A dump that has them not is no error; a system that does not read them is. */
static void read_handle(struct blob *blob, uint64_t phys)
{
	struct walk *w = blob->w;
	uint64_t failed = w->mem->nr_failed;
	struct luser_error err;

	if (luser_mem_read(w->mem, phys, blob->bytes, HANDLE_SIZE, &err) ==
	    LUSER_OK) {
		walk_count(w, HANDLE_SIZE);
		blob->node.phys = phys;
		blob->size = HANDLE_SIZE;
	} else if (w->mem->nr_failed != failed) {
		walk_error(w, blob->node.parent, blob->node.field, "unreadable",
			   "the address cannot be read", err.message,
			   "memory that is there");
	}
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
	if (!w->mapped || !block_set_have(w->preserved, phys, HANDLE_SIZE))
		return;
	claim = luser_claims_add(&w->claims, phys, HANDLE_SIZE);
	if (claim == LUSER_CLAIM_TAKEN)
		return;
	walk_extent(w, &(struct luser_extent){
			       .kind = LUSER_EXTENT_GUESS,
			       .node = blob->node.parent,
			       .field = blob->node.field,
			       .phys = phys,
		       });
	blob->bytes = malloc(HANDLE_SIZE);
	if (!blob->bytes || claim == LUSER_CLAIM_NOMEM)
		w->code = LUSER_NOMEM;
	else
		read_handle(blob, phys);
}

bool walk_is_handle(const char *registry, const char *key)
{
	const struct luser_abi *abi = luser_abi_next(registry, key, NULL);

	return abi && abi->carrier == LUSER_CARRIER_HANDLE;
}

/* What would be an address is all there is. */
static void walk_handle(struct blob *blob)
{
	uint8_t bytes[8];

	luser_set_le64(bytes, blob->node.phys);
	blob->bytes = bytes;
	blob->size = sizeof(bytes);
	blob->sized = true;
	blob->node.phys = LUSER_NO_PHYS;
	decode(blob);
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
		.sized = bytes || size,
		.node = {
			.parent = parent,
			.name = name,
			.index = LUSER_NO_INDEX,
			.phys = phys,
			.field = field,
			.env = &w->env,
		},
	};

	if (!bytes && walk_is_handle(registry, key)) {
		walk_handle(&blob);
		return;
	}
	if (!blob.sized)
		blob.size = size_needed(&blob);
	if (!blob.size) {
		fetch_handle(&blob);
		tell_unknown(&blob);
	} else if (fetch(&blob, parent, field, bytes)) {
		decode(&blob);
	}
	free(blob.bytes);
}

