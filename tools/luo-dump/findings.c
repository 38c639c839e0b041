// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "findings.h"
#include "util.h"

static const char *const severities[] = {
	[LUSER_NOTE] = "note",
	[LUSER_WARNING] = "warning",
	[LUSER_ERROR] = "error",
};

char *path_text(const struct luser_node *node)
{
	size_t size = luser_path(node, NULL, NULL, 0) + 1;
	char *path = xcalloc(size, 1);

	luser_path(node, NULL, path, size);
	return path;
}

const char *severity_name(enum luser_severity severity)
{
	return severities[severity];
}

char *findings_count_text(const size_t *count)
{
	char *text = NULL;

	for (int i = LUSER_ERROR; i >= LUSER_NOTE; i--) {
		char *more, *one;

		if (!count[i])
			continue;
		one = count_text(count[i], severities[i]);
		more = xprintf("%s%s%s", text ? text : "", text ? ", " : "",
			       one);
		free(one);
		free(text);
		text = more;
	}
	return text ? text : xstrdup("nothing found");
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static struct kept_finding keep(const struct luser_check *check,
				const struct luser_finding *finding, char *path)
{
	return (struct kept_finding){
		.severity = finding->severity,
		.check = check,
		.rule = copy(finding->rule),
		.text = copy(finding->text),
		.path = path,
		.field = copy(finding->name),
		.phys = finding->phys,
		.found = copy(finding->found),
		.expected = copy(finding->expected),
	};
}

bool findings_add(struct findings *findings, const struct luser_check *check,
		  const struct luser_finding *finding, char *path)
{
	if (findings->count[finding->severity]++ >= FINDINGS_KEPT) {
		findings->left_out++;
		free(path);
		return false;
	}
	findings->list =
		grow(findings->list, findings->nr, sizeof(*findings->list));
	findings->list[findings->nr++] = keep(check, finding, path);
	return true;
}

void findings_skip(struct findings *findings, const struct luser_check *check,
		   const struct luser_finding *finding)
{
	findings->skipped = grow(findings->skipped, findings->nr_skipped,
				 sizeof(*findings->skipped));
	findings->skipped[findings->nr_skipped++] = keep(check, finding, NULL);
}

static void free_all(struct kept_finding *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(list[i].rule);
		free(list[i].text);
		free(list[i].path);
		free(list[i].field);
		free(list[i].found);
		free(list[i].expected);
	}
	free(list);
}

void findings_free(struct findings *findings)
{
	free_all(findings->list, findings->nr);
	free_all(findings->skipped, findings->nr_skipped);
}
