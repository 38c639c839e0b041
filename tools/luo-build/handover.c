// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "build.h"

#define BASE UINT64_C(0x100000000)
#define SIZE (UINT64_C(256) << 20)

static void make_image(struct build *b, const yaml_node_t *top,
		       uint32_t page_size)
{
	uint64_t size = page_size ? page_size :
				    number_or(b->doc, top, "page-size", 4096);
	struct luser_error err;

	check_at(b->doc, top,
		 luser_image_new(number_or(b->doc, top, "base", BASE),
				 number_or(b->doc, top, "size", SIZE),
				 size <= UINT32_MAX ? (uint32_t)size : 0,
				 &b->image, &err),
		 &err);
	b->page_size = luser_image_page_size(b->image);
	b->doc->page_size = b->page_size;
	b->page_shift = (uint32_t)__builtin_ctz(b->page_size);
	luser_image_scatter(b->image, number_or(b->doc, top, "scatter", 0));
}

static bool preserves_listed(const struct document *doc,
			     const yaml_node_t *value)
{
	if (!value || is_scalar(value, "all"))
		return false;
	if (!is_scalar(value, "listed"))
		fail_at(doc, value, "all is preserved, or what is listed");
	return true;
}

struct luser_image *build_handover(struct document *doc, uint32_t page_size,
				   uint64_t *root)
{
	static const char *const keys[] = {
		"page-size", "base", "size",   "scatter", "role",
		"preserved", "preserve", "root", "damage", NULL,
	};
	const yaml_node_t *top = document_top(doc);
	struct build b = {.doc = doc};

	only_keys(doc, top, keys);
	make_image(&b, top, page_size);
	preserve_placed(&b, lookup(doc, top, "preserved"));
	reserve_places(&b, required(doc, top, "root"));
	preserve_others(&b, lookup(doc, top, "preserved"));
	if (preserves_listed(doc, lookup(doc, top, "preserve")))
		luser_image_preserve_no_more(b.image);
	*root = build_blob(&b, required(doc, top, "root")).phys;
	do_damage(&b, *root, lookup(doc, top, "damage"));
	free_properties(&b);
	free(b.names);
	return b.image;
}
