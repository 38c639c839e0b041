// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>

#include "removed.h"

void removed_judge(struct removed *removed, const char *name, bool missed)
{
	removed->nr++;
	removed->missed += missed;
	if (!missed)
		printf("%s: nothing tells that it is gone\n", name);
}

int removed_main(int argc, char **argv, void (*read_dump)(const char *path),
		 void (*judge)(struct removed *removed))
{
	struct removed removed = { 0 };

	if (argc < 2) {
		fprintf(stderr, "usage: %s DUMP...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		read_dump(argv[i]);
	judge(&removed);
	printf("of %zu tests %zu are missed when they are removed\n",
	       removed.nr, removed.missed);
	return !removed.nr || removed.missed < removed.nr;
}
