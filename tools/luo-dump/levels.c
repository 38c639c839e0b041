// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "levels.h"
#include "say.h"
#include "util.h"

/* Where the text beside a check starts. */
#define COLUMN 24

/* The name without "no-" in front of it; @no tells whether it was there. */
static const char *name_of(const char *arg, bool *no)
{
	*no = !strncmp(arg, "no-", 3);
	return *no ? arg + 3 : arg;
}

static bool is_meant(const struct luser_check *check, const char *name)
{
	return !strcmp(check->name, name) || !strcmp(check->group, name);
}

static bool is_known(const char *name)
{
	size_t count;
	const struct luser_check *checks = luser_checks(&count);

	for (size_t i = 0; i < count; i++)
		if (is_meant(&checks[i], name))
			return true;
	return false;
}

bool levels_known(const struct option_list *levels)
{
	bool no;

	for (size_t i = 0; i < levels->nr; i++) {
		char *text;

		if (is_known(name_of(levels->v[i].arg, &no)))
			continue;
		text = escaped(levels->v[i].arg);
		complain("-%c: there is no check or group '%s'; see "
			 "'luo-dump check --list'",
			 levels->v[i].letter, text);
		free(text);
		return usage();
	}
	return true;
}

bool level_of(const struct option_list *levels, const struct luser_check *check,
	      enum luser_severity *severity)
{
	enum luser_severity own = *severity;
	bool on = true, no;

	for (size_t i = 0; i < levels->nr; i++) {
		const struct option_given *given = &levels->v[i];

		if (!is_meant(check, name_of(given->arg, &no)))
			continue;
		on = !no || given->letter == 'E';
		if (!no)
			*severity = given->letter == 'E' ? LUSER_ERROR
							 : LUSER_WARNING;
		else if (given->letter == 'E')
			*severity = own == LUSER_ERROR ? LUSER_WARNING : own;
	}
	return on;
}

void checks_print(void)
{
	const char *group = "";
	size_t count;
	const struct luser_check *checks = luser_checks(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(group, checks[i].group))
			printf("%s%s\n", i ? "\n" : "", checks[i].group);
		group = checks[i].group;
		printf("  %-*s", COLUMN - 2, checks[i].name);
		print_wrapped(stdout, COLUMN, COLUMN, checks[i].doc);
	}
}
