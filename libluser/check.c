// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which rule of a struct does not hold.
 */
#include <inttypes.h>

#include <luser/check.h>
#include <luser/rule_ops.h>
#include <luser/format.h>

#include "error_internal.h"

/* What stays the same from a struct to those in it. */
struct explain {
	const struct luser_env *env;
	struct luser_error *err;
	uint64_t tag;
};

static enum luser_code explain(const struct explain *x,
			       const struct luser_struct *type,
			       const uint8_t *at, size_t len);

/* A rule about a field that the writer did not know says nothing. */
static const struct luser_rule *first_broken(const struct luser_struct *type,
					     uint64_t broken, size_t len)
{
	for (; broken; broken &= broken - 1) {
		const struct luser_rule *rule =
			&type->rules[__builtin_ctzll(broken)];

		if (!rule->field || rule->field->since <= len)
			return rule;
	}
	return NULL;
}

static enum luser_code explain_rules(const struct explain *x,
				     const struct luser_struct *type,
				     const uint8_t *at, size_t len)
{
	const struct luser_rule *rule =
		first_broken(type, type->broken(at, x->env), len);

	if (!rule)
		return LUSER_OK;
	return luser_fail(x->err, LUSER_INVALID, LUSER_NO_PHYS,
			  "%s%s%s: rule %s does not hold: %s", type->name,
			  rule->field ? "." : "",
			  rule->field ? rule->field->name : "", rule->name,
			  rule->that);
}

static uint64_t tag_of(const struct explain *x,
		       const struct luser_choice *choice, const uint8_t *at)
{
	const struct luser_field *const *path = choice->tag;

	if (choice->via || choice->in_root)
		return x->tag;
	for (; path[1]; path++)
		at += path[0]->offset;
	return luser_field_get(path[0], at, 0);
}

static enum luser_code explain_choice(const struct explain *x,
				      const struct luser_struct *type,
				      const struct luser_field *field,
				      const uint8_t *at, size_t len)
{
	const struct luser_choice *choice = field->choice;
	const struct luser_arm *arm = luser_choose(choice,
						   tag_of(x, choice, at));
	uint64_t offset = field->offset, size = field->size;
	uint32_t need = arm && arm->type ? arm->type->size : 0;

	if (choice->offset) {
		offset = luser_field_get(choice->offset, at, 0);
		size = luser_field_get(choice->size, at, 0);
		if (!luser_section(offset, size, field->offset, need, len))
			return luser_fail(x->err, LUSER_INVALID, LUSER_NO_PHYS,
					  "%s.%s: %" PRIu64 " bytes at %" PRIu64
					  " do not lie in the record",
					  type->name, field->name, size,
					  offset);
	}
	if (!need)
		return LUSER_OK;
	return explain(x, arm->type, at + offset, size);
}

static enum luser_code explain_nested(const struct explain *x,
				      const struct luser_field *field,
				      const uint8_t *at)
{
	enum luser_code code = LUSER_OK;

	if (field->count == LUSER_REST_OF_PAGE)
		return LUSER_OK;
	for (uint32_t i = 0; i < field->count && code == LUSER_OK; i++)
		code = explain(x, field->type,
			       at + field->offset + (size_t)i * field->size,
			       field->size);
	return code;
}

static enum luser_code explain(const struct explain *x,
			       const struct luser_struct *type,
			       const uint8_t *at, size_t len)
{
	enum luser_code code = explain_rules(x, type, at, len);

	for (uint16_t i = 0; i < type->nr_fields && code == LUSER_OK; i++) {
		const struct luser_field *field = &type->fields[i];

		if (field->since > len)
			continue;
		if (field->choice)
			code = explain_choice(x, type, field, at, len);
		else if (field->kind == LUSER_STRUCT)
			code = explain_nested(x, field, at);
	}
	return code;
}

enum luser_code luser_struct_explain(const struct luser_struct *type,
				     const void *buf, size_t len, uint64_t tag,
				     const struct luser_env *env,
				     struct luser_error *err)
{
	struct explain x = { .env = env, .err = err, .tag = tag };

	if (len < type->size)
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s has %" PRIu32 " bytes, and there are %zu",
				  type->name, type->size, len);
	return explain(&x, type, buf, len);
}

enum luser_code luser_record_explain(const struct luser_struct *type,
				     const uint8_t *at, uint32_t stride,
				     const struct luser_env *env,
				     struct luser_error *err)
{
	struct explain x = { .env = env, .err = err };

	return explain(&x, type, at, stride);
}
