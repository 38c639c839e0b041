// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The kho directory of debugfs, or a copy of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source_file.h"

/* A root FDT of one page has no room for more subnodes. */
#define MAX_BLOBS 1024

/**
 * struct side - "in" or "out"
 * @failed: the first thing that was there and could not be read
 */
struct side {
	struct luser_source *src;
	int dir;
	struct luser_root root;
	struct luser_error failed;
};

static void note_failure(struct side *side, const struct luser_error *why)
{
	if (side->failed.code == LUSER_OK && why->code != LUSER_MISSING)
		side->failed = *why;
}

/* Only the lack of memory ends the reading; the rest is noted. */
static enum luser_code read_blob(struct side *side, int dir, const char *name,
				 struct luser_blob *blob)
{
	struct luser_error why = { .code = LUSER_OK };
	enum luser_code code;

	code = luser_source_read_file(side->src, dir, name, &blob->data,
				      &blob->len, &why);
	if (code != LUSER_OK) {
		note_failure(side, &why);
		return code;
	}
	blob->name = luser_source_copy(side->src, name, strlen(name));
	return blob->name ? LUSER_OK : LUSER_NOMEM;
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int by_name(const void *a, const void *b)
{
	const struct luser_blob *x = a;
	const struct luser_blob *y = b;

	return strcmp(x->name, y->name);
}

static bool is_too_much(struct side *side, size_t nr, size_t bytes)
{
	if (nr == MAX_BLOBS)
		luser_fail(&side->failed, LUSER_FORMAT, LUSER_NO_PHYS,
			   "sub_fdts has more than %d files", MAX_BLOBS);
	else if (bytes > LUSER_SOURCE_BLOB_MAX)
		luser_fail(&side->failed, LUSER_FORMAT, LUSER_NO_PHYS,
			   "sub_fdts has more than %u MiB",
			   LUSER_SOURCE_BLOB_MAX >> 20);
	else
		return false;
	return true;
}

static enum luser_code read_blobs(struct side *side, DIR *listing)
{
	struct luser_blob *blobs;
	enum luser_code code;
	struct dirent *entry;
	size_t n = 0, total = 0;

	blobs = luser_source_alloc(side->src, MAX_BLOBS * sizeof(*blobs));
	if (!blobs)
		return LUSER_NOMEM;
	while ((entry = readdir(listing))) {
		if (is_dots(entry->d_name))
			continue;
		if (is_too_much(side, n, total))
			break;
		code = read_blob(side, dirfd(listing), entry->d_name,
				 &blobs[n]);
		if (code == LUSER_NOMEM)
			return code;
		if (code == LUSER_OK)
			total += blobs[n++].len;
	}
	qsort(blobs, n, sizeof(*blobs), by_name);
	side->root.blobs = blobs;
	side->root.nr_blobs = n;
	return LUSER_OK;
}

static enum luser_code read_sub_fdts(struct side *side)
{
	int fd = luser_source_open_dir(side->dir, "sub_fdts");
	struct luser_error why;
	enum luser_code code;
	DIR *listing;

	if (fd < 0) {
		luser_fail_errno(&why, errno, "cannot open sub_fdts");
		note_failure(side, &why);
		return LUSER_OK;
	}
	listing = fdopendir(fd);
	if (!listing) {
		close(fd);
		return LUSER_NOMEM;
	}
	code = read_blobs(side, listing);
	closedir(listing);
	return code;
}

/* One hexadecimal number to a line, scratch_phys_show() in the kernel. */
static bool take_number(const char **text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(*text, &end, 16);
	if (end == *text || errno)
		return false;
	*text = end;
	return true;
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Low memory has a scratch area on some machines only: its size is then 0. */
static enum luser_code parse_scratch(struct side *side, const char *phys,
				     const char *len)
{
	struct luser_range *scratch;
	size_t n = 0;
	struct luser_range one;

	scratch = luser_source_alloc(side->src, (count_lines(phys) + 1) *
							sizeof(*scratch));
	if (!scratch)
		return LUSER_NOMEM;
	while (take_number(&phys, &one.start) && take_number(&len, &one.len))
		if (one.len && one.len - 1 <= UINT64_MAX - one.start)
			scratch[n++] = one;
	side->root.scratch = scratch;
	side->root.nr_scratch = n;
	return LUSER_OK;
}

static enum luser_code read_scratch(struct side *side)
{
	struct luser_blob phys = { .data = NULL };
	struct luser_blob len = { .data = NULL };

	if (read_blob(side, side->dir, "scratch_phys", &phys) == LUSER_NOMEM ||
	    read_blob(side, side->dir, "scratch_len", &len) == LUSER_NOMEM)
		return LUSER_NOMEM;
	if (!phys.data || !len.data)
		return LUSER_OK;
	return parse_scratch(side, phys.data, len.data);
}

static const char *explain(struct side *side, const char *name)
{
	if (side->failed.code == LUSER_OK)
		return luser_source_text(side->src,
					 "It is in the directory '%s'.", name);
	return luser_source_text(side->src,
				 "It is in the directory '%s'. Not all of it could be read: %s.",
				 name, side->failed.message);
}

static enum luser_code read_side(struct side *side, const char *name)
{
	enum luser_code code;

	code = read_blob(side, side->dir, "fdt", &side->root.fdt);
	if (code != LUSER_NOMEM)
		code = read_sub_fdts(side);
	if (code == LUSER_OK)
		code = read_scratch(side);
	if (code != LUSER_OK)
		return code;
	if (!side->root.fdt.data && !side->root.nr_blobs &&
	    !side->root.nr_scratch)
		return LUSER_MISSING;
	side->root.why = explain(side, name);
	return side->root.why ? LUSER_OK : LUSER_NOMEM;
}

/* Adds a root if there is one; @failed keeps why there is none. */
static enum luser_code add_side(struct luser_source *src, int dir,
				const char *name, enum luser_role role,
				struct luser_error *failed,
				struct luser_error *err)
{
	struct side side = {
		.src = src,
		.dir = luser_source_open_dir(dir, name),
		.root = { .role = role, .phys = LUSER_NO_PHYS },
	};
	struct luser_error why;
	enum luser_code code;

	if (side.dir < 0) {
		luser_fail_errno(&why, errno, "cannot open %s", name);
		note_failure(&side, &why);
		code = LUSER_MISSING;
	} else {
		code = read_side(&side, name);
		close(side.dir);
	}
	if (code == LUSER_NOMEM)
		return luser_fail_nomem(err);
	if (code == LUSER_OK)
		return luser_source_add(src, &side.root, err);
	if (failed->code == LUSER_OK)
		*failed = side.failed;
	return LUSER_OK;
}

/* There is one root, and there may have been another one. */
static enum luser_code tell_failed(struct luser_source *src,
				   const struct luser_error *failed,
				   struct luser_error *err)
{
	struct luser_root *root = &src->roots[0];

	root->why = luser_source_text(src,
				      "%s The other one could not be read: %s.",
				      root->why, failed->message);
	return root->why ? LUSER_OK : luser_fail_nomem(err);
}

static enum luser_code find_roots(struct luser_source *src, int fd,
				  const char *dir, struct luser_error *err)
{
	struct luser_error failed = { .code = LUSER_OK };
	enum luser_code code;

	code = add_side(src, fd, "in", LUSER_ROLE_IN, &failed, err);
	if (code == LUSER_OK)
		code = add_side(src, fd, "out", LUSER_ROLE_OUT, &failed, err);
	if (code != LUSER_OK)
		return code;
	if (src->nr_roots)
		return failed.code == LUSER_OK ?
			       LUSER_OK : tell_failed(src, &failed, err);
	if (failed.code == LUSER_OK)
		return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
				  "%s has no handover: is it a kho directory, of a kernel booted with kho=on?",
				  dir);
	if (err)
		*err = failed;
	return failed.code;
}

static enum luser_code cannot_open(const char *dir, int errnum,
				   struct luser_error *err)
{
	if (errnum != ENOENT)
		return luser_fail_errno(err, errnum, "cannot open %s", dir);
	return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
			  "there is no %s: it takes a mounted debugfs, a kernel with CONFIG_KEXEC_HANDOVER_DEBUGFS, and kho=on at its boot",
			  dir);
}

enum luser_code luser_source_debugfs(const char *dir, struct luser_source **ret,
				     struct luser_error *err)
{
	struct luser_source *src;
	enum luser_code code;
	int fd = luser_source_open_dir(AT_FDCWD, dir);

	if (fd < 0)
		return cannot_open(dir, errno, err);
	src = luser_source_new();
	code = src ? find_roots(src, fd, dir, err) : luser_fail_nomem(err);
	close(fd);
	return luser_source_hand_out(src, code, ret);
}
