// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What the schemas know of roots: which are ones, and which handover's. */
#include <ctype.h>
#include <libfdt.h>
#include <string.h>

#include <luser/abi.h>
#include <luser/fdt.h>
#include <luser/le.h>

#include "mem_internal.h"
#include "source_internal.h"
#include "walk_internal.h"

#define MAX_BLOB_ROOT 4096

/* Bytes in front of the number that ends a name: 5 in "kho-v12". */
static size_t stem(const char *name)
{
	size_t len = strlen(name);

	while (len && isdigit((unsigned char)name[len - 1]))
		len--;
	return len;
}

static bool same_but_number(const char *a, const char *b)
{
	size_t len = stem(a);

	return a[len] && b[len] && len == stem(b) && !memcmp(a, b, len);
}

bool luser_source_is_root(const char *compatible)
{
	const struct luser_abi *abi = NULL;

	while ((abi = luser_abi_next(LUSER_ROOT_REGISTRY, NULL, abi)))
		if (!strcmp(abi->key, compatible) ||
		    (strlen(compatible) >= stem(abi->key) &&
		     same_but_number(abi->key, compatible)))
			return true;
	return false;
}

/* What a root is made of, or the properties of its node; NULL if too much. */
static const struct luser_struct *root_type(const struct luser_abi *abi)
{
	if (abi->carrier == LUSER_CARRIER_FDT)
		return abi->root_node->properties;
	if (abi->carrier != LUSER_CARRIER_MEMORY || !abi->root ||
	    abi->root_array || abi->root->size > MAX_BLOB_ROOT)
		return NULL;
	return abi->root;
}

static const struct luser_field *counting_field(const struct luser_abi *abi)
{
	const struct luser_struct *type = root_type(abi);
	uint16_t i;

	for (i = 0; type && i < type->nr_fields; i++)
		if (type->fields[i].generation)
			return &type->fields[i];
	return NULL;
}

static bool is_identified(const struct luser_abi *abi, const uint8_t *at)
{
	const struct luser_field *field = abi->identity;

	if (!field)
		return true;
	if (!abi->identity_string)
		return luser_field_get(field, at, 0) == abi->identity_number;
	return strnlen((const char *)at + field->offset, field->count *
		       field->size) == strlen(abi->identity_string) &&
	       !memcmp(at + field->offset, abi->identity_string,
		       strlen(abi->identity_string));
}

static bool fetch_fdt(struct luser_mem *mem, uint64_t phys, uint8_t *bytes)
{
	struct fdt_header head;
	uint32_t len;

	if (luser_mem_search(mem, phys, &head, sizeof(head), NULL) != LUSER_OK)
		return false;
	len = fdt32_ld(&head.totalsize);
	return len <= MAX_BLOB_ROOT &&
	       luser_mem_search(mem, phys, bytes, len, NULL) == LUSER_OK &&
	       luser_fdt_check(bytes, len, NULL) == LUSER_OK;
}

static bool read_property(struct luser_mem *mem, const struct luser_abi *abi,
			  uint64_t phys, uint64_t *value)
{
	const struct luser_field *field = counting_field(abi);
	uint8_t bytes[MAX_BLOB_ROOT] __attribute__((aligned(8)));
	const uint8_t *number;
	int len;

	if (!fetch_fdt(mem, phys, bytes) ||
	    !walk_fdt_identity(abi, bytes, fdt_totalsize(bytes)))
		return false;
	number = fdt_getprop(bytes, 0, field->name, &len);
	if (!number || len != 8)
		return false;
	*value = luser_le64(number);
	return true;
}

static bool read_number(struct luser_mem *mem, const struct luser_abi *abi,
			uint64_t phys, uint64_t *value)
{
	const struct luser_field *field = counting_field(abi);
	uint8_t bytes[MAX_BLOB_ROOT];

	if (!field)
		return false;
	if (abi->carrier == LUSER_CARRIER_FDT)
		return read_property(mem, abi, phys, value);
	if (luser_mem_search(mem, phys, bytes, abi->root->size, NULL) !=
		    LUSER_OK || !is_identified(abi, bytes))
		return false;
	*value = luser_field_get(field, bytes, 0);
	return true;
}

/* The property of a subnode that leads to its blob, told by its name. */
static const struct luser_field *blob_field(const struct luser_abi *root,
					    const char *name)
{
	const struct luser_struct *type;
	uint16_t i;

	for (i = 0; i < root->root_node->nr_children; i++) {
		const struct luser_fdt_child *child;

		child = &root->root_node->children[i];
		if (!child->name || !strcmp(child->name, name))
			break;
	}
	if (i == root->root_node->nr_children)
		return NULL;
	type = root->root_node->children[i].node->properties;
	for (i = 0; i < type->nr_fields; i++)
		if (type->fields[i].link &&
		    type->fields[i].link->kind == LUSER_TO_DISPATCH)
			return &type->fields[i];
	return NULL;
}

/**
 * struct count - the best number so far
 * @stays: its ABI's memory is not given back at the boot
 */
struct count {
	const char *counter;
	uint64_t value;
	bool stays;
};

static void try_blob(struct luser_mem *mem, const char *registry,
		     const char *key, uint64_t phys, struct count *best)
{
	const struct luser_abi *abi = NULL;
	uint64_t value;

	while ((abi = luser_abi_next(registry, key, abi))) {
		if (best->counter && (best->stays || abi->freed))
			continue;
		if (read_number(mem, abi, phys, &value))
			*best = (struct count){
				.counter = abi->name,
				.value = value,
				.stays = !abi->freed,
			};
	}
}

static void try_subnode(struct luser_mem *mem, const void *fdt, int node,
			const struct luser_abi *root, struct count *best)
{
	const char *name = fdt_get_name(fdt, node, NULL);
	const struct luser_field *field;
	const uint8_t *value;
	int len;

	field = name ? blob_field(root, name) : NULL;
	if (!field)
		return;
	value = fdt_getprop(fdt, node, field->name, &len);
	if (value && len == 8)
		try_blob(mem, field->link->dispatch->registry, name,
			 luser_le64(value), best);
}

bool luser_source_generation(struct luser_mem *mem, const void *fdt,
			     const char **counter, uint64_t *value)
{
	const char *compatible = fdt_getprop(fdt, 0, "compatible", NULL);
	struct count best = { .counter = NULL };
	const struct luser_abi *root;
	int node;

	root = luser_abi_next(LUSER_ROOT_REGISTRY, compatible, NULL);
	if (!root || !root->root_node)
		return false;
	fdt_for_each_subnode(node, fdt, 0)
		try_subnode(mem, fdt, node, root, &best);
	if (!best.counter)
		return false;
	*counter = best.counter;
	*value = best.value;
	return true;
}
