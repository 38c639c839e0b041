// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "style.h"

bool style_wanted(int color)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

const char *style_code(enum style style)
{
	static const char *const codes[] = {
		[STYLE_NONE] = "\033[0m",     [STYLE_TITLE] = "\033[1m",
		[STYLE_DIM] = "\033[2m",      [STYLE_GOOD] = "\033[32m",
		[STYLE_WARNING] = "\033[33m", [STYLE_ERROR] = "\033[31m",
	};

	return codes[style];
}
