// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "levels.h"
#include "options.h"
#include "say.h"

static bool conflict(const char *text)
{
	complain("%s", text);
	return usage();
}

static bool compat_makes_sense(const struct settings *s)
{
	if (!s->compat)
		return (!s->to && !s->from) ||
		       conflict("--to and --from go with compat");
	if (!s->to)
		return conflict("compat needs --to, with a kernel image");
	if (s->hex || s->select || s->records != RECORDS_ALL || s->save)
		return conflict("--hex, --select, --records and --save do not "
				"go with compat");
	return true;
}

static bool describe_makes_sense(const struct settings *s)
{
	if (s->describe && (s->json || s->hex || s->verbose || s->select ||
			    s->records || s->compat))
		return conflict("--describe goes with no other way to show it, "
				"and shows all");
	return true;
}

static bool check_makes_sense(const struct settings *s)
{
	if (!s->check)
		return (!s->levels.nr && !s->list) ||
		       conflict("--warn, --error and --list go with check");
	if (s->hex || s->select || s->records || s->describe || s->verbose)
		return conflict("--hex, --select, --records, --describe and "
				"--verbose do not go with check");
	return levels_known(&s->levels);
}

static bool makes_sense(const struct settings *s)
{
	if (s->page_size && !page_size_is_sane(s->page_size))
		return false;
	if (s->contents && !s->save)
		return conflict("--contents goes with --save");
	if (s->json && s->hex)
		return conflict("--json and --hex exclude each other");
	return describe_makes_sense(s) && compat_makes_sense(s) &&
	       check_makes_sense(s);
}

bool settings_parse(int argc, char **argv, struct settings *to)
{
	int first;

	*to = (struct settings){
		.root = NOT_GIVEN,
		.debugfs = "/sys/kernel/debug/kho",
		.boot_params = "/sys/kernel/boot_params/setup_data",
		.device_tree = "/sys/firmware/fdt",
		.kcore = "/proc/kcore",
	};
	/* Like a program of its own, which looks at all that there is. */
	if (argc > 1 && !strcmp(argv[1], "compat")) {
		to->compat = true;
		to->records = RECORDS_ALL;
		argc--;
		argv++;
	}
	if (argc > 1 && !strcmp(argv[1], "check")) {
		to->check = true;
		argc--;
		argv++;
	}
	first = options_parse(argc, argv, to);
	if (first < 0)
		return false;
	if (argc - first > 1)
		return conflict("one PATH only, please");
	to->path = argv[first];
	if (to->help || to->version)
		return true;
	if (!makes_sense(to))
		return false;
	if (to->describe)
		to->records = RECORDS_ALL;
	return true;
}
