/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The options of a program. One table feeds the parser, --help, the manual page
 * and the shell completion.
 */
#ifndef TOOLS_OPTION_H
#define TOOLS_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What OPTION_COUNT makes of "all". */
#define COUNT_ALL UINT64_MAX

enum option_kind {
	OPTION_FLAG,   /* sets a bool */
	OPTION_TEXT,   /* sets a string */
	OPTION_NUMBER, /* sets a uint64_t, in any base that C has */
	OPTION_COUNT,  /* sets a uint64_t of at least 1, or "all" */
	OPTION_WORD,   /* sets an int to the word's position */
	OPTION_LIST,   /* appends to a struct option_list */
};

/**
 * struct option_list - what options that may be given again were given
 * @v:  the options' letters and arguments, in the order of the command line
 * @nr: how many
 *
 * Options that share one list are kept in their common order.
 */
struct option_list {
	struct option_given {
		char letter;
		const char *arg;
	} *v;
	size_t nr;
};

/**
 * struct option_row - one option
 * @letter:   short form, or 0
 * @name:     long form
 * @arg:      what its argument is called, or NULL
 * @kind:     how the argument is taken
 * @offset:   of the member of the program's settings that it sets
 * @complete: what the shell offers: "file", "directory", "words", "checks" or
 *            NULL
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

/* Each program has these. */
extern const char program_name[];
extern const char *const program_commands[]; /* first words; ends by NULL */
extern const struct option_row option_rows[];
extern const size_t nr_option_rows;

/**
 * options_parse() - read the options of a command line
 * @argc, @argv: as main() has them
 * @to:          the program's settings
 *
 * What is wrong is said on standard error.
 *
 * Return: index of the first argument that is no option, or -1.
 */
int options_parse(int argc, char **argv, void *to);

/* "try '... --help'" on standard error. Return: false. */
bool usage(void);

/* The options, for --help. */
void options_print(void);

/* Whether a page can have this size; what is wrong is said. */
bool page_size_is_sane(uint64_t size);

/* The ABIs that are compiled in, for --version. */
void abis_print(void);

#endif /* TOOLS_OPTION_H */
