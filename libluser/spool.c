// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "error_internal.h"
#include "spool_internal.h"

static const char *spool_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/var/tmp";
}

enum luser_code luser_spool_open(int *ret, struct luser_error *err)
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
