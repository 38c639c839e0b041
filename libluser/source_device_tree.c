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

/* The root's cells are files, big-endian; without one it is the default. */
static uint32_t cells(struct luser_source *src, int dir, const char *name,
		      uint32_t unsaid)
{
	const void *value;
	size_t len;

	if (luser_source_read_file(src, dir, name, &value, &len, NULL) !=
		    LUSER_OK || len != 4)
		return unsaid;
	return fdt32_ld(value);
}

static bool read_reg(struct luser_source *src, int dir, int chosen,
		     const char *name, uint64_t *address)
{
	const void *value;
	uint64_t size;
	size_t len;

	return luser_source_read_file(src, chosen, name, &value, &len, NULL) ==
		       LUSER_OK &&
	       chosen_reg(value, len,
			  cells(src, dir, "#address-cells",
				CHOSEN_ADDRESS_CELLS),
			  cells(src, dir, "#size-cells", CHOSEN_SIZE_CELLS),
			  address, &size);
}

/* The kernel takes both properties or none. */
static bool read_chosen(struct luser_source *src, int dir, uint64_t *phys)
{
	int chosen = luser_source_open_dir(dir, "chosen");
	uint64_t scratch;
	bool found;

	if (chosen < 0)
		return false;
	found = read_reg(src, dir, chosen, CHOSEN_FDT, phys) &&
		read_reg(src, dir, chosen, CHOSEN_SCRATCH, &scratch);
	close(chosen);
	return found;
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
	int dir = luser_source_open_dir(AT_FDCWD, path);
	bool found;

	if (dir < 0 && errno == ENOENT)
		return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
				  "there is no %s: no machine with a device tree",
				  path);
	if (dir < 0 && errno == ENOTDIR)
		return read_flat(src, path, phys, err);
	if (dir < 0)
		return luser_fail_errno(err, errno, "cannot open %s", path);
	found = read_chosen(src, dir, phys);
	close(dir);
	return found ? LUSER_OK : no_handover(path, err);
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
