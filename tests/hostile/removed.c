// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "removed.h"

static bool have_line(const char *exceptions, const char *name)
{
	const char *at = exceptions;

	while ((at = strstr(at, name))) {
		char before = at == exceptions ? '\n' : at[-1];

		at += strlen(name);
		if (before == '\n' && *at == ':')
			return true;
	}
	return false;
}

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!file || getdelim(&text, &room, 0, file) < 0) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return text;
}

void removed_judge(struct removed *removed, const char *name, bool missed,
		   const char *else_said)
{
	removed->nr++;
	removed->missed += missed;
	if (missed != have_line(removed->exceptions, name))
		return;
	removed->wrong++;
	printf("%s: %s\n", name,
	       missed ? "missed, though it is an exception" : else_said);
}

int removed_main(int argc, char **argv, void (*read_dump)(const char *path),
		 void (*judge)(struct removed *removed))
{
	struct removed removed = { 0 };

	if (argc < 3) {
		fprintf(stderr, "usage: %s EXCEPTIONS DUMP...\n", argv[0]);
		return 2;
	}
	removed.exceptions = read_text(argv[1]);
	for (int i = 2; i < argc; i++)
		read_dump(argv[i]);
	judge(&removed);
	printf("of %zu tests %zu are missed when they are removed\n",
	       removed.nr, removed.missed);
	free(removed.exceptions);
	return removed.wrong != 0;
}
