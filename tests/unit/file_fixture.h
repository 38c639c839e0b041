/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A directory of a test's own, and files in it. */
#ifndef FILE_FIXTURE_H
#define FILE_FIXTURE_H

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tests run in the directory, so names in it are short. */
static char fixture_dir[64];

static inline void fixture_enter(void)
{
	/* In memory where that is possible: some tests cut a file often. */
	strcpy(fixture_dir, access("/dev/shm", W_OK) ?
				    "/tmp/luser-test.XXXXXX" :
				    "/dev/shm/luser-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(fixture_dir));
	ck_assert_int_eq(chmod(fixture_dir, 0755), 0);
	ck_assert_int_eq(chdir(fixture_dir), 0);
	setenv("TMPDIR", fixture_dir, 1);
}

static inline void fixture_leave(void)
{
	char command[sizeof(fixture_dir) + 8];

	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -r %s", fixture_dir);
	ck_assert_int_eq(system(command), 0);
}

static inline void fixture_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	ck_assert_int_eq(close(fd), 0);
}

static inline void fixture_mkdir(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

/* Nobody may do what root may: a test of privilege has none from here on. */
static inline void fixture_drop_privilege(void)
{
	if (!geteuid())
		ck_assert_int_eq(seteuid(65534), 0);
}

static inline void fixture_regain_privilege(void)
{
	ck_assert_int_eq(seteuid(getuid()), 0);
}

#endif /* FILE_FIXTURE_H */
