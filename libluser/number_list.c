// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Lists of numbers that take little room.
 */
#include <stdlib.h>

#include "number_list.h"

/* Bytes of the longest number. */
#define LONGEST 10

static bool grow(struct number_list *list)
{
	size_t room = list->room ? list->room * 2 : 256;
	uint8_t *bytes = realloc(list->bytes, room);

	if (!bytes)
		return false;
	list->bytes = bytes;
	list->room = room;
	return true;
}

static void put(struct number_list *list, uint64_t left)
{
	for (; left > 127; left >>= 7)
		list->bytes[list->nr++] = (uint8_t)(left | 128);
	list->bytes[list->nr++] = (uint8_t)left;
}

bool number_list_begin_run(struct number_list *list, uint64_t number)
{
	/* What is a little less is near too: the sign goes to the lowest bit. */
	uint64_t step = number - list->last;

	if (list->room - list->nr < 2 * LONGEST && !grow(list))
		return false;
	if (list->nr)
		put(list, list->follow);
	put(list, step << 1 ^ -(step >> 63));
	list->last = number;
	list->follow = 0;
	return true;
}

static uint64_t take(const struct number_list *list, size_t *at)
{
	uint64_t number = 0;
	uint32_t shift = 0;

	do {
		number |= (uint64_t)(list->bytes[*at] & 127) << shift;
		shift += 7;
	} while (list->bytes[(*at)++] & 128);
	return number;
}

bool number_list_next(const struct number_list *list,
		      struct number_list_cursor *cursor)
{
	uint64_t step;

	if (cursor->follow) {
		cursor->follow--;
		cursor->number++;
		return true;
	}
	if (cursor->at == list->nr)
		return false;
	step = take(list, &cursor->at);
	cursor->number += step >> 1 ^ -(step & 1);
	cursor->follow = cursor->at == list->nr ? list->follow :
						  take(list, &cursor->at);
	return true;
}

void number_list_free(struct number_list *list)
{
	free(list->bytes);
	*list = (struct number_list){0};
}
