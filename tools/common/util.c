// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "say.h"
#include "util.h"

#define COLUMNS 80

static void *or_die(void *got)
{
	if (!got) {
		complain("out of memory");
		exit(EXIT_UNUSABLE);
	}
	return got;
}

void *xcalloc(size_t n, size_t size)
{
	return or_die(calloc(n ? n : 1, size));
}

void *xrealloc(void *at, size_t size)
{
	return or_die(realloc(at, size));
}

char *xstrdup(const char *text)
{
	return or_die(strdup(text));
}

char *xprintf(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return or_die(len < 0 ? NULL : text);
}

void *grow(void *list, size_t nr, size_t size)
{
	/* Double at each power of two. */
	if (nr & (nr - 1))
		return list;
	return or_die(reallocarray(list, nr ? 2 * nr : 1, size));
}

char *number_text(uint64_t n)
{
	if (n < 1000)
		return xprintf("%" PRIu64, n);

	char *head = number_text(n / 1000);
	char *text = xprintf("%s,%03" PRIu64, head, n % 1000);

	free(head);
	return text;
}

char *count_text(uint64_t n, const char *thing)
{
	char *number = n ? number_text(n) : xstrdup("no");
	char *text = xprintf("%s %s%s", number, thing, n == 1 ? "" : "s");

	free(number);
	return text;
}

char *size_text(uint64_t bytes)
{
	char *exact, *text;
	char human[32];

	if (bytes == UINT64_MAX)
		return xstrdup("at least 16 EiB");
	exact = count_text(bytes, "byte");
	if (bytes < 1024)
		return exact;
	luser_format_size(bytes, human, sizeof(human));
	text = xprintf("%s (%s)", exact, human);
	free(exact);
	return text;
}

char *escaped(const char *text)
{
	size_t len = strlen(text);
	size_t size = luser_escape(text, len, NULL, 0) + 1;
	char *to = xcalloc(size, 1);

	luser_escape(text, len, to, size);
	return to;
}

void text_open(struct text_file *file)
{
	file->text = NULL;
	file->out = or_die(open_memstream(&file->text, &file->len));
}

char *text_close(struct text_file *file)
{
	fclose(file->out);
	return or_die(file->text);
}

void print_wrapped(FILE *out, size_t first, size_t hang, const char *text)
{
	size_t column = first;
	size_t line_start = first;

	while (*text) {
		size_t word = strcspn(text, " \n");
		size_t gap = column > line_start;

		if (column > line_start && column + gap + word > COLUMNS) {
			fprintf(out, "\n%*s", (int)hang, "");
			column = hang;
			line_start = hang;
			gap = 0;
		}
		fprintf(out, "%s%.*s", gap ? " " : "", (int)word, text);
		column += gap + word;
		text += word;
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}
