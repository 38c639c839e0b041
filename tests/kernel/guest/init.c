// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

static const struct command *const tables[] = {
	file_commands, session_commands, process_commands, power_commands,
	object_commands, iommufd_commands, device_commands, mark_commands,
	probe_commands,
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct command *c = tables[i]; c->name; c++)
			if (!strcmp(c->name, name))
				return c;
	fail("unknown command in the script: %s", name);
}

/* expect ERRNO COMMAND...: the command must fail so */
static const char *take_expected(struct words *w)
{
	const char *expected = "0";

	if (w->count > 2 && !strcmp(w->at[0], "expect")) {
		expected = w->at[1];
		w->count -= 2;
		memmove(w->at, w->at + 2, sizeof(w->at[0]) * (w->count + 1));
	}
	return expected;
}

static void run_line(char *line)
{
	char text[512];
	const char *expected, *got;
	const struct command *c;
	struct words w;

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
	words_split(&w, line);
	if (!w.count)
		return;
	expected = take_expected(&w);
	c = command_find(w.at[0]);
	if (w.count - 1 < c->args)
		fail("%s: too few words in the script", c->name);
	if (c->run) {
		c->run(&w);
		return;
	}
	got = strerrorname_np(-c->attempt(&w));
	if (!got || strcmp(got, expected))
		fail("%s: %s", text, got ? got : "a strange error");
}

/* What the child of a "fork" does is not for the parent. */
static bool read_line(FILE *script, char **line, size_t *room)
{
	bool skip = forked();

	while (getline(line, room, script) >= 0) {
		if (!skip)
			return true;
		skip = strcmp(*line, "die\n");
	}
	return false;
}

/* Read at once: a child of "fork" would move the parent's place in it. */
static FILE *open_script(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st) || !(text = malloc((size_t)st.st_size)) ||
	    read(fd, text, (size_t)st.st_size) != st.st_size)
		fail("%s: %s", path, strerror(errno));
	close(fd);
	return fmemopen(text, (size_t)st.st_size, "r");
}

int main(void)
{
	FILE *script;
	char *line = NULL;
	size_t room = 0;

	mkdir("/dev", 0755);
	if (mount("dev", "/dev", "devtmpfs", 0, NULL) && errno != EBUSY)
		fail("/dev: %s", strerror(errno));
	host_open();
	script = open_script("/script");
	while (read_line(script, &line, &room))
		run_line(line);
	fail("the script has no end");
}
