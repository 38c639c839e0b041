/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Color, where it is wanted. */
#ifndef LUO_DUMP_STYLE_H
#define LUO_DUMP_STYLE_H

#include <stdbool.h>

enum style {
	STYLE_NONE,
	STYLE_TITLE,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_ERROR,
};

/**
 * style_wanted() - should standard output be in color
 * @color: what the command line says, an enum color
 *
 * NO_COLOR and TERM=dumb turn off what nobody asked for (no-color.org).
 */
bool style_wanted(int color);

/* The escape sequence that starts a style; STYLE_NONE ends the others. */
const char *style_code(enum style style);

#endif /* LUO_DUMP_STYLE_H */
