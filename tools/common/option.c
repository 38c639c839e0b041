// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi.h>

#include "option.h"
#include "say.h"
#include "util.h"

/* getopt_long()'s result for row i is FIRST_ROW + i. */
#define FIRST_ROW 256

/* Where the text beside an option starts. */
#define COLUMN 24

static bool number_parse(const char *text, uint64_t *to)
{
	char *end;

	errno = 0;
	*to = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static bool count_parse(const char *text, uint64_t *to)
{
	if (!strcmp(text, "all"))
		*to = COUNT_ALL;
	else if (!number_parse(text, to) || !*to)
		return false;
	return true;
}

static bool word_parse(const char *text, const char *const *words, int *to)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(text, words[i])) {
			*to = i;
			return true;
		}
	return false;
}

static void append(struct option_list *list, char letter, const char *arg)
{
	list->v = grow(list->v, list->nr, sizeof(*list->v));
	list->v[list->nr++] = (struct option_given){ letter, arg };
}

static bool take(const struct option_row *row, const char *arg,
		 void *to)
{
	void *member = (char *)to + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return true;
	case OPTION_TEXT:
		*(const char **)member = arg;
		return true;
	case OPTION_NUMBER:
		return number_parse(arg, member);
	case OPTION_COUNT:
		return count_parse(arg, member);
	case OPTION_LIST:
		append(member, row->letter, arg);
		return true;
	default:
		return word_parse(arg, row->words, member);
	}
}

/* getopt_long()'s own tables; it leaves the messages to us. */
static void tables(struct option *options, char *letters)
{
	*letters++ = ':';
	opterr = 0;
	for (size_t i = 0; i < nr_option_rows; i++) {
		const struct option_row *row = &option_rows[i];

		options[i] = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = FIRST_ROW + (int)i,
		};
		if (row->letter)
			*letters++ = row->letter;
		if (row->letter && row->arg)
			*letters++ = ':';
	}
}

static const struct option_row *row_of(int got)
{
	if (got == '?' || got == ':')
		return NULL;
	if (got >= FIRST_ROW)
		return &option_rows[got - FIRST_ROW];
	for (size_t i = 0; i < nr_option_rows; i++)
		if (option_rows[i].letter == got)
			return &option_rows[i];
	return NULL;
}

bool usage(void)
{
	complain("try '%s --help'", program_name);
	return false;
}

/* What getopt_long() found is no option of ours, or is not complete. */
static void complain_of_option(int got, char **argv)
{
	char *text = escaped(argv[optind - 1]);

	if (got == ':')
		complain("%s: a value is missing", text);
	else
		complain("unknown option '%s'", text);
	free(text);
}

static void complain_of_value(const struct option_row *row)
{
	char *text = escaped(optarg);

	complain("--%s: '%s' is not a valid %s", row->name, text, row->arg);
	free(text);
}

int options_parse(int argc, char **argv, void *to)
{
	struct option *options = xcalloc(nr_option_rows + 1, sizeof(*options));
	char *letters = xcalloc(2 * nr_option_rows + 2, 1);
	const struct option_row *row;
	bool good = true;
	int got;

	tables(options, letters);
	while (good &&
	       (got = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		row = row_of(got);
		good = row && take(row, optarg, to);
		if (!row)
			complain_of_option(got, argv);
		else if (!good)
			complain_of_value(row);
	}
	free(letters);
	free(options);
	if (!good)
		usage();
	return good ? optind : -1;
}

static void option_print(const struct option_row *row)
{
	char *names = xprintf("  %c%c%s--%s%s%s", row->letter ? '-' : ' ',
			      row->letter ? row->letter : ' ',
			      row->letter ? ", " : "  ", row->name,
			      row->arg ? "=" : "", row->arg ? row->arg : "");

	if (row->group)
		printf("\n%s:\n", row->group);
	if (strlen(names) < COLUMN - 1)
		printf("%-*s", COLUMN, names);
	else
		printf("%s\n%*s", names, COLUMN, "");
	print_wrapped(stdout, COLUMN, COLUMN, row->help);
	free(names);
}

void options_print(void)
{
	for (size_t i = 0; i < nr_option_rows; i++)
		option_print(&option_rows[i]);
}

bool page_size_is_sane(uint64_t size)
{
	if (size >= 4096 && size <= 65536 && !(size & (size - 1)))
		return true;
	complain("--page-size: a page has 4096, 8192, 16384, 32768 or 65536 "
		 "bytes");
	return usage();
}

static void abi_print(const struct luser_abi *abi)
{
	char *text = xprintf("%s (%s%s%s)", abi->summary, abi->origin,
			     *abi->kernels ? ", Linux " : "", abi->kernels);

	printf("  %-20s  ", abi->id);
	print_wrapped(stdout, COLUMN, COLUMN, text);
	free(text);
}

void abis_print(void)
{
	const struct luser_abi *const *abis;
	size_t count;

	puts("ABIs:");
	abis = luser_abis(&count);
	for (size_t i = 0; i < count; i++)
		abi_print(abis[i]);
}
