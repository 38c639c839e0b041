// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "select.h"
#include "util.h"

static bool is_below(const char *path, const char *above)
{
	size_t len = strlen(above);

	if (strncmp(path, above, len))
		return false;
	return !len || !path[len] || path[len] == '/' || path[len] == '[';
}

enum place place_of(const char *path, const char *selected)
{
	if (!selected || is_below(path, selected))
		return PLACE_INSIDE;
	return is_below(selected, path) ? PLACE_ABOVE : PLACE_OUTSIDE;
}

void complain_not_selected(const char *path)
{
	char *text = escaped(path);

	complain("no object has the path '%s'", text);
	free(text);
}
