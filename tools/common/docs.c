// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Runs while a program is built: prints its option table as a section of the
 * manual page (reStructuredText), or as completion for bash; and the table of
 * checks as a section of the manual page.
 */
#include <stdio.h>
#include <string.h>

#include <luser/audit.h>

#include "option.h"

static void man_option(const struct option_row *row)
{
	if (row->group)
		printf("\n**%s**\n", row->group);
	putchar('\n');
	if (row->letter)
		printf("-%c, ", row->letter);
	printf("--%s%s%s\n\t%s\n", row->name, row->arg ? "=" : "",
	       row->arg ? row->arg : "", row->help);
}

static void man(void)
{
	for (size_t i = 0; i < nr_option_rows; i++)
		man_option(&option_rows[i]);
}

static void checks(void)
{
	const char *group = "";
	size_t count;
	const struct luser_check *list = luser_checks(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(group, list[i].group))
			printf("\n**%s**\n", list[i].group);
		group = list[i].group;
		printf("\n%s\n\t%s\n", list[i].name, list[i].doc);
	}
}

static void check_names(void)
{
	const char *group = "";
	size_t count;
	const struct luser_check *list = luser_checks(&count);

	printf("\t\tCOMPREPLY=($(compgen -W $'");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(group, list[i].group))
			printf("%s\\nno-%s\\n", list[i].group, list[i].group);
		group = list[i].group;
		printf("%s\\nno-%s%s", list[i].name, list[i].name,
		       i + 1 < count ? "\\n" : "");
	}
	printf("' -- \"$word\"))\n");
}

static void words(const char *const *list)
{
	printf("\t\tCOMPREPLY=($(compgen -W $'");
	for (; *list; list++)
		printf("%s%s", *list, list[1] ? "\\n" : "");
	printf("' -- \"$word\"))\n");
}

static void argument(const struct option_row *row)
{
	printf("\t--%s)\n", row->name);
	if (row->words)
		words(row->words);
	else if (row->complete && *row->complete == 'c')
		check_names();
	else if (row->complete)
		printf("\t\tCOMPREPLY=($(compgen -%c -- \"$word\"))\n",
		       *row->complete == 'd' ? 'd' : 'f');
	puts("\t\treturn\n\t\t;;");
}

/* A shell function's name has no hyphens. */
static void function_name(char *to, size_t len)
{
	snprintf(to, len, "%s", program_name);
	for (; *to; to++)
		if (*to == '-')
			*to = '_';
}

static void commands(void)
{
	puts("\t\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	     "\t\t\tCOMPREPLY+=($(compgen -W '");
	for (const char *const *one = program_commands; *one; one++)
		puts(*one);
	puts("' -- \"$word\"))\n"
	     "\t\tfi");
}

static void bash(void)
{
	char name[64];

	function_name(name, sizeof(name));
	printf("# bash completion for %s, made from its option table\n"
	       "_%s()\n", program_name, name);
	puts("{\n"
	     "\tlocal IFS=$'\\n'\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	     "\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n\n"
	     "\t# bash splits --option=value at the equals sign\n"
	     "\tif [ \"$word\" = = ]; then\n"
	     "\t\tword=\n"
	     "\telif [ \"$before\" = = ]; then\n"
	     "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	     "\tfi\n"
	     "\tcase $before in");
	for (size_t i = 0; i < nr_option_rows; i++)
		if (option_rows[i].arg)
			argument(&option_rows[i]);
	puts("\tesac\n"
	     "\tcase $word in\n"
	     "\t-*)\n"
	     "\t\tCOMPREPLY=($(compgen -W '");
	for (size_t i = 0; i < nr_option_rows; i++) {
		if (option_rows[i].letter)
			printf("-%c\n", option_rows[i].letter);
		printf("--%s\n", option_rows[i].name);
	}
	puts("' -- \"$word\"))\n"
	     "\t\t;;\n"
	     "\t*)\n"
	     "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))");
	if (*program_commands)
		commands();
	puts("\t\t;;\n"
	     "\tesac\n"
	     "}");
	printf("complete -o filenames -F _%s %s\n", name, program_name);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "man"))
		man();
	else if (argc == 2 && !strcmp(argv[1], "bash"))
		bash();
	else if (argc == 2 && !strcmp(argv[1], "checks"))
		checks();
	else
		return 2;
	return ferror(stdout) ? 1 : 0;
}
