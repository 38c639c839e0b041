// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The start of a walk: the root FDT, or the blobs of one that is not to be
 * had.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/fdt.h>

#include "block_set.h"
#include "error_internal.h"
#include "walk_blob.h"

static const struct luser_walk_options defaults;

/* The registry that a root's subnodes are looked up in, whatever its version */
static const char *subtree_registry(void)
{
	const struct luser_abi *abi = NULL;

	while ((abi = luser_abi_next(LUSER_ROOT_REGISTRY, NULL, abi))) {
		const struct luser_fdt_child *child = abi->root_node->children;
		const struct luser_struct *type = child->node->properties;

		for (uint16_t i = 0; i < type->nr_fields; i++)
			if (type->fields[i].link &&
			    type->fields[i].link->kind == LUSER_TO_DISPATCH)
				return type->fields[i].link->dispatch->registry;
	}
	return "";
}

static void tell_damaged_root(struct walk *w, const struct luser_node *node,
			      const struct luser_error *err)
{
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_WARNING,
				.rule = "root-fdt",
				.text = "the root FDT is cut short or damaged: "
					"only the blobs beside it are shown",
				.node = node,
				.phys = node->phys,
				.found = err->message,
				.expected = "a device tree",
			});
}

/* What debugfs shows beside the root FDT; @err is what is wrong with that. */
static void walk_blobs(struct walk *w, const struct luser_error *err)
{
	struct luser_node node = {
		.kind = LUSER_NODE_FDT,
		.index = LUSER_NO_INDEX,
		.phys = LUSER_NO_PHYS,
		.env = &w->env,
	};

	if (!walk_enter(w, &node))
		return;
	if (err)
		tell_damaged_root(w, &node, err);
	for (size_t i = 0; i < w->root->nr_blobs && !walk_over(w); i++) {
		const struct luser_blob *blob = &w->root->blobs[i];
		char name[80];

		luser_escape(blob->name, strlen(blob->name), name,
			     sizeof(name));
		walk_blob(w, &node, NULL, subtree_registry(), name, name,
			  LUSER_NO_PHYS, blob->data, blob->len);
	}
	walk_leave(w, &node);
}

static void walk_any(struct walk *w)
{
	const struct luser_root *root = w->root;
	struct luser_error err;

	if (root->fdt.data && root->nr_blobs &&
	    luser_fdt_check(root->fdt.data, root->fdt.len, &err) != LUSER_OK)
		walk_blobs(w, &err);
	else if (root->fdt.data)
		walk_blob(w, NULL, NULL, LUSER_ROOT_REGISTRY, NULL, NULL,
			  root->phys, root->fdt.data, root->fdt.len);
	else if (root->phys != LUSER_NO_PHYS)
		walk_blob(w, NULL, NULL, LUSER_ROOT_REGISTRY, NULL, NULL,
			  root->phys, NULL, 0);
	else
		walk_blobs(w, NULL);
}

static bool page_size_is_sane(uint32_t size)
{
	return size >= 4096 && size <= 65536 && !(size & (size - 1));
}

/* What a dump says of it may be damaged, and is then worth nothing. */
static uint32_t page_size_of(struct walk *w)
{
	uint32_t size = 0;
	char text[24];

	if (w->options->page_size)
		return w->options->page_size;
	if (w->mem &&
	    luser_mem_vmcoreinfo(w->mem, "PAGESIZE", text, sizeof(text)))
		size = (uint32_t)strtoul(text, NULL, 10);
	return page_size_is_sane(size) ? size : walk_page_size(w);
}

enum luser_code luser_walk(struct luser_mem *mem, const struct luser_root *root,
			   const struct luser_walk_options *options,
			   const struct luser_visitor *visitor, void *ctx,
			   struct luser_error *err)
{
	struct walk w = {
		.mem = mem,
		.root = root,
		.options = options ? options : &defaults,
		.visitor = visitor,
		.ctx = ctx,
	};
	uint32_t page_size = page_size_of(&w);

	if (!page_size_is_sane(page_size))
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "a page size of %u is no power of two from 4096 to 65536",
				  page_size);
	w.env.page_size = page_size;
	w.env.page_shift = (uint32_t)__builtin_ctz(page_size);
	if (!walk_over(&w))
		walk_any(&w);
	walk_load_free(&w, NULL);
	luser_claims_free(&w.claims);
	block_set_drop(w.preserved);
	if (w.code != LUSER_OK)
		return luser_fail(err, w.code, LUSER_NO_PHYS, "the walk ended early: %s",
				  luser_code_text(w.code));
	return LUSER_OK;
}
