// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From a field to a blob: by which name its ABI is looked up, and how long it
 * is.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "walk_internal.h"

/* The largest block that a kernel preserves at once, and then some. */
#define MAX_BLOB (UINT64_C(16) << 20)

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

static bool is_fdt(struct walk *w, const struct luser_node *node,
		   const struct luser_field *field,
		   const struct fdt_header *header)
{
	uint32_t magic = fdt32_ld(&header->magic);
	char found[24], expected[24];

	if (magic == FDT_MAGIC)
		return size_is_sane(w, node, field,
				    fdt32_ld(&header->totalsize));
	snprintf(found, sizeof(found), "0x%08" PRIx32, magic);
	snprintf(expected, sizeof(expected), "0x%08x", FDT_MAGIC);
	walk_error(w, node, field, "no-fdt", "no device tree starts here",
		   found, expected);
	return false;
}

/* Fetch a device tree: its header says how much more there is to fetch. */
static uint8_t *fetch_fdt(struct walk *w, const struct luser_node *node,
			  const struct luser_field *field, uint64_t phys,
			  uint64_t *size)
{
	struct fdt_header header;
	uint64_t rest;
	uint8_t *fdt;

	if (walk_no_memory(w, node, field) ||
	    !walk_claim(w, node, field, phys, sizeof(header)) ||
	    !walk_read(w, node, field, phys, &header, sizeof(header)) ||
	    !is_fdt(w, node, field, &header))
		return NULL;
	*size = fdt32_ld(&header.totalsize);
	rest = *size > sizeof(header) ? *size - sizeof(header) : 0;
	fdt = malloc(sizeof(header) + rest);
	if (!fdt) {
		w->code = LUSER_NOMEM;
		return NULL;
	}
	memcpy(fdt, &header, sizeof(header));
	walk_preserved(w, node, field, phys, *size);
	phys += sizeof(header);
	if (!rest || (walk_claim(w, node, field, phys, rest) &&
		      walk_read(w, node, field, phys, fdt + sizeof(header),
				rest)))
		return fdt;
	free(fdt);
	return NULL;
}

static void walk_sized_fdt(struct walk *w, const struct luser_node *node,
			   const struct luser_field *field, const char *key,
			   uint64_t phys)
{
	uint64_t size = 0;
	uint8_t *fdt = fetch_fdt(w, node, field, phys, &size);

	if (fdt)
		walk_blob(w, node, field, field->link->dispatch->registry, key,
			  NULL, phys, fdt, (size_t)size);
	free(fdt);
}

/* What debugfs shows need not be fetched, but has its place in memory. */
static void walk_shown_blob(struct walk *w, const struct luser_node *node,
			    const struct luser_field *field, const char *key,
			    uint64_t phys, const struct luser_blob *blob)
{
	if (blob->len && blob->len - 1 <= UINT64_MAX - phys)
		walk_extent(w, &(struct luser_extent){
				       .node = node,
				       .field = field,
				       .phys = phys,
				       .len = blob->len,
			       });
	walk_blob(w, node, field, field->link->dispatch->registry, key, NULL,
		  phys, blob->data, blob->len);
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
	if (w->dry) {
		if (!walk_is_handle(dispatch->registry, key))
			walk_preserved(w, node, field, phys, size ? size : 1);
		return;
	}
	if (!dispatch->by)
		blob = find_blob(w, key);
	if (blob)
		walk_shown_blob(w, node, field, key, phys, blob);
	else if (dispatch->fdt_size)
		walk_sized_fdt(w, node, field, key, phys);
	else
		walk_blob(w, node, field, dispatch->registry, key, NULL, phys,
			  NULL, (size_t)size);
}
