// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "guest.h"

static const struct command *const tables[] = {
	file_commands, session_commands, process_commands, power_commands,
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct command *c = tables[i]; c->name; c++)
			if (!strcmp(c->name, name))
				return c;
	fail("unknown command in the script: %s", name);
}

static void run_line(char *line)
{
	const struct command *c;
	struct words w;

	words_split(&w, line);
	if (!w.count)
		return;
	c = command_find(w.at[0]);
	if (w.count - 1 < c->args)
		fail("%s: too few words in the script", c->name);
	c->run(&w);
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
	script = fopen("/script", "re");
	if (!script)
		fail("/script: %s", strerror(errno));
	while (getline(&line, &room, script) >= 0)
		run_line(line);
	fail("the script has no end");
}
