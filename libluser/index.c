// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A table of numbers by number.
 */
#include <stdbool.h>
#include <stdlib.h>

#include <luser/index.h>

#include "draw.h"

#define FIRST_ROOM 64

/*
 * So few keys get more room than they need: what is looked up again and again
 * is then where the search begins, and no jump is foreseen wrongly.
 */
#define FEW 4096

/* More than any memory has room for. */
#define MAX_ROOM (UINT64_C(1) << 32)

static bool grow(struct luser_index *index, uint64_t room)
{
	struct luser_index larger = {
		.room = room,
		.nr = index->nr,
		.factor = index->factor ? index->factor : luser_draw() | 1,
	};

	if (room > MAX_ROOM)
		return false;
	larger.entries = calloc(room, sizeof(*larger.entries));
	if (!larger.entries)
		return false;
	for (uint64_t i = 0; i < index->room; i++)
		if (index->entries[i].value)
			*luser_index_search(&larger, index->entries[i].key) =
				index->entries[i];
	free(index->entries);
	*index = larger;
	return true;
}

enum luser_code luser_index_reserve(struct luser_index *index, uint64_t nr)
{
	uint64_t room = index->room ? index->room : FIRST_ROOM;
	uint64_t share = nr <= FEW ? 8 : 2;

	while (room / share < nr && room <= MAX_ROOM)
		room *= 2;
	return room == index->room || grow(index, room) ? LUSER_OK :
							  LUSER_NOMEM;
}

void luser_index_free(struct luser_index *index)
{
	free(index->entries);
	*index = (struct luser_index){0};
}
