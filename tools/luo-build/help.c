// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>

#include "help.h"
#include "option.h"

static const char introduction[] =
	"usage: luo-build [OPTION...] --output=FILE DESCRIPTION\n"
	"\n"
	"Makes the memory that one Linux kernel would hand to the next in a\n"
	"live update, sound or damaged, from a description in YAML, or from\n"
	"- for standard input. 'luo-dump --describe' writes that of a dump;\n"
	"'man luo-build' says what can be in it.\n";

static const char status[] =
	"\n"
	"Exit status: 0 the file was made, 2 it was not.\n";

void help_print(void)
{
	fputs(introduction, stdout);
	options_print();
	fputs(status, stdout);
}

void version_print(void)
{
	printf("luo-build %s\n\n", LUSER_VERSION);
	abis_print();
}
