// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Sealing pages, and unsealing them.
 */
#include <luser/array.h>
#include <luser/encode.h>

#include "encode_internal.h"
#include "error_internal.h"

enum luser_code luser_encode_seal_page(struct luser_image *image,
				       const struct luser_array *array,
				       uint64_t phys, bool sealed,
				       struct luser_error *err)
{
	size_t len = luser_image_page_size(image);
	uint8_t *page = luser_image_at(image, phys, len);
	uint64_t flags;

	if (!page)
		return luser_fail(err, LUSER_NODATA, phys,
				  "a page of %s is not in the image",
				  array->name);
	if (!array->checksum)
		return LUSER_OK;
	flags = luser_field_get(array->sealed, page, 0);
	flags = sealed ? flags | array->sealed_mask :
			 flags & ~array->sealed_mask;
	luser_field_set(array->sealed, page, 0, flags);
	luser_field_set(array->checksum, page, 0,
			sealed ? luser_page_checksum(array, page, len) : 0);
	return LUSER_OK;
}

/* A chain with a loop would be sealed forever: there are max_pages at most. */
static enum luser_code seal_array(struct luser_image *image,
				  const struct luser_array *array,
				  uint64_t phys, bool sealed,
				  struct luser_error *err)
{
	enum luser_code code = LUSER_OK;

	for (uint32_t i = 0; phys && i < array->max_pages; i++) {
		code = luser_encode_seal_page(image, array, phys, sealed, err);
		if (code != LUSER_OK)
			break;
		phys = luser_field_get(
			array->next,
			luser_image_at(image, phys, array->header->size), 0);
	}
	return code;
}

/* The root says where the arrays are, so it must be there before it is read. */
static enum luser_code seal_arrays(struct luser_image *image,
				   const struct luser_abi *abi, uint64_t phys,
				   bool sealed, struct luser_error *err)
{
	const uint8_t *root = luser_image_at(image, phys, abi->root->size);
	enum luser_code code = LUSER_OK;

	if (!root)
		return luser_fail(err, LUSER_NODATA, phys,
				  "the root of %s is not in the image",
				  abi->id);
	for (uint16_t i = 0; code == LUSER_OK && i < abi->root->nr_fields;
	     i++) {
		const struct luser_field *field = &abi->root->fields[i];

		if (field->link && field->link->kind == LUSER_TO_ARRAY &&
		    field->link->array->checksum)
			code = seal_array(image, field->link->array,
					  luser_field_get(field, root, 0),
					  sealed, err);
	}
	return code;
}

enum luser_code luser_encode_seal(struct luser_image *image,
				  const struct luser_abi *abi, uint64_t phys,
				  bool sealed, struct luser_error *err)
{
	const struct luser_array *array = abi->root_array;
	enum luser_code code = LUSER_OK;

	if (array && array->checksum)
		code = seal_array(image, array, phys, sealed, err);
	if (code != LUSER_OK)
		return code;
	return seal_arrays(image, abi, phys + (array ? array->header->size : 0),
			   sealed, err);
}
