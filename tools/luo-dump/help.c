// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>

#include "help.h"
#include "options.h"

static const char introduction[] =
	"usage: luo-dump [OPTION...] [PATH]\n"
	"       luo-dump check [OPTION...] [PATH]\n"
	"       luo-dump compat --to=KERNEL [OPTION...] [PATH]\n"
	"       luo-dump diff [OPTION...] [PATH [PATH]]\n"
	"\n"
	"Shows what one Linux kernel hands to the next in a live update,\n"
	"and what is wrong with it.\n"
	"\n"
	"PATH is a kho directory of debugfs or a copy of one, a dump of\n"
	"memory (ELF or compressed), a raw image of memory, /proc/kcore, or\n"
	"- for standard input. Without PATH it is the live machine.\n"
	"\n"
	"With check it looks at the handover as a whole, and shows only what\n"
	"is wrong: whose the preserved memory is, and whether it is where it\n"
	"can be.\n"
	"\n"
	"With compat it says whether a kernel would accept what is handed\n"
	"over, and what it would do with the rest.\n"
	"\n"
	"With diff it says what differs between two handovers: of one PATH\n"
	"the incoming and the outgoing one, of two PATHs those of each kind.\n";

static const char status[] =
	"\n"
	"Exit status: 0 nothing is wrong, 1 something is wrong with the\n"
	"memory (see the findings), 2 wrong usage, or nothing could be read.\n"
	"With compat: 0 it would accept all, 1 it would not, 2 as above, 3 it\n"
	"cannot be told.\n"
	"With diff: 0 they are the same, 1 they differ, 2 as above.\n";

void help_print(void)
{
	fputs(introduction, stdout);
	options_print();
	fputs(status, stdout);
}

#ifdef LUSER_HAVE_KDUMPFILE
#define COMPRESSED "yes, through libkdumpfile"
#else
#define COMPRESSED "no, built without libkdumpfile"
#endif

void version_print(void)
{
	printf("luo-dump %s\n\n"
	       "features:\n  %-20s  %s\n\n",
	       LUSER_VERSION, "compressed dumps", COMPRESSED);
	abis_print();
}
