// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What an arm64 kernel was booted with, as procfs and sysfs show it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>
#include <luser/fdt.h>

#include "source_chosen.h"
#include "source_file.h"

static enum luser_code no_handover(const char *path, struct luser_error *err)
{
	return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
			  "%s has no " CHOSEN_FDT
			  " in /chosen: this kernel was not booted with a handover",
			  path);
}

/**
 * struct tree - a device tree as files
 * @dir:    its root
 * @chosen: /chosen
 */
struct tree {
	struct luser_source *src;
	const char *path;
	int dir;
	int chosen;
};

/* The root's cells are files, big-endian; without one it is the default. */
static enum luser_code read_cells(const struct tree *tree, const char *name,
				  uint32_t unsaid, uint32_t *ret,
				  struct luser_error *err)
{
	enum luser_code code;
	const void *value;
	size_t len;

	code = luser_source_read_file(tree->src, tree->dir, name, &value, &len,
				      err);
	*ret = code == LUSER_OK && len == 4 ? fdt32_ld(value) : unsaid;
	return code == LUSER_MISSING ? LUSER_OK : code;
}

static enum luser_code read_reg(const struct tree *tree, const char *name,
				uint64_t *address, struct luser_error *err)
{
	uint32_t address_cells, size_cells;
	enum luser_code code;
	const void *value;
	uint64_t size;
	size_t len;

	code = luser_source_read_file(tree->src, tree->chosen, name, &value,
				      &len, err);
	if (code == LUSER_MISSING)
		return no_handover(tree->path, err);
	if (code == LUSER_OK)
		code = read_cells(tree, "#address-cells", CHOSEN_ADDRESS_CELLS,
				  &address_cells, err);
	if (code == LUSER_OK)
		code = read_cells(tree, "#size-cells", CHOSEN_SIZE_CELLS,
				  &size_cells, err);
	if (code != LUSER_OK)
		return code;
	return chosen_reg(value, len, address_cells, size_cells, address,
			  &size) ? LUSER_OK : no_handover(tree->path, err);
}

/* The kernel takes both properties or none. */
static enum luser_code read_chosen(struct tree *tree, uint64_t *phys,
				   struct luser_error *err)
{
	enum luser_code code;
	uint64_t scratch;

	tree->chosen = luser_source_open_dir(tree->dir, "chosen");
	if (tree->chosen < 0)
		return errno == ENOENT ?
			       no_handover(tree->path, err) :
			       luser_fail_errno(err, errno,
						"cannot open chosen");
	code = read_reg(tree, CHOSEN_FDT, phys, err);
	if (code == LUSER_OK)
		code = read_reg(tree, CHOSEN_SCRATCH, &scratch, err);
	close(tree->chosen);
	return code;
}

static enum luser_code read_flat(struct luser_source *src, const char *path,
				 uint64_t *phys, struct luser_error *err)
{
	struct scan_record record;
	enum luser_code code;
	const void *fdt;
	size_t len;

	code = luser_source_read_file(src, AT_FDCWD, path, &fdt, &len, err);
	if (code == LUSER_OK)
		code = luser_fdt_check(fdt, len, err);
	if (code != LUSER_OK)
		return code;
	if (!chosen_find(fdt, &record))
		return no_handover(path, err);
	*phys = record.fdt;
	return LUSER_OK;
}

static enum luser_code read_tree(struct luser_source *src, const char *path,
				 uint64_t *phys, struct luser_error *err)
{
	struct tree tree = {
		.src = src,
		.path = path,
		.dir = luser_source_open_dir(AT_FDCWD, path),
	};
	enum luser_code code;

	if (tree.dir < 0 && errno == ENOENT)
		return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
				  "there is no %s: no machine with a device tree",
				  path);
	if (tree.dir < 0 && errno == ENOTDIR)
		return read_flat(src, path, phys, err);
	if (tree.dir < 0)
		return luser_fail_errno(err, errno, "cannot open %s", path);
	code = read_chosen(&tree, phys, err);
	close(tree.dir);
	return code;
}

enum luser_code luser_source_device_tree(const char *path,
					 struct luser_source **ret,
					 struct luser_error *err)
{
	struct luser_root root = {
		.role = LUSER_ROLE_IN,
		.why = "The device tree that the kernel was booted with names it.",
	};
	struct luser_source *src = luser_source_new();
	enum luser_code code;

	code = src ? read_tree(src, path, &root.phys, err) :
		     luser_fail_nomem(err);
	if (code == LUSER_OK)
		code = luser_source_add(src, &root, err);
	return luser_source_hand_out(src, code, ret);
}
