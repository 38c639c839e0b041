// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "options.h"
#include "say.h"

bool settings_parse(int argc, char **argv, struct settings *to)
{
	int first;

	*to = (struct settings){0};
	first = options_parse(argc, argv, to);
	if (first < 0)
		return false;
	if (to->help || to->version)
		return true;
	if (to->page_size && !page_size_is_sane(to->page_size))
		return false;
	if (argc - first != 1 || !to->output) {
		complain("one DESCRIPTION and --output, please");
		return usage();
	}
	to->path = argv[first];
	return true;
}
