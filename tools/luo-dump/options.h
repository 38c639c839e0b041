/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The command line. One table feeds the parser, --help, the manual page and
 * the shell completion.
 */
#ifndef LUO_DUMP_OPTIONS_H
#define LUO_DUMP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum color {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

#define RECORDS_ALL UINT64_MAX
#define NOT_GIVEN   UINT64_MAX

/**
 * struct settings - what the command line asks for
 * @compat:  ask whether a kernel would accept the handover
 * @to:      that kernel's image, or NULL
 * @path:    where to read; NULL is the live machine
 * @records: of one array to show; RECORDS_ALL, or 0 for the format's default
 * @root:    physical address of the root FDT, or NOT_GIVEN
 * @help, @version: only this is wanted
 */
struct settings {
	bool compat;
	const char *to;

	const char *path;
	bool in;
	bool out;
	const char *select;
	uint64_t records;

	bool json;
	bool hex;
	bool verbose;
	bool quiet;
	int color;

	const char *memory;
	uint64_t root;
	uint64_t base;
	uint64_t page_size;
	bool early;
	const char *debugfs;
	const char *boot_params;
	const char *kcore;

	const char *save;
	bool contents;

	bool help;
	bool version;
};

enum option_kind {
	OPTION_FLAG,   /* sets a bool */
	OPTION_TEXT,   /* sets a string */
	OPTION_NUMBER, /* sets a number, in any base that C has */
	OPTION_COUNT,  /* sets a number of at least 1, or "all" */
	OPTION_WORD,   /* sets an int to the word's position */
};

/**
 * struct option_row - one option
 * @letter:   short form, or 0
 * @name:     long form
 * @arg:      what its argument is called, or NULL
 * @kind:     how the argument is taken
 * @offset:   of the member of struct settings that it sets
 * @complete: what the shell offers: "file", "directory", "words" or NULL
 * @words:    for OPTION_WORD, ended by NULL
 * @group:    heading, set on the first option below it
 * @help:     what it does; a full sentence or two
 */
struct option_row {
	char letter;
	const char *name;
	const char *arg;
	enum option_kind kind;
	size_t offset;
	const char *complete;
	const char *const *words;
	const char *group;
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t nr_option_rows;

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

#endif /* LUO_DUMP_OPTIONS_H */
