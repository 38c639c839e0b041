// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "flat.h"

/* More is not memory that one machine would have handed over. */
#define MAX_SPAN (UINT64_C(1) << 30)

bool flat_parse(struct flat_input *in, const uint8_t *data, size_t size)
{
	if (size < sizeof(in->flat))
		return false;
	memcpy(&in->flat, data, sizeof(in->flat));
	if (memcmp(in->flat.magic, FLAT_MAGIC, sizeof(in->flat.magic)) ||
	    (in->flat.page_shift != 12 && in->flat.page_shift != 14 &&
	     in->flat.page_shift != 16))
		return false;
	in->page_size = 1u << in->flat.page_shift;
	in->pages = data + sizeof(in->flat);
	in->nr = (size - sizeof(in->flat)) / (8 + in->page_size);
	return in->nr;
}

static const uint8_t *page_of(const struct flat_input *in, size_t i,
			      uint64_t *phys)
{
	const uint8_t *at = in->pages + i * (8 + in->page_size);

	memcpy(phys, at, sizeof(*phys));
	return at + sizeof(*phys);
}

bool flat_load(struct replay *r, const struct flat_input *in)
{
	uint64_t first = UINT64_MAX, last = 0, phys;

	for (size_t i = 0; i < in->nr; i++) {
		page_of(in, i, &phys);
		first = phys < first ? phys : first;
		last = phys > last ? phys : last;
	}
	if (last - first > MAX_SPAN || last > UINT64_MAX - in->page_size)
		return false;
	replay_room(r, first, last - first + in->page_size, in->page_size);
	for (size_t i = 0; i < in->nr; i++) {
		const uint8_t *page = page_of(in, i, &phys);

		memcpy(replay_at(r, phys), page, in->page_size);
	}
	replay_start(r, in->flat.root);
	return true;
}

bool flat_take(struct replay *r, const struct flat_input *in)
{
	if (!flat_load(r, in))
		return false;
	replay_from(r, in->flat.root);
	return true;
}

void flat_seal(const struct replay *r)
{
	for (size_t i = 0; i < r->nr_sealed; i++)
		replay_seal(r, &r->sealed[i]);
}

void flat_put_back(const struct replay *r, const struct flat_input *in,
		   uint8_t *data)
{
	for (size_t i = 0; i < in->nr; i++) {
		uint64_t phys;
		const uint8_t *page = page_of(in, i, &phys);

		memcpy(data + (page - data), replay_at(r, phys),
		       in->page_size);
	}
}
