// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Objects that have memory, as a tree of the parts of their paths. */
#include <stdlib.h>
#include <string.h>

#include "audit_owners.h"
#include "walk_internal.h"

/* Objects and offsets in the texts have 32 bits; one is OWNER_ROOT. */
#define MAX_TEXTS (UINT32_MAX - 1)

static bool is_last(const struct owners *owners, uint32_t parent,
		    const char *text, bool is_record)
{
	const struct owner *last;

	if (!owners->nr)
		return false;
	last = &owners->v[owners->nr - 1];
	return last->parent == parent && last->is_record == is_record &&
	       !strcmp(owners->texts + last->text, text);
}

static bool make_room(struct owners *owners, size_t len)
{
	size_t room = owners->room ? owners->room * 2 : 64;
	struct owner *v = owners->v;
	char *texts = owners->texts;

	if (owners->len + len > MAX_TEXTS)
		return false;
	if (owners->nr == owners->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return false;
		owners->v = v;
		owners->room = room;
	}
	if (owners->len + len <= owners->texts_room)
		return true;
	room = owners->texts_room * 2 + len;
	texts = realloc(texts, room);
	if (!texts)
		return false;
	owners->texts = texts;
	owners->texts_room = room;
	return true;
}

bool owners_add(struct owners *owners, uint32_t parent, const char *text,
		bool is_record, uint32_t *ret)
{
	size_t len = strlen(text) + 1;

	if (!is_last(owners, parent, text, is_record)) {
		if (!make_room(owners, len))
			return false;
		memcpy(owners->texts + owners->len, text, len);
		owners->v[owners->nr++] = (struct owner){
			.parent = parent,
			.text = (uint32_t)owners->len,
			.is_record = is_record,
		};
		owners->len += len;
	}
	*ret = (uint32_t)owners->nr - 1;
	return true;
}

uint32_t owners_group(const struct owners *owners, uint32_t owner)
{
	while (owner != OWNER_ROOT && !owners->v[owner].is_group)
		owner = owners->v[owner].parent;
	return owner;
}

void owners_path(const struct owners *owners, uint32_t owner,
		 struct luser_text *text)
{
	const struct owner *line[WALK_MAX_DEPTH + 1];
	size_t n = 0;

	while (owner != OWNER_ROOT && n < sizeof(line) / sizeof(line[0])) {
		line[n++] = &owners->v[owner];
		owner = owners->v[owner].parent;
	}
	while (n--)
		luser_text_add(text, "%s%s",
			       line[n]->is_record || !text->len ? "" : "/",
			       owners->texts + line[n]->text);
}

void owners_free(struct owners *owners)
{
	free(owners->v);
	free(owners->texts);
}
