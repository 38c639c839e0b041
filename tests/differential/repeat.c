// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * luo-dump over and over in one process, each time over a file that differs in
 * a few bytes: to start it anew for each would take longer than all it does.
 *
 * usage: repeat FILE OPTION...
 *
 * Each line of standard input says what FILE is to be: its size, and then pairs
 * of an offset and of bytes in hexadecimal. After what luo-dump says of it
 * comes a line with a dot and luo-dump's exit status. FILE is as it was at the
 * end.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* luo-dump's main() */
int luo_dump(int argc, char **argv);

#define MAX_OPTIONS 16

/**
 * struct original - a file, and what is in it
 */
struct original {
	int fd;
	char *bytes;
	size_t size;
};

static void need(int that)
{
	if (that)
		return;
	perror("repeat");
	exit(2);
}

static void original_open(struct original *o, const char *path)
{
	struct stat st;

	o->fd = open(path, O_RDWR);
	need(o->fd >= 0 && !fstat(o->fd, &st));
	o->size = (size_t)st.st_size;
	o->bytes = malloc(o->size);
	need(o->bytes && pread(o->fd, o->bytes, o->size, 0) == st.st_size);
}

static void put(const struct original *o, size_t at, const char *bytes,
		size_t len)
{
	need(pwrite(o->fd, bytes, len, (off_t)at) == (ssize_t)len);
}

static size_t from_hex(const char *hex, char *bytes, size_t room)
{
	size_t len = strlen(hex) / 2;

	need(len <= room);
	for (size_t i = 0; i < len; i++) {
		const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};

		bytes[i] = (char)strtoul(pair, NULL, 16);
	}
	return len;
}

/* Writes what a line says, or, with @back, what was there. */
static void apply(const struct original *o, const char *line, int back)
{
	char *copy = strdup(line), *rest = copy;
	size_t size = strtoul(strtok_r(rest, " \n", &rest), NULL, 10);
	char bytes[256];
	const char *word;

	need(size <= o->size);
	while ((word = strtok_r(NULL, " \n", &rest))) {
		size_t at = strtoul(word, NULL, 10);
		size_t len = from_hex(strtok_r(NULL, " \n", &rest), bytes,
				      sizeof(bytes));

		need(len <= o->size && at <= o->size - len);
		put(o, at, back ? o->bytes + at : bytes, len);
	}
	if (back)
		put(o, size, o->bytes + size, o->size - size);
	else
		need(!ftruncate(o->fd, (off_t)size));
	free(copy);
}

int main(int argc, char **argv)
{
	static char name[] = "luo-dump";
	char *args[MAX_OPTIONS + 2] = {name};
	struct original o;
	char *line = NULL;
	size_t room = 0;

	if (argc < 2 || argc > MAX_OPTIONS) {
		fprintf(stderr, "usage: repeat FILE OPTION...\n");
		return 2;
	}
	memcpy(args + 1, argv + 2, (size_t)(argc - 2) * sizeof(*args));
	args[argc - 1] = argv[1];
	original_open(&o, argv[1]);
	while (getline(&line, &room, stdin) > 0) {
		apply(&o, line, 0);
		optind = 0;
		printf(".%d\n", luo_dump(argc, args));
		fflush(stdout);
		apply(&o, line, 1);
	}
	free(line);
	free(o.bytes);
	close(o.fd);
	return 0;
}
