// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "diff_compare.h"
#include "progress.h"
#include "select.h"
#include "util.h"

/* Records of an array that a person is told of. */
#define RECORDS_IN_TEXT 16

/**
 * struct level - a pair of objects that is being compared; or one alone
 * @one, @other: numbers in the two handovers, or NOTHING
 * @told:     it is a record, and something in it was told
 * @hidden:   it is a record, and what is in it is only counted
 * @records:  it is an array: records of it that were told
 * @left_out: and those that were not
 */
struct level {
	struct level *up;
	uint32_t one;
	uint32_t other;
	enum place place;
	bool told;
	bool hidden;
	uint64_t records;
	uint64_t left_out[DIFFERENCE_CHANGED + 1];
};

struct comparer {
	struct side *a;
	struct side *b;
	const struct settings *settings;
	struct diff_view *view;
	struct diff_counts counts;
	struct progress progress;
};

static const struct side *side_of(const struct comparer *c,
				  const struct level *level)
{
	return level->one != NOTHING ? c->a : c->b;
}

static uint32_t number_of(const struct level *level)
{
	return level->one != NOTHING ? level->one : level->other;
}

static const struct object *object_of(const struct comparer *c,
				      const struct level *level)
{
	return &side_of(c, level)->snapshot.objects[number_of(level)];
}

static char *path_of(const struct comparer *c, const struct level *level)
{
	return object_path(&side_of(c, level)->snapshot, number_of(level));
}

static enum place place_in(const struct comparer *c, const struct side *side,
			   uint32_t object)
{
	enum place place;
	char *path;

	if (object == NOTHING)
		return PLACE_OUTSIDE;
	path = object_path(&side->snapshot, object);
	place = place_of(path, c->settings->select);
	free(path);
	return place;
}

/* As either handover has the path: ABIs differ in where they have an array. */
static enum place place_below(struct comparer *c, const struct level *level)
{
	enum place place, other;

	if (!c->settings->select ||
	    (level->up && level->up->place == PLACE_INSIDE))
		return PLACE_INSIDE;
	place = place_in(c, c->a, level->one);
	other = place_in(c, c->b, level->other);
	if (other > place)
		place = other;
	if (place == PLACE_INSIDE)
		c->counts.selected++;
	return place;
}

static uint64_t max_records(const struct comparer *c)
{
	if (c->settings->records)
		return c->settings->records;
	return c->settings->json ? RECORDS_ALL : RECORDS_IN_TEXT;
}

/* True if it is to be told: of each array, that many records are. */
static bool is_told(const struct comparer *c, struct level *level,
		    enum difference kind)
{
	if (!level)
		return true;
	if (level->hidden)
		return false;
	if (!is_told(c, level->up, DIFFERENCE_CHANGED))
		return false;
	if (level->told || !level->up ||
	    object_of(c, level)->index == LUSER_NO_INDEX)
		return true;
	if (level->up->records >= max_records(c)) {
		level->up->left_out[kind]++;
		level->hidden = true;
		return false;
	}
	level->up->records++;
	level->told = true;
	return true;
}

static struct held *held_as(struct told *told, const char *name)
{
	struct held *held = (struct held *)told->held;

	for (size_t i = 0; i < told->nr_held; i++)
		if (!strcmp(held[i].name, name))
			return &held[i];
	held = grow(held, told->nr_held, sizeof(*held));
	held[told->nr_held] = (struct held){ name, 0 };
	told->held = held;
	return &held[told->nr_held++];
}

static void add_held(struct told *told)
{
	const struct snapshot *s = &told->side->snapshot;
	const struct object *object = &s->objects[told->object];

	for (uint32_t i = told->object + 1; i < object->end; i++) {
		if (s->objects[i].pair != NOTHING)
			i = s->objects[i].end - 1;
		else if (s->objects[i].index != LUSER_NO_INDEX)
			held_as(told, name_of(s, s->objects[i].parent))
				->records++;
	}
}

static void tell_alone(struct comparer *c, struct level *level)
{
	struct told told = {
		.kind = level->one != NOTHING ? DIFFERENCE_REMOVED
					      : DIFFERENCE_ADDED,
		.side = side_of(c, level),
		.object = number_of(level),
	};
	char *path;

	c->counts.count[told.kind]++;
	if (!is_told(c, level, told.kind))
		return;
	path = path_of(c, level);
	told.path = path;
	add_held(&told);
	c->view->object(c->view, &told);
	free((void *)told.held);
	free(path);
}

/* What is behind it can only be compared where both have it. */
static bool can_look_inside(const struct comparer *c, const struct level *level)
{
	enum luser_node_kind x = look_of(&c->a->snapshot, level->one)->kind;
	enum luser_node_kind y = look_of(&c->b->snapshot, level->other)->kind;

	return x == y || (!is_closed(x) && !is_closed(y));
}

/* If only one of them has something behind it, what. */
static void add_held_by_one(const struct comparer *c, const struct level *level,
			    struct told *told)
{
	bool second = is_closed(look_of(&c->a->snapshot, level->one)->kind);

	if (can_look_inside(c, level))
		return;
	told->side = second ? c->b : c->a;
	told->object = second ? level->other : level->one;
	add_held(told);
}

static void tell_changed(struct comparer *c, struct level *level,
			 const struct changes *changes)
{
	char *path, *new_path;
	struct told told = { .kind = DIFFERENCE_CHANGED, .changes = changes };

	c->counts.count[told.kind]++;
	if (!is_told(c, level, told.kind))
		return;
	path = object_path(&c->a->snapshot, level->one);
	new_path = object_path(&c->b->snapshot, level->other);
	told.path = path;
	told.new_path = strcmp(path, new_path) ? new_path : NULL;
	add_held_by_one(c, level, &told);
	c->view->object(c->view, &told);
	free((void *)told.held);
	free(new_path);
	free(path);
}

static void show_progress(struct comparer *c, const struct level *level)
{
	if (!c->settings->quiet)
		progress_show(&c->progress,
			      c->a->snapshot.objects[level->one].at,
			      c->a->snapshot.bytes.len);
}

/* True if there is more to tell than that they differ. */
static bool compare_pair(struct comparer *c, struct level *level)
{
	struct changes changes;

	show_progress(c, level);
	if (level->place == PLACE_INSIDE) {
		changes = changes_find(c->a, level->one, c->b, level->other,
				       c->settings->addresses);
		if (changes.any)
			tell_changed(c, level, &changes);
		if (!changes.map.any)
			c->counts.elsewhere += changes.map.added.bytes;
		changes_free(&changes);
	}
	return can_look_inside(c, level);
}

static void compare_level(struct comparer *c, struct level *level);

static void below(struct comparer *c, struct level *up, uint32_t one,
		  uint32_t other)
{
	struct level level = { .up = up, .one = one, .other = other };

	compare_level(c, &level);
}

/* What there is to compare where one root is not to be had. */
static void compare_blobs(struct comparer *c, struct level *root)
{
	const struct snapshot *s = &c->a->snapshot, *t = &c->b->snapshot;
	uint32_t i;

	for (i = next_blob(s, NOTHING); i != NOTHING; i = next_blob(s, i))
		below(c, root, i, s->objects[i].pair);
	for (i = next_blob(t, NOTHING); i != NOTHING; i = next_blob(t, i))
		if (t->objects[i].pair == NOTHING)
			below(c, root, NOTHING, i);
}

static void compare_below(struct comparer *c, struct level *level)
{
	const struct snapshot *s = &c->a->snapshot, *t = &c->b->snapshot;
	uint32_t i;

	if (level->one != NOTHING)
		for (i = next_below(s, level->one, NOTHING); i != NOTHING;
		     i = next_below(s, level->one, i))
			below(c, level, i, s->objects[i].pair);
	if (level->other != NOTHING)
		for (i = next_below(t, level->other, NOTHING); i != NOTHING;
		     i = next_below(t, level->other, i))
			if (t->objects[i].pair == NOTHING)
				below(c, level, NOTHING, i);
}

static void tell_more(const struct comparer *c, const struct level *level)
{
	char *path;

	if (!level->left_out[DIFFERENCE_ADDED] &&
	    !level->left_out[DIFFERENCE_REMOVED] &&
	    !level->left_out[DIFFERENCE_CHANGED])
		return;
	path = path_of(c, level);
	c->view->more(c->view, path, level->left_out);
	free(path);
}

/* Arrays that have pairs elsewhere, as another ABI has them. */
static void compare_arrays(struct comparer *c, struct level *level)
{
	const struct snapshot *s = &c->a->snapshot;

	for (uint32_t i = next_below(s, level->one, NOTHING); i != NOTHING;
	     i = next_below(s, level->one, i)) {
		struct level inner = { .up = level,
				       .one = i,
				       .other = NOTHING,
				       .place = level->place };

		if (s->objects[i].pair != NOTHING)
			below(c, level, i, s->objects[i].pair);
		else if (s->objects[i].index == LUSER_NO_INDEX)
			compare_arrays(c, &inner);
	}
}

static void compare_level(struct comparer *c, struct level *level)
{
	bool both = level->one != NOTHING && level->other != NOTHING;

	level->place = place_below(c, level);
	if (level->place == PLACE_OUTSIDE) {
		if (!both && level->one != NOTHING)
			compare_arrays(c, level);
		return;
	}
	if (both) {
		if (!compare_pair(c, level))
			return;
	} else if (level->place == PLACE_INSIDE) {
		tell_alone(c, level);
		if (level->one != NOTHING)
			compare_arrays(c, level);
		return;
	}
	if (lacks_root(&c->a->snapshot) != lacks_root(&c->b->snapshot) &&
	    !level->up)
		compare_blobs(c, level);
	else
		compare_below(c, level);
	tell_more(c, level);
}

bool is_different(const struct diff_counts *counts)
{
	return counts->count[DIFFERENCE_ADDED] ||
	       counts->count[DIFFERENCE_REMOVED] ||
	       counts->count[DIFFERENCE_CHANGED];
}

bool has_doubts(const struct side *side)
{
	const size_t *count = side->snapshot.handover.findings.count;

	return count[LUSER_ERROR] || count[LUSER_WARNING] || *side->input->cut;
}

struct diff_counts compare(struct side *a, struct side *b,
			   const struct settings *settings,
			   struct diff_view *view)
{
	struct comparer c = {
		.a = a,
		.b = b,
		.settings = settings,
		.view = view,
		.progress = { .what = "comparing" },
	};
	struct level root = {
		.one = a->snapshot.nr ? 0 : NOTHING,
		.other = b->snapshot.nr ? 0 : NOTHING,
	};

	if (a->snapshot.nr || b->snapshot.nr)
		compare_level(&c, &root);
	progress_clear(&c.progress);
	return c.counts;
}
