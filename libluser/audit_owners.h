/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Objects that have memory, as a tree of the parts of their paths: a million
 * records have the beginning of their paths in common.
 */
#ifndef LUSER_AUDIT_OWNERS_H
#define LUSER_AUDIT_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* The root, whose path is empty. */
#define OWNER_ROOT UINT32_MAX

/**
 * struct owner - one object
 * @parent:    the one above
 * @text:      where its part of the path is among the texts
 * @is_record: which needs no slash before it
 * @is_group:  what it leads to belongs together
 */
struct owner {
	uint32_t parent;
	uint32_t text;
	bool is_record;
	bool is_group;
};

struct owners {
	struct owner *v;
	size_t nr;
	size_t room;
	char *texts;
	size_t len;
	size_t texts_room;
};

/**
 * owners_add() - an object below another one
 * @text:      its part of the path, NUL-terminated
 * @is_record: it is one
 * @ret:       receives it; the last one again if that is the same
 *
 * Return: false without memory.
 */
bool owners_add(struct owners *owners, uint32_t parent, const char *text,
		bool is_record, uint32_t *ret);

/* The innermost group that it is, or is in; OWNER_ROOT if it is in none. */
uint32_t owners_group(const struct owners *owners, uint32_t owner);

/* Add its path to a text. */
void owners_path(const struct owners *owners, uint32_t owner,
		 struct luser_text *text);

void owners_free(struct owners *owners);

#endif /* LUSER_AUDIT_OWNERS_H */
