// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io_internal.h"
#include "source_file.h"

int luser_source_open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* O_NONBLOCK: a FIFO in a copy must not make the open wait. */
static enum luser_code open_plain(int dir, const char *name, int *ret,
				  struct luser_error *err)
{
	struct stat st;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return luser_fail_errno(err, errno, "cannot open %s", name);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s is not a plain file", name);
	}
	*ret = fd;
	return LUSER_OK;
}

/* Reads on until the end, in a buffer that doubles. */
static enum luser_code read_on(int fd, const char *name, char **buf,
			       size_t *len, struct luser_error *err)
{
	size_t room = LUSER_PAGE_MIN;
	size_t got = 0;
	int errnum;

	for (;;) {
		char *more = realloc(*buf, room);

		if (!more)
			return luser_fail_nomem(err);
		*buf = more;
		errnum = luser_read_all(fd, more + *len, room - *len, &got);
		if (errnum)
			return luser_fail_errno(err, errnum, "cannot read %s",
						name);
		*len += got;
		if (*len < room)
			return LUSER_OK;
		if (*len > LUSER_SOURCE_BLOB_MAX)
			return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
					  "%s is larger than any blob", name);
		room *= 2;
	}
}

enum luser_code luser_source_read_file(struct luser_source *src, int dir,
				       const char *name, const void **data,
				       size_t *len, struct luser_error *err)
{
	enum luser_code code;
	char *buf = NULL;
	void *copy = NULL;
	size_t n = 0;
	int fd = -1;

	code = open_plain(dir, name, &fd, err);
	if (code != LUSER_OK)
		return code;
	code = read_on(fd, name, &buf, &n, err);
	close(fd);
	if (code == LUSER_OK)
		copy = luser_source_copy(src, buf, n);
	free(buf);
	if (code == LUSER_OK && !copy)
		code = luser_fail_nomem(err);
	if (code != LUSER_OK)
		return code;
	*data = copy;
	*len = n;
	return LUSER_OK;
}
