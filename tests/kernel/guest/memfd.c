// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * memfds whose every page says whose it is: it starts with
 * "SESSION/TOKEN/PAGE", and the rest is zero.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

#define PAGE 4096u

static size_t page_len(const struct memfd_spec *spec, uint64_t page)
{
	uint64_t left = spec->size - page * PAGE;

	return left < PAGE ? (size_t)left : PAGE;
}

static void page_fill(char *buf, const char *session, uint64_t token,
		      uint64_t page)
{
	memset(buf, 0, PAGE);
	snprintf(buf, PAGE, "%s/%" PRIx64 "/%" PRIu64, session, token, page);
}

int memfd_make(const char *session, const struct memfd_spec *spec)
{
	int fd = memfd_create("luser", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	char buf[PAGE];

	if (fd < 0 || ftruncate(fd, (off_t)spec->size))
		fail("memfd: %s", strerror(errno));
	for (uint64_t page = 0; page * PAGE < spec->size; page++) {
		size_t len = page_len(spec, page);

		page_fill(buf, session, spec->token, page);
		if (pwrite(fd, buf, len, (off_t)(page * PAGE)) != (ssize_t)len)
			fail("memfd: %s", strerror(errno));
	}
	if (lseek(fd, (off_t)spec->pos, SEEK_SET) < 0)
		fail("memfd: seek: %s", strerror(errno));
	if (spec->seals && fcntl(fd, F_ADD_SEALS, spec->seals))
		fail("memfd: seal: %s", strerror(errno));
	return fd;
}

static void check_state(const char *session, const struct memfd_spec *spec,
			int fd)
{
	off_t pos = lseek(fd, 0, SEEK_CUR);
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;

	if (fstat(fd, &st) || (uint64_t)st.st_size != spec->size)
		fail("%s/%" PRIx64 ": size %lld", session, spec->token,
		     (long long)st.st_size);
	if ((uint64_t)pos != spec->pos)
		fail("%s/%" PRIx64 ": position %lld", session, spec->token,
		     (long long)pos);
	if (seals < 0 || (unsigned int)seals != spec->seals)
		fail("%s/%" PRIx64 ": seals %#x", session, spec->token, seals);
}

void memfd_check(const char *session, const struct memfd_spec *spec, int fd)
{
	char want[PAGE], have[PAGE];

	check_state(session, spec, fd);
	for (uint64_t page = 0; page * PAGE < spec->size; page++) {
		size_t len = page_len(spec, page);
		ssize_t got = pread(fd, have, len, (off_t)(page * PAGE));

		page_fill(want, session, spec->token, page);
		if (got != (ssize_t)len || memcmp(want, have, len))
			fail("%s/%" PRIx64 ": page %" PRIu64 " is not what it was",
			     session, spec->token, page);
	}
}
