// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exceptions.h"

bool exceptions_have(const char *exceptions, const char *name)
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

char *exceptions_read(const char *path)
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
