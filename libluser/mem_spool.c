// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "error_internal.h"
#include "io_internal.h"
#include "mem_internal.h"
#include "spool_internal.h"

#define SPOOL_CHUNK 65536

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

	code = luser_spool_open(&spool, err);
	if (code != LUSER_OK)
		return code;
	code = copy(fd, name, spool, err);
	if (code == LUSER_OK)
		*ret = spool;
	else
		close(spool);
	return code;
}
