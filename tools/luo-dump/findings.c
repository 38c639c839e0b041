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

bool findings_add(struct findings *findings,
		  const struct luser_finding *finding, char *path)
{
	if (findings->count[finding->severity]++ >= FINDINGS_KEPT) {
		findings->left_out++;
		free(path);
		return false;
	}
	findings->list = grow(findings->list, findings->nr,
			      sizeof(*findings->list));
	findings->list[findings->nr++] = (struct kept_finding){
		.severity = finding->severity,
		.rule = copy(finding->rule),
		.text = copy(finding->text),
		.path = path,
		.field = finding->field ? finding->field->name : NULL,
		.phys = finding->phys,
		.found = copy(finding->found),
		.expected = copy(finding->expected),
	};
	return true;
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->nr; i++) {
		struct kept_finding *one = &findings->list[i];

		free(one->rule);
		free(one->text);
		free(one->path);
		free(one->found);
		free(one->expected);
	}
	free(findings->list);
}
