// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "diff_refs.h"
#include "util.h"

bool is_reference(const struct luser_field *field)
{
	return field->link && (field->link->kind == LUSER_TO_RECORD ||
			       field->link->kind == LUSER_TO_INDEX);
}

bool is_address(const struct luser_field *field)
{
	return (field->kind == LUSER_PHYS && !is_reference(field)) ||
	       field->kind == LUSER_POINTER;
}

static void add_ref(struct shape *shape, const struct luser_field *field,
		    size_t offset, uint32_t i)
{
	shape->refs = grow(shape->refs, shape->nr_refs, sizeof(*shape->refs));
	shape->refs[shape->nr_refs++] = (struct ref){ field, offset, i };
}

static void add_fields(struct shape *shape, const struct luser_struct *type,
		       size_t offset);

static void add_field(struct shape *shape, const struct luser_field *field,
		      size_t offset)
{
	for (uint32_t i = 0; i < field->count; i++) {
		if (field->kind == LUSER_STRUCT)
			add_fields(shape, field->type,
				   offset + field->offset +
					   (size_t)i * field->size);
		if (is_reference(field))
			add_ref(shape, field, offset, i);
		if (is_reference(field) || is_address(field))
			luser_field_set(field, shape->state + offset, i, 0);
	}
}

static void add_fields(struct shape *shape, const struct luser_struct *type,
		       size_t offset)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (type->fields[i].count != LUSER_REST_OF_PAGE)
			add_field(shape, &type->fields[i], offset);
}

const struct shape *shape_of(struct refs *refs, const struct luser_struct *type)
{
	struct shape *shape;

	for (size_t i = 0; i < refs->nr_shapes; i++)
		if (refs->shapes[i]->type == type)
			return refs->shapes[i];
	shape = xcalloc(1, sizeof(*shape));
	shape->type = type;
	shape->state = xcalloc(type->size, 1);
	memset(shape->state, 0xff, type->size);
	add_fields(shape, type, 0);
	refs->shapes =
		grow(refs->shapes, refs->nr_shapes, sizeof(*refs->shapes));
	refs->shapes[refs->nr_shapes++] = shape;
	return shape;
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_array(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int look = compare(x->look, y->look);

	return look ? look : compare(x->array, y->array);
}

static int by_index(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int array = compare(x->array, y->array);

	return array ? array : compare(x->index, y->index);
}

static int by_phys(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int look = compare(x->look, y->look);

	return look ? look : compare(x->phys, y->phys);
}

static bool is_referenced(const struct snapshot *snapshot, uint32_t object)
{
	const struct luser_array *array = look_of(snapshot, object)->array;

	return array && array->referenced;
}

static void add_target(struct targets *to, const struct target *target)
{
	to->list = grow(to->list, to->nr, sizeof(*to->list));
	to->list[to->nr++] = *target;
}

static void add_kind(struct refs *refs, uint32_t look)
{
	for (size_t i = 0; i < refs->nr_kinds; i++)
		if (refs->kinds[i] == look)
			return;
	refs->kinds = grow(refs->kinds, refs->nr_kinds, sizeof(*refs->kinds));
	refs->kinds[refs->nr_kinds++] = look;
}

static void add_object(struct refs *refs, uint32_t number)
{
	const struct object *object = &refs->snapshot->objects[number];
	bool is_array = object->index == LUSER_NO_INDEX;
	uint32_t array = is_array ? number : object->parent;
	const struct target target = {
		.look = refs->snapshot->objects[array].look,
		.array = array,
		.object = number,
		.index = object->index,
		.phys = object->phys,
	};

	if (is_array)
		add_kind(refs, target.look);
	add_target(is_array ? &refs->arrays : &refs->by_index, &target);
}

static void sort(struct targets *targets,
		 int (*order)(const void *a, const void *b))
{
	if (targets->nr)
		qsort(targets->list, targets->nr, sizeof(*targets->list),
		      order);
}

void refs_init(struct refs *refs, const struct snapshot *snapshot)
{
	*refs = (struct refs){ .snapshot = snapshot };
	for (uint32_t i = 0; i < snapshot->nr; i++)
		if (is_referenced(snapshot, i))
			add_object(refs, i);
	for (size_t i = 0; i < refs->by_index.nr; i++)
		add_target(&refs->by_phys, &refs->by_index.list[i]);
	sort(&refs->arrays, by_array);
	sort(&refs->by_index, by_index);
	sort(&refs->by_phys, by_phys);
}

void refs_free(struct refs *refs)
{
	for (size_t i = 0; i < refs->nr_shapes; i++) {
		free(refs->shapes[i]->refs);
		free(refs->shapes[i]->state);
		free(refs->shapes[i]);
	}
	free(refs->shapes);
	free(refs->kinds);
	free(refs->arrays.list);
	free(refs->by_index.list);
	free(refs->by_phys.list);
}

bool ref_there(const struct ref *ref, size_t size)
{
	return ref->offset + ref->field->offset +
		       (size_t)(ref->i + 1) * ref->field->size <=
	       size;
}

/* An extension has the arrays of what it extends, under the same names. */
static bool is_of(const struct look *array, const struct luser_link *link)
{
	const struct luser_abi *abi = array->abi;

	if (array->array == link->array)
		return true;
	if (!link->abi_id || !array->array ||
	    strcmp(array->array->name, link->array->name))
		return false;
	while (abi && strcmp(abi->id, link->abi_id))
		abi = abi->extends;
	return abi;
}

static const struct target *find(const struct targets *targets,
				 const struct target *key,
				 int (*order)(const void *a, const void *b))
{
	return targets->nr ? bsearch(key, targets->list, targets->nr,
				     sizeof(*key), order)
			   : NULL;
}

static bool is_kind(const struct refs *refs, size_t i,
		    const struct luser_link *link)
{
	return is_of(&refs->snapshot->looks[refs->kinds[i]], link);
}

static uint32_t find_phys(const struct refs *refs, uint64_t phys,
			  const struct luser_link *link)
{
	const struct target *found = NULL;

	for (size_t i = 0; i < refs->nr_kinds && !found; i++)
		if (is_kind(refs, i, link))
			found = find(&refs->by_phys,
				     &(struct target){ .look = refs->kinds[i],
						       .phys = phys },
				     by_phys);
	return found ? found->object : NOTHING;
}

/* Of arrays that look so, the last one before the object; or NULL. */
static const struct target *last_before(const struct targets *arrays,
					uint32_t look, uint32_t object)
{
	const struct target key = { .look = look, .array = object };
	size_t low = 0, high = arrays->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_array(&arrays->list[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low && arrays->list[low - 1].look == look
		       ? &arrays->list[low - 1]
		       : NULL;
}

/* Of arrays, the last one that the walk had read before the object. */
static uint32_t find_array(const struct refs *refs, uint32_t object,
			   const struct luser_link *link)
{
	uint32_t last = NOTHING;

	for (size_t i = 0; i < refs->nr_kinds; i++) {
		const struct target *found =
			is_kind(refs, i, link)
				? last_before(&refs->arrays, refs->kinds[i],
					      object)
				: NULL;

		if (found && (last == NOTHING || found->array > last))
			last = found->array;
	}
	return last;
}

static uint32_t find_index(const struct refs *refs, uint32_t object,
			   uint64_t index, const struct luser_link *link)
{
	const struct target key = {
		.array = find_array(refs, object, link),
		.index = index,
	};
	const struct target *found = find(&refs->by_index, &key, by_index);

	return found ? found->object : NOTHING;
}

uint32_t ref_target(const struct refs *refs, uint32_t object,
		    const struct luser_field *field, const uint8_t *at,
		    uint32_t i)
{
	const struct luser_link *link = field->link;

	if (link->kind == LUSER_TO_RECORD)
		return find_phys(
			refs, luser_field_phys(field, at, &refs->snapshot->env),
			link);
	return find_index(refs, object, luser_field_get(field, at, i), link);
}
