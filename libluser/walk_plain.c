// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records that lead to no other object, tested all at once. One that does not
 * pass is walked like any other, which says what is wrong with it.
 *
 * There may be millions: which fields can be wrong, and where references lead,
 * is found out once for all.
 */
#include <stdlib.h>

#include <luser/rule_ops.h>

#include "field_value.h"
#include "block_set.h"
#include "walk_internal.h"

/**
 * struct plain_test - a field that can be wrong
 * @loaded:  the array that it refers to, or NULL
 * @tag:     what says which arm it has, NULL if that is another record
 * @tag_offset: where the struct with @tag is
 * @arms:    what is in it: one for each arm, or for the one struct that it is;
 *           NULL where there is nothing
 * @nr_arms: how many
 */
struct plain_test {
	const struct luser_field *field;
	struct walk_loaded *loaded;
	const struct luser_field *tag;
	uint32_t tag_offset;
	struct plain **arms;
	uint16_t nr_arms;
};

struct plain {
	const struct luser_struct *type;
	uint16_t nr_tests;
	struct plain_test tests[];
};

static bool is_plain(const struct luser_struct *type);

static bool field_is_plain(const struct luser_field *field)
{
	bool plain = !field->holds && field->count != LUSER_REST_OF_PAGE;

	if (field->link)
		plain &= field->link->kind == LUSER_TO_INDEX ||
			 field->link->kind == LUSER_TO_RECORD ||
			 (field->link->kind == LUSER_TO_MEMORY &&
			  !field->link->page_table &&
			  !field->link->not_followed);
	if (field->kind == LUSER_STRUCT && plain)
		plain = is_plain(field->type);
	for (uint16_t i = 0; plain && field->choice &&
			     i < field->choice->nr_arms; i++)
		if (field->choice->arms[i].type)
			plain = is_plain(field->choice->arms[i].type);
	return plain;
}

static bool is_plain(const struct luser_struct *type)
{
	bool plain = true;

	for (uint16_t i = 0; plain && i < type->nr_fields; i++)
		plain = field_is_plain(&type->fields[i]);
	return plain;
}

static void drop_arms(struct plain_test *test)
{
	for (uint16_t i = 0; i < test->nr_arms; i++)
		walk_plain_free(test->arms[i]);
	free(test->arms);
}

void walk_plain_free(struct plain *plain)
{
	if (!plain)
		return;
	for (uint16_t i = 0; i < plain->nr_tests; i++)
		drop_arms(&plain->tests[i]);
	free(plain);
}

static struct plain *make(struct walk *w, const struct luser_struct *type);

static bool make_arms(struct walk *w, struct plain_test *test)
{
	const struct luser_choice *choice = test->field->choice;
	uint16_t nr = choice ? choice->nr_arms : 1;

	test->arms = calloc(nr, sizeof(*test->arms));
	if (!test->arms)
		return false;
	for (; test->nr_arms < nr; test->nr_arms++) {
		const struct luser_struct *type =
			choice ? choice->arms[test->nr_arms].type :
				 test->field->type;

		test->arms[test->nr_arms] = type ? make(w, type) : NULL;
		if (type && !test->arms[test->nr_arms])
			return false;
	}
	return true;
}

static bool can_be_wrong(const struct luser_field *field)
{
	return field->link || field->choice || field->kind == LUSER_STRUCT;
}

static bool make_test(struct walk *w, struct plain_test *test,
		      const struct luser_field *field)
{
	test->field = field;
	if (field->choice && !field->choice->via)
		test->tag = field_at_path(field->choice->tag,
					  &test->tag_offset);
	if (!field->link)
		return make_arms(w, test);
	if (field->link->kind != LUSER_TO_MEMORY)
		test->loaded = walk_find(w, field->link);
	return true;
}

static struct plain *make(struct walk *w, const struct luser_struct *type)
{
	struct plain *plain = calloc(1, sizeof(*plain) +
						type->nr_fields *
							sizeof(*plain->tests));

	if (!plain)
		return NULL;
	plain->type = type;
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (can_be_wrong(&type->fields[i]) &&
		    !make_test(w, &plain->tests[plain->nr_tests++],
			       &type->fields[i])) {
			walk_plain_free(plain);
			return NULL;
		}
	return plain;
}

struct plain *walk_plain_new(struct walk *w, const struct luser_struct *type)
{
	struct plain *plain;

	if (!is_plain(type))
		return NULL;
	plain = make(w, type);
	if (!plain)
		w->code = LUSER_NOMEM;
	return plain;
}

static bool memory_sound(struct walk *w, const struct luser_link *link,
			 const uint8_t *at, uint64_t phys,
			 const struct luser_env *env)
{
	uint64_t len;

	if (!phys)
		return !link->when_null;
	len = walk_memory_len(link, at, env);
	return !w->mapped || block_set_have(w->preserved, phys, len ? len : 1);
}

static bool link_sound(struct walk *w, const struct plain_test *test,
		       const uint8_t *at, const struct luser_env *env)
{
	const struct luser_link *link = test->field->link;
	uint64_t value = field_phys(test->field, at, env);

	if (link->kind == LUSER_TO_MEMORY)
		return memory_sound(w, link, at, value, env);
	/* As nearly all are, and it takes no call. */
	if (link->kind == LUSER_TO_INDEX && test->loaded &&
	    luser_slots_live(&test->loaded->slots, value))
		return true;
	return walk_refers(w, test->loaded, link, value);
}

static bool tag_of(const struct walk *w, const struct plain_test *test,
		   const uint8_t *at, uint64_t *tag)
{
	const struct luser_choice *choice = test->field->choice;

	if (choice->in_root)
		at = w->env.root;
	if (!test->tag || !at)
		return false;
	*tag = field_value(test->tag, at + test->tag_offset, 0);
	return true;
}

static bool choice_sound(struct walk *w, const struct plain_test *test,
			 const uint8_t *at, uint64_t len,
			 const struct luser_env *env)
{
	const struct luser_field *field = test->field;
	const struct luser_choice *choice = field->choice;
	uint64_t tag, offset = field->offset, size = field->size;
	const struct luser_arm *arm;
	const struct plain *plain;

	if (!tag_of(w, test, at, &tag))
		return false;
	arm = luser_choose(choice, tag);
	plain = arm ? test->arms[arm - choice->arms] : NULL;
	if (choice->offset) {
		offset = field_value(choice->offset, at, 0);
		size = field_value(choice->size, at, 0);
		if (!luser_section(offset, size, field->offset,
				   plain ? plain->type->size : 0, len))
			return false;
	}
	return !plain || walk_plain_sound(w, plain, at + offset, size, env);
}

static bool nested_sound(struct walk *w, const struct plain_test *test,
			 const uint8_t *at, const struct luser_env *env)
{
	const struct luser_field *field = test->field;
	bool sound = true;

	for (uint32_t i = 0; sound && i < field->count; i++)
		sound = walk_plain_sound(w, test->arms[0],
					 at + field->offset +
						 (size_t)i * field->size,
					 field->size, env);
	return sound;
}

static bool test_sound(struct walk *w, const struct plain_test *test,
		       const uint8_t *at, uint64_t size,
		       const struct luser_env *env)
{
	if (test->field->link)
		return link_sound(w, test, at, env);
	if (test->field->choice)
		return choice_sound(w, test, at, size, env);
	return nested_sound(w, test, at, env);
}

bool walk_plain_sound(struct walk *w, const struct plain *plain,
		      const uint8_t *at, uint64_t size,
		      const struct luser_env *env)
{
	const struct luser_struct *type = plain->type;
	bool sound = size >= type->size &&
		     (!type->broken || !type->broken(at, env));

	for (uint16_t i = 0; sound && i < plain->nr_tests; i++)
		sound = test_sound(w, &plain->tests[i], at, size, env);
	return sound;
}
