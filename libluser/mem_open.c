// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Find out what a file of memory is, and open it as that. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error_internal.h"
#include "io_internal.h"
#include "mem_internal.h"

static enum luser_code open_file(const char *path, int *ret,
				 struct luser_error *err)
{
	int fd = -1;

	if (!strcmp(path, "-"))
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return luser_fail_errno(err, errno, "cannot open %s", path);
	*ret = fd;
	return LUSER_OK;
}

static enum luser_code check_kind(int fd, const char *name,
				  struct luser_error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return luser_fail_errno(err, errno, "cannot examine %s", name);
	if (S_ISDIR(st.st_mode))
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s is a directory, not a file of memory",
				  name);
	if (S_ISCHR(st.st_mode))
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s is a device, not a file of memory", name);
	return LUSER_OK;
}

static enum luser_code make_seekable(int *fd, const char *name,
				     struct luser_error *err)
{
	enum luser_code code;
	int spool = -1;

	if (lseek(*fd, 0, SEEK_CUR) >= 0)
		return LUSER_OK;
	code = luser_mem_spool(*fd, name, &spool, err);
	if (code != LUSER_OK)
		return code;
	close(*fd);
	*fd = spool;
	return LUSER_OK;
}

static bool starts_with(const char *head, size_t len, const char *magic)
{
	size_t n = strlen(magic);

	return len >= n && !memcmp(head, magic, n);
}

/* Signatures of makedumpfile's formats, in its diskdump_mod.h. */
static bool is_compressed(const char *head, size_t len)
{
	return starts_with(head, len, "KDUMP   ") ||
	       starts_with(head, len, "DISKDUMP") ||
	       starts_with(head, len, "makedumpfile");
}

static enum luser_code open_detected(int fd, const char *name, uint64_t base,
				     struct luser_mem **ret,
				     struct luser_error *err)
{
	enum luser_code code;
	char head[12];
	size_t got;
	int errnum;

	errnum = luser_pread_all(fd, head, sizeof(head), 0, &got);
	if (!errnum && starts_with(head, got, "\177ELF"))
		return luser_mem_open_elf(fd, name, ret, err);
	if (!errnum && is_compressed(head, got))
		return luser_mem_open_kdump(fd, name, ret, err);
	if (!errnum && got)
		return luser_mem_open_raw(fd, name, base, ret, err);
	if (errnum)
		code = luser_fail_errno(err, errnum, "cannot read %s", name);
	else
		code = luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s is empty", name);
	close(fd);
	return code;
}

enum luser_code luser_mem_open(const char *path, uint64_t base,
			       struct luser_mem **ret, struct luser_error *err)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	enum luser_code code;
	int fd = -1;

	code = open_file(path, &fd, err);
	if (code != LUSER_OK)
		return code;
	code = check_kind(fd, name, err);
	if (code == LUSER_OK)
		code = make_seekable(&fd, name, err);
	if (code == LUSER_OK)
		return open_detected(fd, name, base, ret, err);
	close(fd);
	return code;
}
