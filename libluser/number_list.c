// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lists of numbers that take little room.
 */
#include <stdlib.h>

#include "number_list.h"

bool number_list_grow(struct number_list *list)
{
	size_t room = list->room ? list->room * 2 : 256;
	uint8_t *bytes = realloc(list->bytes, room);

	if (!bytes)
		return false;
	list->bytes = bytes;
	list->room = room;
	return true;
}

bool number_list_next(const struct number_list *list, size_t *at, uint64_t *last)
{
	uint64_t left = 0;
	uint32_t shift = 0;

	if (*at == list->nr)
		return false;
	do {
		left |= (uint64_t)(list->bytes[*at] & 127) << shift;
		shift += 7;
	} while (list->bytes[(*at)++] & 128);
	*last += left >> 1 ^ -(left & 1);
	return true;
}

void number_list_free(struct number_list *list)
{
	free(list->bytes);
	*list = (struct number_list){0};
}
