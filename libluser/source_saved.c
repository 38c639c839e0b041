// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The roots that a saved dump names in its note. */
#include <libfdt.h>
#include <string.h>

#include <luser/format.h>

#include "mem_internal.h"
#include "save_note.h"
#include "source_internal.h"

/* A property that is a string: it ends where the property ends. */
static const char *text_of(const void *fdt, int node, const char *name)
{
	int len;
	const char *text = fdt_getprop(fdt, node, name, &len);

	if (!text || len < 1 || strnlen(text, (size_t)len) != (size_t)len - 1)
		return NULL;
	return text;
}

static bool take_role(const char *word, enum luser_role *ret)
{
	enum luser_role role;

	for (role = LUSER_ROLE_IN; role <= LUSER_ROLE_UNKNOWN; role++)
		if (!strcmp(word, luser_save_note_role(role))) {
			*ret = role;
			return true;
		}
	return false;
}

static enum luser_code damaged(struct luser_error *err, const char *what)
{
	return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
			  "the dump's luser note is damaged: %s", what);
}

static enum luser_code take_bytes(struct luser_source *src, const void *fdt,
				  int node, const char *property,
				  struct luser_blob *blob,
				  struct luser_error *err)
{
	int len;
	const void *data = fdt_getprop(fdt, node, property, &len);

	if (!data)
		return damaged(err, "a blob has no data");
	blob->len = (size_t)len;
	blob->data = luser_source_copy(src, data, blob->len);
	return blob->data ? LUSER_OK : luser_fail_nomem(err);
}

static enum luser_code take_blob(struct luser_source *src, const void *fdt,
				 int node, struct luser_blob *blob,
				 struct luser_error *err)
{
	const char *name = text_of(fdt, node, "name");

	if (!name)
		return damaged(err, "a blob has no name");
	blob->name = luser_source_copy(src, name, strlen(name));
	if (!blob->name)
		return luser_fail_nomem(err);
	return take_bytes(src, fdt, node, "data", blob, err);
}

static enum luser_code take_blobs(struct luser_source *src, const void *fdt,
				  int node, struct luser_root *root,
				  struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	struct luser_blob *blobs;
	size_t n = 0;
	int child;

	fdt_for_each_subnode(child, fdt, node)
		n++;
	blobs = luser_source_alloc(src, n * sizeof(*blobs));
	if (!blobs)
		return luser_fail_nomem(err);
	root->blobs = blobs;
	fdt_for_each_subnode(child, fdt, node)
		if (code == LUSER_OK)
			code = take_blob(src, fdt, child,
					 &blobs[root->nr_blobs++], err);
	return code;
}

static enum luser_code take_scratch(struct luser_source *src, const void *fdt,
				    int node, struct luser_root *root,
				    struct luser_error *err)
{
	int len;
	const char *at = fdt_getprop(fdt, node, "scratch", &len);
	struct luser_range *areas;

	if (!at)
		return LUSER_OK;
	areas = luser_source_alloc(src, (size_t)len / 16 * sizeof(*areas));
	if (!areas)
		return luser_fail_nomem(err);
	for (; len >= 16; at += 16, len -= 16) {
		struct luser_range one = {
			.start = fdt64_ld((const fdt64_t *)at),
			.len = fdt64_ld((const fdt64_t *)(at + 8)),
		};

		if (one.len && one.len - 1 <= UINT64_MAX - one.start)
			areas[root->nr_scratch++] = one;
	}
	root->scratch = areas;
	return LUSER_OK;
}

/* Anybody may have written it, and it is shown as it is. */
static const char *printable(struct luser_source *src, const char *text)
{
	char clean[512];

	luser_escape(text, strlen(text), clean, sizeof(clean));
	return luser_source_text(src, "%s", clean);
}

static enum luser_code take_root(struct luser_source *src, const void *fdt,
				 int node, struct luser_error *err)
{
	const char *role = text_of(fdt, node, "role");
	const char *why = text_of(fdt, node, "why");
	struct luser_root root = { .phys = LUSER_NO_PHYS };
	enum luser_code code = LUSER_OK;
	const void *phys;
	int len;

	if (!role || !why || !take_role(role, &root.role))
		return damaged(err, "a root has no role");
	phys = fdt_getprop(fdt, node, "phys", &len);
	if (phys && len == 8)
		root.phys = fdt64_ld(phys);
	root.why = printable(src, why);
	if (!root.why)
		return luser_fail_nomem(err);
	if (fdt_getprop(fdt, node, "fdt", NULL)) {
		root.fdt.name = "fdt";
		code = take_bytes(src, fdt, node, "fdt", &root.fdt, err);
	}
	if (code == LUSER_OK)
		code = take_scratch(src, fdt, node, &root, err);
	if (code == LUSER_OK)
		code = take_blobs(src, fdt, node, &root, err);
	return code == LUSER_OK ? luser_source_add(src, &root, err) : code;
}

static enum luser_code take_roots(struct luser_source *src, const void *fdt,
				  struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	int node;

	fdt_for_each_subnode(node, fdt, 0)
		if (code == LUSER_OK)
			code = take_root(src, fdt, node, err);
	if (code == LUSER_OK && !src->nr_roots)
		code = damaged(err, "it names no root");
	return code;
}

enum luser_code luser_source_saved(struct luser_mem *mem,
				   struct luser_source **ret,
				   struct luser_error *err)
{
	struct luser_source *src;
	enum luser_code code;

	if (!mem->save_note)
		return LUSER_MISSING;
	code = luser_save_note_check(mem->save_note, mem->save_note_len, err);
	if (code != LUSER_OK)
		return code;
	src = luser_source_new();
	code = src ? take_roots(src, mem->save_note, err) :
		     luser_fail_nomem(err);
	return luser_source_hand_out(src, code, ret);
}
