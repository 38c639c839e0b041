// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What an x86 kernel was booted with, as sysfs shows it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <luser/le.h>

#include "source_setup_data.h"
#include "source_file.h"

/* sysfs shows the type as "0xa", arch/x86/kernel/ksysfs.c. */
static enum luser_code is_handover(struct luser_source *src, int dir, bool *yes,
				   struct luser_error *err)
{
	enum luser_code code;
	const void *text;
	size_t len;

	code = luser_source_read_file(src, dir, "type", &text, &len, err);
	if (code == LUSER_OK)
		*yes = strtoul(text, NULL, 16) == SETUP_DATA_TYPE_KHO;
	return code;
}

static enum luser_code add_root(struct luser_source *src, int dir,
				struct luser_error *err)
{
	struct luser_root root = {
		.role = LUSER_ROLE_IN,
		.why = "The kernel was booted with its address.",
	};
	enum luser_code code;
	const void *data;
	size_t len;

	code = luser_source_read_file(src, dir, "data", &data, &len, err);
	if (code != LUSER_OK)
		return code;
	if (len != SETUP_DATA_KHO_SIZE)
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "the boot parameter of the handover has %zu bytes, not %d",
				  len, SETUP_DATA_KHO_SIZE);
	root.phys = luser_le64(data);
	return luser_source_add(src, &root, err);
}

static enum luser_code try_entry(struct luser_source *src, int parent,
				 const char *name, struct luser_error *err)
{
	int dir = luser_source_open_dir(parent, name);
	enum luser_code code;
	bool yes = false;

	if (dir < 0)
		return luser_fail_errno(err, errno, "cannot open %s", name);
	code = is_handover(src, dir, &yes, err);
	if (code == LUSER_OK && yes)
		code = add_root(src, dir, err);
	close(dir);
	return code;
}

static enum luser_code try_all(struct luser_source *src, DIR *listing,
			       const char *dir, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	struct dirent *entry;

	while (code == LUSER_OK && !src->nr_roots && (entry = readdir(listing)))
		if (entry->d_name[0] != '.')
			code = try_entry(src, dirfd(listing), entry->d_name,
					 err);
	if (code == LUSER_OK && !src->nr_roots)
		code = luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
				  "%s has no entry of type %d: this kernel was not booted with a handover",
				  dir, SETUP_DATA_TYPE_KHO);
	return code;
}

static enum luser_code cannot_open(const char *dir, int errnum,
				   struct luser_error *err)
{
	if (errnum != ENOENT)
		return luser_fail_errno(err, errnum, "cannot open %s", dir);
	return luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
			  "there is no %s: no x86 machine, or a kernel that was booted without such data",
			  dir);
}

enum luser_code luser_source_boot_params(const char *dir,
					 struct luser_source **ret,
					 struct luser_error *err)
{
	struct luser_source *src;
	enum luser_code code;
	DIR *listing = opendir(dir);

	if (!listing)
		return cannot_open(dir, errno, err);
	src = luser_source_new();
	code = src ? try_all(src, listing, dir, err) : luser_fail_nomem(err);
	closedir(listing);
	return luser_source_hand_out(src, code, ret);
}
