/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The command line. */
#ifndef LUO_BUILD_OPTIONS_H
#define LUO_BUILD_OPTIONS_H

#include "option.h"

/**
 * struct settings - what the command line asks for
 * @path:      the description
 * @output:    the file to make
 * @page_size: in place of the description's, or 0
 * @help, @version: only this is wanted
 */
struct settings {
	const char *path;
	const char *output;
	bool capture;
	uint64_t page_size;
	bool help;
	bool version;
};

/**
 * settings_parse() - read the command line
 * @argc, @argv: as main() has them
 * @to:          receives all settings, defaults included
 *
 * What is wrong is said on standard error.
 *
 * Return: true if the command line makes sense.
 */
bool settings_parse(int argc, char **argv, struct settings *to);

#endif /* LUO_BUILD_OPTIONS_H */
