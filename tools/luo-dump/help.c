// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi.h>

#include "help.h"
#include "options.h"
#include "util.h"

#define COLUMN 24

static const char introduction[] =
	"usage: luo-dump [OPTION...] [PATH]\n"
	"       luo-dump compat --to=KERNEL [OPTION...] [PATH]\n"
	"\n"
	"Shows what one Linux kernel hands to the next in a live update,\n"
	"and what is wrong with it.\n"
	"\n"
	"PATH is a kho directory of debugfs or a copy of one, a dump of\n"
	"memory (ELF or compressed), a raw image of memory, /proc/kcore, or\n"
	"- for standard input. Without PATH it is the live machine.\n"
	"\n"
	"With compat it says whether a kernel would accept what is handed over,\n"
	"and what it would do with the rest.\n";

static const char status[] =
	"\n"
	"Exit status: 0 nothing is wrong, 1 something is wrong with the\n"
	"memory (see the findings), 2 wrong usage, or nothing could be read.\n"
	"With compat: 0 it would accept all, 1 it would not, 2 as above, 3 it\n"
	"cannot be told.\n";

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

void help_print(void)
{
	fputs(introduction, stdout);
	for (size_t i = 0; i < nr_option_rows; i++)
		option_print(&option_rows[i]);
	fputs(status, stdout);
}

static void abi_print(const struct luser_abi *abi)
{
	char *text = xprintf("%s (%s%s%s)", abi->summary, abi->origin,
			     *abi->kernels ? ", Linux " : "", abi->kernels);

	printf("  %-20s  ", abi->id);
	print_wrapped(stdout, COLUMN, COLUMN, text);
	free(text);
}

#ifdef LUSER_HAVE_KDUMPFILE
#define COMPRESSED "yes, through libkdumpfile"
#else
#define COMPRESSED "no, built without libkdumpfile"
#endif

void version_print(void)
{
	const struct luser_abi *const *abis;
	size_t count;

	printf("luo-dump %s\n\n"
	       "features:\n  %-20s  %s\n\n"
	       "ABIs:\n", LUSER_VERSION, "compressed dumps", COMPRESSED);
	abis = luser_abis(&count);
	for (size_t i = 0; i < count; i++)
		abi_print(abis[i]);
}
