// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdbool.h>
#include <string.h>

#include "select.h"

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
