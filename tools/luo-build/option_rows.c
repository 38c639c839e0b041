// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The table of all options. */
#include "options.h"
#include "util.h"

#define SETS(member) .offset = offsetof(struct settings, member)

const char program_name[] = "luo-build";

const char *const program_commands[] = {NULL};

const struct option_row option_rows[] = {
	{
		.letter = 'o', .name = "output", .arg = "FILE",
		.kind = OPTION_TEXT, SETS(output), .complete = "file",
		.group = "What to make",
		.help = "The file to make, or to write over.",
	},
	{
		.name = "capture", SETS(capture),
		.help = "Make the small dump that 'luo-dump --save' would make "
			"of it: what is read, and which handover it is. "
			"Without it, an ELF dump of all memory that has "
			"content. FILE must not exist.",
	},
	{
		.name = "page-size", .arg = "BYTES", .kind = OPTION_NUMBER,
		SETS(page_size),
		.help = "Page size of the kernel that would have written it, in "
			"place of what the description says.",
	},
	{
		.letter = 'h', .name = "help", SETS(help), .group = "Help",
		.help = "Print this text.",
	},
	{
		.letter = 'V', .name = "version", SETS(version),
		.help = "Print the version, and every ABI that can be built.",
	},
};

const size_t nr_option_rows = ARRAY_SIZE(option_rows);
