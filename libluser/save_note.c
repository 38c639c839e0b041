// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/fdt.h>

#include "error_internal.h"
#include "mem_internal.h"
#include "save_note.h"

/* What a node takes beside the bytes that its properties hold. */
#define NODE_SIZE 256

const char *luser_save_note_role(enum luser_role role)
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

static size_t size_of_root(const struct luser_root *root)
{
	size_t size = NODE_SIZE + strlen(root->why) + root->fdt.len +
		      root->nr_scratch * sizeof(*root->scratch);
	size_t i;

	for (i = 0; i < root->nr_blobs; i++)
		size += NODE_SIZE + strlen(root->blobs[i].name) +
			root->blobs[i].len;
	return size;
}

static int put(void *fdt, const char *name, const void *data, size_t len)
{
	if (len > INT32_MAX)
		return -FDT_ERR_NOSPACE;
	return fdt_property(fdt, name, data, (int)len);
}

static int put_text(void *fdt, const char *name, const char *text)
{
	return put(fdt, name, text, strlen(text) + 1);
}

static int begin(void *fdt, const char *name, size_t i)
{
	char unique[32];

	snprintf(unique, sizeof(unique), "%s@%zx", name, i);
	return fdt_begin_node(fdt, unique);
}

static int put_scratch(void *fdt, const struct luser_root *root)
{
	void *at;
	int bad;

	if (root->nr_scratch > INT32_MAX / 16)
		return -FDT_ERR_NOSPACE;
	bad = fdt_property_placeholder(fdt, "scratch",
				       (int)root->nr_scratch * 16, &at);
	for (size_t i = 0; !bad && i < root->nr_scratch; i++) {
		fdt64_st((char *)at + 16 * i, root->scratch[i].start);
		fdt64_st((char *)at + 16 * i + 8, root->scratch[i].len);
	}
	return bad;
}

static int put_blob(void *fdt, const struct luser_blob *blob, size_t i)
{
	int bad = begin(fdt, "blob", i);

	if (!bad)
		bad = put_text(fdt, "name", blob->name);
	if (!bad)
		bad = put(fdt, "data", blob->data, blob->len);
	return bad ? bad : fdt_end_node(fdt);
}

static int put_root(void *fdt, const struct luser_root *root, size_t i)
{
	int bad = begin(fdt, "root", i);
	size_t j;

	if (!bad)
		bad = put_text(fdt, "role", luser_save_note_role(root->role));
	if (!bad)
		bad = put_text(fdt, "why", root->why);
	if (!bad && root->phys != LUSER_NO_PHYS)
		bad = fdt_property_u64(fdt, "phys", root->phys);
	if (!bad && root->nr_scratch)
		bad = put_scratch(fdt, root);
	if (!bad && root->fdt.data)
		bad = put(fdt, "fdt", root->fdt.data, root->fdt.len);
	for (j = 0; !bad && j < root->nr_blobs; j++)
		bad = put_blob(fdt, &root->blobs[j], j);
	return bad ? bad : fdt_end_node(fdt);
}

static int put_all(void *fdt, size_t size, const struct luser_mem *mem,
		   const struct luser_root *roots, size_t nr_roots,
		   uint32_t page_size)
{
	int bad = fdt_create(fdt, (int)size);
	size_t i;

	if (!bad)
		bad = fdt_finish_reservemap(fdt);
	if (!bad)
		bad = fdt_begin_node(fdt, "");
	if (!bad)
		bad = put_text(fdt, "compatible", SAVE_NOTE_COMPATIBLE);
	if (!bad)
		bad = fdt_property_u32(fdt, "page-size", page_size);
	if (!bad && mem)
		bad = put_text(fdt, "format", luser_mem_format(mem));
	if (!bad && mem && luser_mem_is_live(mem))
		bad = put(fdt, "live", NULL, 0);
	for (i = 0; !bad && i < nr_roots; i++)
		bad = put_root(fdt, &roots[i], i);
	if (!bad)
		bad = fdt_end_node(fdt);
	return bad ? bad : fdt_finish(fdt);
}

enum luser_code luser_save_note_make(const struct luser_mem *mem,
				     const struct luser_root *roots,
				     size_t nr_roots, uint32_t page_size,
				     void **ret, size_t *len,
				     struct luser_error *err)
{
	size_t size = 2 * NODE_SIZE;
	size_t i;
	void *fdt;

	for (i = 0; i < nr_roots; i++)
		size += size_of_root(&roots[i]);
	fdt = calloc(1, size);
	if (!fdt)
		return luser_fail_nomem(err);
	if (size > INT32_MAX ||
	    put_all(fdt, size, mem, roots, nr_roots, page_size) ||
	    luser_fdt_check(fdt, size, NULL) != LUSER_OK) {
		free(fdt);
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%zu roots have more than a note can take",
				  nr_roots);
	}
	*ret = fdt;
	*len = fdt_totalsize(fdt);
	return LUSER_OK;
}

enum luser_code luser_save_note_check(const void *note, size_t len,
				      struct luser_error *err)
{
	struct luser_error why;

	if (luser_fdt_check(note, len, &why) != LUSER_OK)
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "the dump's luser note is damaged: %s",
				  why.message);
	if (fdt_node_check_compatible(note, 0, SAVE_NOTE_COMPATIBLE))
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "the dump's luser note is of an unknown version, not "
				  SAVE_NOTE_COMPATIBLE);
	return LUSER_OK;
}

static enum luser_code add_page_size(struct luser_mem *mem, uint32_t page_size,
				     struct luser_error *err)
{
	const char *old = mem->vmcoreinfo ? mem->vmcoreinfo : "";
	char *text;

	if (asprintf(&text, "PAGESIZE=%u\n%s", page_size, old) < 0)
		return luser_fail_nomem(err);
	free(mem->vmcoreinfo);
	mem->vmcoreinfo = text;
	return LUSER_OK;
}

enum luser_code luser_save_note_apply(struct luser_mem *mem,
				      struct luser_error *err)
{
	const void *note = mem->save_note;
	const fdt32_t *page_size;
	char said[24] = "";
	int len;

	if (!note ||
	    luser_save_note_check(note, mem->save_note_len, NULL) != LUSER_OK)
		return LUSER_OK;
	mem->live = fdt_getprop(note, 0, "live", NULL);
	page_size = fdt_getprop(note, 0, "page-size", &len);
	luser_mem_vmcoreinfo(mem, "PAGESIZE", said, sizeof(said));
	if (!page_size || len != 4 ||
	    strtoul(said, NULL, 10) == fdt32_ld(page_size))
		return LUSER_OK;
	return add_page_size(mem, fdt32_ld(page_size), err);
}
