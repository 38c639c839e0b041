// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	fail("bad %%-escape in the script");
}

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text != '%') {
			*to++ = *text;
			continue;
		}
		*to++ = (char)(hex_digit(text[1]) << 4 | hex_digit(text[2]));
		text += 2;
	}
	*to = '\0';
}

void words_split(struct words *w, char *line)
{
	char *save = NULL;
	char *word = strtok_r(line, " \n", &save);

	w->count = 0;
	for (; word; word = strtok_r(NULL, " \n", &save)) {
		if (w->count == MAX_WORDS)
			fail("too many words in a line of the script");
		unescape(word);
		w->at[w->count++] = word;
	}
	w->at[w->count] = NULL;
}

uint64_t words_number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || end == text)
		fail("not a number: %s", text);
	return value;
}
