/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Fields of a record, named by paths. */
#ifndef LUSER_CONVERT_PATH_H
#define LUSER_CONVERT_PATH_H

#include <luser/abi.h>
#include <luser/image.h>

/**
 * struct luser_place - where a path leads in a record
 * @field: the field
 * @at:    bytes of the struct that it is in
 * @mask:  the flag, or 0 for the whole field
 */
struct luser_place {
	const struct luser_field *field;
	uint8_t *at;
	uint64_t mask;
};

/**
 * luser_place_find() - follow a path
 * @image: where references lead; NULL follows arms that are not chosen too
 * @type:  the record's struct
 * @at:    its bytes
 * @size:  how many: it may be shorter than the struct, or longer
 * @path:  names with dots
 * @place: receives where it leads
 *
 * Return: LUSER_OK, LUSER_NODATA (the record has no such field, or not such an
 * arm), LUSER_INVALID (the arm's section does not lie in the record).
 */
enum luser_code luser_place_find(struct luser_image *image,
				 const struct luser_struct *type, uint8_t *at,
				 uint64_t size, const char *path,
				 struct luser_place *place);

/* Whether there is anything but zero in it. */
bool luser_place_used(const struct luser_place *place);
uint64_t luser_place_get(const struct luser_place *place);
void luser_place_set(const struct luser_place *place, uint64_t value);

#endif /* LUSER_CONVERT_PATH_H */
