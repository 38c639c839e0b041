// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the host hears, on the second serial port: lines of text, and after a
 * line "file LABEL LENGTH" that many bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

static int host = -1;

void host_open(void)
{
	struct termios raw;

	host = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (host < 0 || tcgetattr(host, &raw))
		fail("/dev/ttyS1: %s", strerror(errno));
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	if (tcsetattr(host, TCSANOW, &raw))
		fail("/dev/ttyS1: %s", strerror(errno));
}

static void host_write(const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(host, data, len);

		if (done <= 0)
			_exit(1);
		data += done;
		len -= (size_t)done;
	}
}

static void host_vline(const char *fmt, va_list args)
{
	char line[512];
	int len = vsnprintf(line, sizeof(line) - 1, fmt, args);

	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len] = '\n';
	host_write(line, (size_t)len + 1);
}

void host_line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	host_vline(fmt, args);
	va_end(args);
}

/* A file of debugfs tells its length only to the one who reads it. */
static char *read_all(const char *path, size_t *len)
{
	size_t room = 0;
	char *data = NULL;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	*len = 0;
	do {
		if (room - *len < 4096)
			data = realloc(data, room = 2 * room + 65536);
		if (!data)
			fail("%s: out of memory", path);
		got = read(fd, data + *len, room - *len);
		if (got < 0)
			fail("%s: %s", path, strerror(errno));
		*len += (size_t)got;
	} while (got);
	close(fd);
	return data;
}

void host_file(const char *label, const char *path)
{
	size_t len;
	char *data = read_all(path, &len);

	host_line("file %s %zu", label, len);
	host_write(data, len);
	free(data);
}

/* The host answers with one byte when it has done what it wants to do. */
void host_wait(const char *label)
{
	char answer;

	host_line("wait %s", label);
	if (read(host, &answer, 1) != 1)
		fail("the host is gone");
}

void host_drain(void)
{
	tcdrain(host);
}

void fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (host < 0) {
		vprintf(fmt, args);
	} else {
		host_write("fail ", 5);
		host_vline(fmt, args);
		host_drain();
	}
	va_end(args);
	for (;;)
		pause();
}
