// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>
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

static void put_text(struct luser_fdt_writer *writer, const char *name,
		     const char *text)
{
	luser_fdt_property(writer, name, text, strlen(text) + 1);
}

static void put_u64(struct luser_fdt_writer *writer, const char *name,
		    uint64_t value)
{
	fdt64_t bytes = cpu_to_fdt64(value);

	luser_fdt_property(writer, name, &bytes, sizeof(bytes));
}

static void put_u32(struct luser_fdt_writer *writer, const char *name,
		    uint32_t value)
{
	fdt32_t bytes = cpu_to_fdt32(value);

	luser_fdt_property(writer, name, &bytes, sizeof(bytes));
}

static void begin(struct luser_fdt_writer *writer, const char *name, size_t i)
{
	char unique[32];

	snprintf(unique, sizeof(unique), "%s@%zx", name, i);
	luser_fdt_open(writer, unique);
}

static void put_blob(struct luser_fdt_writer *writer,
		     const struct luser_blob *blob, size_t i)
{
	begin(writer, "blob", i);
	put_text(writer, "name", blob->name);
	luser_fdt_property(writer, "data", blob->data, blob->len);
	luser_fdt_close_node(writer);
}

/* @areas has room for the root's scratch areas. */
static void put_root(struct luser_fdt_writer *writer,
		     const struct luser_root *root, size_t i, fdt64_t *areas)
{
	begin(writer, "root", i);
	put_text(writer, "role", luser_save_note_role(root->role));
	put_text(writer, "why", root->why);
	if (root->phys != LUSER_NO_PHYS)
		put_u64(writer, "phys", root->phys);
	for (size_t j = 0; j < root->nr_scratch; j++) {
		areas[2 * j] = cpu_to_fdt64(root->scratch[j].start);
		areas[2 * j + 1] = cpu_to_fdt64(root->scratch[j].len);
	}
	if (root->nr_scratch)
		luser_fdt_property(writer, "scratch", areas,
				   root->nr_scratch * 2 * sizeof(*areas));
	if (root->fdt.data)
		luser_fdt_property(writer, "fdt", root->fdt.data,
				   root->fdt.len);
	for (size_t j = 0; j < root->nr_blobs; j++)
		put_blob(writer, &root->blobs[j], j);
	luser_fdt_close_node(writer);
}

static void put_all(struct luser_fdt_writer *writer,
		    const struct luser_mem *mem,
		    const struct luser_root *roots, size_t nr_roots,
		    uint32_t page_size, fdt64_t *areas)
{
	luser_fdt_open(writer, "");
	put_text(writer, "compatible", SAVE_NOTE_COMPATIBLE);
	put_u32(writer, "page-size", page_size);
	if (mem)
		put_text(writer, "format", luser_mem_format(mem));
	if (mem && luser_mem_is_live(mem))
		luser_fdt_property(writer, "live", NULL, 0);
	for (size_t i = 0; i < nr_roots; i++)
		put_root(writer, &roots[i], i, areas);
	luser_fdt_close_node(writer);
}

/* Behind the note there is room for its longest list of areas. */
enum luser_code luser_save_note_make(const struct luser_mem *mem,
				     const struct luser_root *roots,
				     size_t nr_roots, uint32_t page_size,
				     void **ret, size_t *len,
				     struct luser_error *err)
{
	struct luser_fdt_writer writer;
	size_t words = 2 * NODE_SIZE / sizeof(fdt64_t);
	fdt64_t *note;

	for (size_t i = 0; i < nr_roots; i++)
		words += size_of_root(&roots[i]) / sizeof(*note) + 1;
	if (words > INT32_MAX / sizeof(*note))
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%zu roots have more than a note can take",
				  nr_roots);
	note = calloc(2 * words, sizeof(*note));
	if (!note)
		return luser_fail_nomem(err);
	luser_fdt_begin(&writer, note, words * sizeof(*note));
	put_all(&writer, mem, roots, nr_roots, page_size, note + words);
	*ret = note;
	return luser_fdt_end(&writer, len, err);
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
