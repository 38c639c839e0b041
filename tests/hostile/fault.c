// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * With 64-bit offsets, which all of the project has, pread() here is pread64(),
 * and so on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fault.h"

static size_t fault_in;
static bool seen;
static enum fault kind;

const char *fault_name(enum fault how)
{
	static const char *const names[] = {
		[FAULT_FAILS] = "failed call",
		[FAULT_ENDS] = "ended transfer",
		[FAULT_IS_SHORT] = "short transfer",
		[FAULT_IS_INTERRUPTED] = "interrupted transfer",
	};

	return names[how];
}

void fault_call(enum fault how, size_t nr)
{
	kind = how;
	fault_in = nr;
	seen = false;
}

bool fault_seen(void)
{
	return seen;
}

static bool is_due(void)
{
	if (!fault_in || --fault_in)
		return false;
	seen = true;
	return true;
}

/* Whether a call that moves no bytes is to fail. */
static bool fails(void)
{
	if (kind != FAULT_FAILS || !is_due())
		return false;
	errno = EIO;
	return true;
}

/* The bytes that a transfer is left with, or what it returns at once. */
static bool is_cut(size_t *len, ssize_t *result)
{
	if (!*len || !is_due())
		return false;
	if (kind == FAULT_IS_SHORT) {
		*len = (*len + 1) / 2;
		return false;
	}
	errno = kind == FAULT_IS_INTERRUPTED ? EINTR : EIO;
	*result = kind == FAULT_ENDS ? 0 : -1;
	return true;
}

/* Where a stream ends, it ends: nobody can tell that it should not. */
ssize_t read(int fd, void *buf, size_t len)
{
	ssize_t n;

	return kind != FAULT_ENDS && is_cut(&len, &n) ?
		       n : syscall(SYS_read, fd, buf, len);
}

ssize_t pread(int fd, void *buf, size_t len, off_t at)
{
	ssize_t n;

	return is_cut(&len, &n) ? n : syscall(SYS_pread64, fd, buf, len, at);
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t at)
{
	ssize_t n;

	return is_cut(&len, &n) ? n : syscall(SYS_pwrite64, fd, buf, len, at);
}

static int open_at(int dir, const char *path, int flags, va_list args)
{
	unsigned int mode = flags & O_CREAT ? va_arg(args, unsigned int) : 0;

	return fails() ? -1 :
			 (int)syscall(SYS_openat, dir, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	int fd;

	va_start(args, flags);
	fd = open_at(AT_FDCWD, path, flags, args);
	va_end(args);
	return fd;
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	int fd;

	va_start(args, flags);
	fd = open_at(dir, path, flags, args);
	va_end(args);
	return fd;
}

int mkstemp(char *path)
{
	return fails() ? -1 : mkostemp(path, 0);
}

int fstat(int fd, struct stat *st)
{
	return fails() ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
}

int fstatfs(int fd, struct statfs *fs)
{
	return fails() ? -1 : (int)syscall(SYS_fstatfs, fd, fs);
}

off_t lseek(int fd, off_t at, int whence)
{
	return fails() ? -1 : syscall(SYS_lseek, fd, at, whence);
}

int ftruncate(int fd, off_t len)
{
	return fails() ? -1 : (int)syscall(SYS_ftruncate, fd, len);
}

/* The file is closed all the same, as by close(). */
int close(int fd)
{
	int failed = (int)syscall(SYS_close, fd);

	return fails() ? -1 : failed;
}
