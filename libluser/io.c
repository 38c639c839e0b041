// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <unistd.h>

#include "io_internal.h"

_Static_assert(sizeof(off_t) == sizeof(uint64_t), "_FILE_OFFSET_BITS=64");

int luser_pread_all(int fd, void *buf, size_t len, uint64_t at, size_t *got)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done,
				  (off_t)(at + done));

		if (n < 0 && errno != EINTR)
			return errno;
		if (!n)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	*got = done;
	return 0;
}

int luser_read_all(int fd, void *buf, size_t len, size_t *got)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, (char *)buf + done, len - done);

		if (n < 0 && errno != EINTR)
			return errno;
		if (!n)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	*got = done;
	return 0;
}

int luser_pwrite_all(int fd, const void *buf, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(fd, (const char *)buf + done, len - done,
				   (off_t)(at + done));

		if (n < 0 && errno != EINTR)
			return errno;
		if (!n)
			return EIO;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}
