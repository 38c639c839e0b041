// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The generated decoder of each struct, and what the descriptors say of it. */
#include <stdlib.h>
#include <string.h>

#include "fuzzer.h"
#include "record.h"
#include "struct_trial.h"

#define MAX_DECODERS 512
/* Only structs that fill a page are longer: their ends are zeros. */
#define MAX_LEN 512

/* What is decoded has room as long as the program runs. */
static struct trial trials[MAX_DECODERS];
static size_t nr_decoders;

static void make_rooms(void)
{
	for (const struct decoder *d = decoders; d->name; d++) {
		if (nr_decoders == MAX_DECODERS)
			abort();
		trials[nr_decoders++] = (struct trial){
			.decoder = d,
			.out = trial_room(d->size),
			.again = trial_room(d->size),
		};
	}
}

static size_t length_of(const struct decoder *d, size_t given)
{
	size_t size = d->type()->size;

	return size > MAX_LEN ? size : given;
}

static void decode(const struct record_head *head, const uint8_t *bytes,
		   size_t given)
{
	struct trial *t = &trials[head->decoder % nr_decoders];
	struct luser_env env = {
		.page_shift = 12 + head->page_size % 5,
		.root = head->flags & RECORD_ROOTLESS ? NULL : head->root,
		.root_size = RECORD_ROOT,
	};

	env.page_size = UINT64_C(1) << env.page_shift;
	t->env = &env;
	t->len = length_of(t->decoder, given);
	t->buf = trial_room(t->len);
	t->packed = trial_room(t->len);
	memcpy(t->buf, bytes, given);
	trial_decode(t, t->decoder->tagged ? head->flags & RECORD_TAG : 0,
		     (head->flags & RECORD_TOLD) == RECORD_TOLD);
	free(t->buf);
	free(t->packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_head head;
	size_t len;

	if (!nr_decoders)
		make_rooms();
	if (size <= sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	len = size - sizeof(head);
	decode(&head, data + sizeof(head), len < MAX_LEN ? len : MAX_LEN);
	return 0;
}
