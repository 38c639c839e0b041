// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing a device tree from structs of properties.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "encode_internal.h"
#include "error_internal.h"

/* The first error stays. */
static void note(struct luser_fdt_writer *writer, int error)
{
	if (!writer->error)
		writer->error = error;
}

void luser_fdt_begin(struct luser_fdt_writer *writer, void *buf, size_t len)
{
	*writer = (struct luser_fdt_writer){.fdt = buf};
	note(writer, fdt_create(buf, len < INT32_MAX ? (int)len : INT32_MAX));
	note(writer, fdt_finish_reservemap(buf));
}

static uint32_t property_size(const struct luser_field *field,
			      const uint8_t *at)
{
	uint32_t size = field->size * field->count;
	uint32_t len;

	if (field->kind != LUSER_STRING)
		return size;
	len = (uint32_t)strnlen((const char *)at, size);
	return len < size ? len + 1 : size;
}

void luser_fdt_open(struct luser_fdt_writer *writer, const char *name)
{
	writer->depth++;
	note(writer, fdt_begin_node(writer->fdt, name));
}

void luser_fdt_property(struct luser_fdt_writer *writer, const char *name,
			const void *value, size_t len)
{
	note(writer, len > INT32_MAX ? -FDT_ERR_NOSPACE :
				       fdt_property(writer->fdt, name, value,
						    (int)len));
}

static void add_property(struct luser_fdt_writer *writer,
			 const struct luser_field *field, const uint8_t *values)
{
	const uint8_t *at = values + field->offset;

	luser_fdt_property(writer, field->name, at, property_size(field, at));
}

void luser_fdt_open_node(struct luser_fdt_writer *writer,
			 const struct luser_fdt_node *node, const char *name,
			 const uint8_t *values, uint64_t present)
{
	const struct luser_struct *type = node->properties;
	uint8_t *fixed = malloc(type->size + 1);

	luser_fdt_open(writer, name);
	if (!fixed) {
		note(writer, -FDT_ERR_NOSPACE);
		return;
	}
	memcpy(fixed, values, type->size);
	luser_struct_fix(type, fixed);
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (present >> i & 1)
			add_property(writer, &type->fields[i], fixed);
	free(fixed);
}

void luser_fdt_close_node(struct luser_fdt_writer *writer)
{
	note(writer, fdt_end_node(writer->fdt));
	if (--writer->depth < 0)
		note(writer, -FDT_ERR_BADSTATE);
}

enum luser_code luser_fdt_end(struct luser_fdt_writer *writer, size_t *len,
			      struct luser_error *err)
{
	note(writer, fdt_finish(writer->fdt));
	if (writer->depth)
		note(writer, -FDT_ERR_BADSTATE);
	if (writer->error)
		return luser_fail(err,
				  writer->error == -FDT_ERR_NOSPACE ?
					  LUSER_NOMEM :
					  LUSER_ARGUMENT,
				  LUSER_NO_PHYS, "no device tree: %s",
				  fdt_strerror(writer->error));
	*len = fdt_totalsize(writer->fdt);
	return LUSER_OK;
}
