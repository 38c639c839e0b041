// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error_internal.h"
#include "io_internal.h"
#include "mem_internal.h"

#define SPOOL_CHUNK 65536

static const char *spool_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/var/tmp";
}

static enum luser_code make_file(int *ret, struct luser_error *err)
{
	const char *dir = spool_dir();
	char path[4096];
	int n;
	int fd;

	n = snprintf(path, sizeof(path), "%s/luser.XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof(path))
		return luser_fail_errno(err, ENAMETOOLONG, "TMPDIR");
	fd = mkstemp(path);
	if (fd < 0)
		return luser_fail_errno(err, errno,
					"cannot make a temporary file in %s",
					dir);
	unlink(path);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	*ret = fd;
	return LUSER_OK;
}

static bool all_zero(const char *buf, size_t len)
{
	return !len || (!buf[0] && !memcmp(buf, buf + 1, len - 1));
}

/* A chunk of zeros becomes a hole: most of a memory image is zero. */
static int write_chunk(int fd, const char *buf, size_t len, uint64_t at)
{
	if (!all_zero(buf, len))
		return luser_pwrite_all(fd, buf, len, at);
	return ftruncate(fd, (off_t)(at + len)) ? errno : 0;
}

static enum luser_code copy(int from, const char *name, int to,
			    struct luser_error *err)
{
	static const char why[] = "cannot copy the input to TMPDIR or /var/tmp";
	char buf[SPOOL_CHUNK];
	uint64_t at = 0;
	size_t got = 1;
	int errnum;

	while (got) {
		errnum = luser_read_all(from, buf, sizeof(buf), &got);
		if (errnum)
			return luser_fail_errno(err, errnum, "cannot read %s",
						name);
		errnum = write_chunk(to, buf, got, at);
		if (errnum)
			return luser_fail_errno(err, errnum, "%s", why);
		at += got;
	}
	return LUSER_OK;
}

enum luser_code luser_mem_spool(int fd, const char *name, int *ret,
				struct luser_error *err)
{
	enum luser_code code;
	int spool = -1;

	code = make_file(&spool, err);
	if (code != LUSER_OK)
		return code;
	code = copy(fd, name, spool, err);
	if (code == LUSER_OK)
		*ret = spool;
	else
		close(spool);
	return code;
}
