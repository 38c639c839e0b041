// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * From a field to a blob: by which name its ABI is looked up, and how long it
 * is.
 */
#include <inttypes.h>
#include <stdio.h>
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

/*
 * What a device tree says of its own size. It is read once more with all of the
 * tree, and that copy is checked.
 */
static bool fdt_size(struct walk *w, const struct luser_node *node,
		     const struct luser_field *field, uint64_t phys,
		     uint64_t *size)
{
	uint8_t header[FDT_V1_SIZE];
	char found[24], expected[24];

	if (walk_no_memory(w, node, field) ||
	    !walk_read(w, node, field, phys, header, sizeof(header)))
		return false;
	*size = fdt_totalsize(header);
	if (fdt_magic(header) == FDT_MAGIC)
		return size_is_sane(w, node, field, *size);
	snprintf(found, sizeof(found), "0x%08" PRIx32, fdt_magic(header));
	snprintf(expected, sizeof(expected), "0x%08x", FDT_MAGIC);
	walk_error(w, node, field, "no-fdt", "no device tree starts here",
		   found, expected);
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
	if (w->dry) {
		if (!walk_is_handle(dispatch->registry, key))
			walk_preserved(w, node, field, phys, size ? size : 1);
		return;
	}
	if (!dispatch->by)
		blob = find_blob(w, key);
	if (!blob && dispatch->fdt_size &&
	    !fdt_size(w, node, field, phys, &size))
		return;
	if (blob)
		walk_blob(w, node, field, dispatch->registry, key, NULL, phys,
			  blob->data, blob->len);
	else
		walk_blob(w, node, field, dispatch->registry, key, NULL, phys,
			  NULL, (size_t)size);
}
