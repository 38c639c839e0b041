// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "option.h"
#include "say.h"
#include "util.h"

void complain(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program_name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void note(struct notes *notes, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		text = xstrdup("out of memory");
	notes->text = grow(notes->text, notes->nr, sizeof(*notes->text));
	notes->text[notes->nr++] = text;
	if (!notes->quiet)
		complain("note: %s", text);
}

void notes_free(struct notes *notes)
{
	for (size_t i = 0; i < notes->nr; i++)
		free(notes->text[i]);
	free(notes->text);
}
