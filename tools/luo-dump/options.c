// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "say.h"
#include "util.h"

/* getopt_long()'s result for row i is FIRST_ROW + i. */
#define FIRST_ROW 256

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
		*to = RECORDS_ALL;
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

static bool take(const struct option_row *row, const char *arg,
		 struct settings *to)
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

static bool usage(void)
{
	complain("try 'luo-dump --help'");
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

static bool options_parse(int argc, char **argv, struct settings *to)
{
	struct option *options = xcalloc(nr_option_rows + 1, sizeof(*options));
	char *letters = xcalloc(nr_option_rows + 2, 1);
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
	return good || usage();
}

static bool conflict(const char *text)
{
	complain("%s", text);
	return usage();
}

static bool compat_makes_sense(const struct settings *s)
{
	if (!s->compat)
		return !s->to || conflict("--to goes with compat");
	if (!s->to)
		return conflict("compat needs --to, with a kernel image");
	if (s->hex || s->select || s->records != RECORDS_ALL || s->save)
		return conflict("--hex, --select, --records and --save do not "
				"go with compat");
	return true;
}

static bool makes_sense(const struct settings *s)
{
	bool page_size = !s->page_size ||
			 (s->page_size >= 4096 && s->page_size <= 65536 &&
			  !(s->page_size & (s->page_size - 1)));

	if (!page_size)
		return conflict("--page-size: a page has 4096, 8192, 16384, "
				"32768 or 65536 bytes");
	if (s->contents && !s->save)
		return conflict("--contents goes with --save");
	if (s->json && s->hex)
		return conflict("--json and --hex exclude each other");
	return compat_makes_sense(s);
}

bool settings_parse(int argc, char **argv, struct settings *to)
{
	*to = (struct settings){
		.root = NOT_GIVEN,
		.debugfs = "/sys/kernel/debug/kho",
		.boot_params = "/sys/kernel/boot_params/setup_data",
		.kcore = "/proc/kcore",
	};
	/* Like a program of its own, which looks at all that there is. */
	if (argc > 1 && !strcmp(argv[1], "compat")) {
		to->compat = true;
		to->records = RECORDS_ALL;
		argc--;
		argv++;
	}
	if (!options_parse(argc, argv, to))
		return false;
	if (argc - optind > 1) {
		complain("one PATH only, please");
		return usage();
	}
	to->path = argv[optind];
	return to->help || to->version || makes_sense(to);
}
