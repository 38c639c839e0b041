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
	if (s->hex || s->iova || s->select || s->records != RECORDS_ALL ||
	    s->save)
		return conflict("--hex, --iova, --select, --records and "
				"--save do not go with compat");
	return true;
}

static bool describe_makes_sense(const struct settings *s)
{
	if (s->describe && (s->json || s->hex || s->iova || s->verbose ||
			    s->select || s->records || s->compat))
		return conflict("--describe goes with no other way to show it, "
				"and shows all");
	return true;
}

static bool check_makes_sense(const struct settings *s)
{
	if (!s->check)
		return (!s->levels.nr && !s->list) ||
		       conflict("--warn, --error and --list go with check");
	if (s->hex || s->iova || s->select || s->records || s->describe ||
	    s->verbose)
		return conflict("--hex, --iova, --select, --records, --describe "
				"and --verbose do not go with check");
	return levels_known(&s->levels);
}

static bool has_diff_option(const struct settings *s)
{
	return s->first || s->second || s->second_memory ||
	       s->second_base != NOT_GIVEN || s->addresses;
}

static bool is_standard_input(const char *path)
{
	return path && !strcmp(path, "-");
}

static bool diff_makes_sense(const struct settings *s)
{
	if (!s->diff)
		return !has_diff_option(s) ||
		       conflict("--first, --second, --second-memory, "
				"--second-base and --addresses go with diff");
	if (s->hex || s->iova || s->describe || s->save || s->root != NOT_GIVEN)
		return conflict("--hex, --iova, --describe, --save and --root "
				"do not go with diff; --first and --second take "
				"the address of a root");
	if ((s->in || s->out) && (s->first || s->second || !s->second_path))
		return conflict("--in and --out are for both of two PATHs, "
				"without --first and --second");
	if (is_standard_input(s->path) &&
	    (!s->second_path || is_standard_input(s->second_path)))
		return conflict("standard input can be read once: only one of "
				"two PATHs can be -");
	return true;
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
	       check_makes_sense(s) && diff_makes_sense(s);
}

/* Like a program of its own: then the program's name goes. */
static bool is_command(int argc, char **argv, const char *name)
{
	return argc > 1 && !strcmp(argv[1], name);
}

static bool take_paths(int nr, char **paths, struct settings *to)
{
	if (nr > 2 || (nr > 1 && !to->diff))
		return conflict(to->diff ? "two PATHs at most, please" :
					   "one PATH only, please");
	to->path = nr ? paths[0] : NULL;
	to->second_path = nr > 1 ? paths[1] : NULL;
	return true;
}

bool settings_parse(int argc, char **argv, struct settings *to)
{
	int first;

	*to = (struct settings){
		.root = NOT_GIVEN,
		.second_base = NOT_GIVEN,
		.debugfs = "/sys/kernel/debug/kho",
		.boot_params = "/sys/kernel/boot_params/setup_data",
		.device_tree = "/sys/firmware/fdt",
		.kcore = "/proc/kcore",
	};
	to->check = is_command(argc, argv, "check");
	to->compat = is_command(argc, argv, "compat");
	to->diff = is_command(argc, argv, "diff");
	if (to->compat)
		to->records = RECORDS_ALL;
	if (to->check || to->compat || to->diff) {
		argc--;
		argv++;
	}
	first = options_parse(argc, argv, to);
	if (first < 0)
		return false;
	if (!take_paths(argc - first, argv + first, to))
		return false;
	if (to->help || to->version)
		return true;
	if (!makes_sense(to))
		return false;
	if (to->describe)
		to->records = RECORDS_ALL;
	return true;
}
