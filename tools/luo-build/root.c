// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/convert.h>
#include <luser/le.h>

#include "build.h"
#include "say.h"
#include "util.h"

static const struct luser_abi *abi_at(struct build *b, const yaml_node_t *value)
{
	const char *id = scalar_text(b->doc, value);
	const struct luser_abi *const *abis;
	size_t count;

	abis = luser_abis(&count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(abis[i]->id, id))
			return abis[i];
	fail_at(b->doc, value, "no ABI '%s': luo-build --version lists them",
		id);
}

static const struct records *records_of(const struct scope *scope,
					const struct luser_array *array)
{
	for (size_t i = scope->nr_records; i--;)
		if (scope->records[i].array == array)
			return &scope->records[i];
	return NULL;
}

static void resolve(struct build *b, const struct reference *reference)
{
	const struct luser_array *array = reference->field->link->array;
	const struct records *records = records_of(b->scope, array);

	if (!records || reference->index >= records->nr ||
	    !records->phys[reference->index])
		fail_at(b->doc, reference->node,
			"%s has no record %" PRIu64 "; {$phys: N} gives any "
			"address", array->name, reference->index);
	luser_field_set(reference->field, reference->at, 0,
			records->phys[reference->index]);
}

void end_scope(struct build *b)
{
	struct scope *scope = b->scope;

	for (size_t i = 0; i < scope->nr_references; i++)
		resolve(b, &scope->references[i]);
	for (size_t i = 0; i < scope->nr_records; i++)
		free(scope->records[i].phys);
	free(scope->records);
	free(scope->references);
	b->scope = scope->outer;
}

static void put_header(struct build *b, const struct luser_abi *abi,
		       const struct luser_encoded_root *root,
		       const yaml_node_t *value)
{
	const yaml_node_t *header = lookup(b->doc, value, "$header");

	if (!header)
		return;
	if (!root->header)
		fail_at(b->doc, header, "%s has no header", abi->id);
	put_struct(b, abi->root_array->header, root->header,
		   abi->root_array->header->size, header);
}

static void seal(struct build *b, const struct luser_abi *abi, uint64_t phys,
		 const yaml_node_t *value)
{
	bool sealed = truth_or(b->doc, value, "$sealed", true);
	struct luser_error err;

	check_at(b->doc, value,
		 luser_encode_seal(b->image, abi, phys, sealed, &err), &err);
}

static struct luser_encoded_root encode_root(struct build *b,
					     const struct luser_abi *abi,
					     const yaml_node_t *value,
					     uint64_t room)
{
	struct luser_encoded_root root = {0};
	struct luser_error err;
	enum luser_code code;

	place(b, value);
	code = room ? luser_encode_with_room(b->image, abi->root, room,
					     &root.phys, &root.at, &err) :
		      luser_encode_root(b->image, abi, &root, &err);
	check_at(b->doc, value, code, &err);
	return root;
}

/* Values are lost in many records at once: each field is told once. */
struct losses {
	const char *told[64];
	size_t nr;
};

static void tell_lost(void *ctx, const struct luser_abi *abi,
		      const struct luser_array *array, const char *field,
		      uint64_t index)
{
	struct losses *losses = ctx;

	for (size_t i = 0; i < losses->nr; i++)
		if (losses->told[i] == field)
			return;
	if (losses->nr < ARRAY_SIZE(losses->told))
		losses->told[losses->nr++] = field;
	complain("note: %s/%s: %s is lost, first in record %" PRIu64, abi->id,
		 array->name, field, index);
}

static struct blob end_root(struct build *b, const struct luser_abi *abi,
			    const struct luser_encoded_root *root,
			    uint64_t room, const yaml_node_t *value);

/* The same state in another ABI. */
static struct blob convert(struct build *b, const struct luser_abi *from,
			   uint64_t phys, const yaml_node_t *value)
{
	const struct luser_abi *to =
		abi_at(b, required(b->doc, value, "$abi"));
	struct scope scope = {.outer = b->scope};
	struct luser_encoded_root root;
	struct losses losses = {0};
	struct luser_error err;

	if (!to->root)
		fail_at(b->doc, value, "%s has no root of its own", to->id);
	root = encode_root(b, to, value, 0);
	scope.header = root.header;
	b->scope = &scope;
	put_header(b, to, &root, value);
	check_at(b->doc, value,
		 luser_convert(b->image, from, phys, to, &root, tell_lost,
			       &losses, &err),
		 &err);
	put_struct(b, to->root, root.at, to->root->size, value);
	end_scope(b);
	return end_root(b, to, &root, 0, value);
}

/* The root is complete: what is it to be? */
static struct blob end_root(struct build *b, const struct luser_abi *abi,
			    const struct luser_encoded_root *root,
			    uint64_t room, const yaml_node_t *value)
{
	const yaml_node_t *to = lookup(b->doc, value, "$convert-to");

	if (to)
		return convert(b, abi, root->phys, to);
	seal(b, abi, root->phys, value);
	return (struct blob){
		.phys = root->phys,
		.size = root->header ? b->page_size : abi->root->size + room,
		.key = abi->key,
	};
}

static struct blob build_root(struct build *b, const struct luser_abi *abi,
			      const yaml_node_t *value)
{
	uint64_t room = room_behind(b, abi->root, value);
	struct luser_encoded_root root = encode_root(b, abi, value, room);
	struct scope scope = {.outer = b->scope};

	scope.header = root.header;
	b->scope = &scope;
	put_header(b, abi, &root, value);
	put_struct(b, abi->root, root.at, abi->root->size, value);
	end_scope(b);
	put_header(b, abi, &root, value);
	put_behind(b, abi->root, root.at);
	return end_root(b, abi, &root, room, value);
}

/* What is an address elsewhere is the state itself. */
static struct blob build_handle(struct build *b, const struct luser_abi *abi,
				const yaml_node_t *value)
{
	uint8_t bytes[8] = {0};

	if (abi->root->size > sizeof(bytes))
		fail_at(b->doc, value, "%s does not fit in a number", abi->id);
	luser_struct_init(abi->root, bytes);
	put_struct(b, abi->root, bytes, abi->root->size, value);
	return (struct blob){.phys = luser_le64(bytes), .key = abi->key};
}

static struct blob build_abi(struct build *b, const struct luser_abi *abi,
			     const yaml_node_t *value)
{
	if (abi->carrier == LUSER_CARRIER_FDT)
		return build_fdt(b, abi, value);
	if (abi->carrier == LUSER_CARRIER_HANDLE)
		return build_handle(b, abi, value);
	if (!abi->root)
		fail_at(b->doc, value, "%s has no root of its own", abi->id);
	return build_root(b, abi, value);
}

struct blob build_blob(struct build *b, const yaml_node_t *value)
{
	const yaml_node_t *id = lookup(b->doc, value, "$abi");

	if (++b->depth > MAX_DEPTH)
		fail_at(b->doc, value, "nested too deep");
	struct blob blob = id ? build_abi(b, abi_at(b, id), value) :
				build_bytes(b, value);

	b->depth--;
	return blob;
}
