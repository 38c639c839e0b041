// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "struct_trial.h"

#define UNTOUCHED 0xa5

void *trial_room(size_t len)
{
	void *bytes = calloc(1, len);

	if (!bytes)
		abort();
	return bytes;
}

static void must(bool that, const struct trial *t, const char *what)
{
	if (that)
		return;
	fprintf(stderr, "%s: %s\n", t->decoder->name, what);
	abort();
}

static bool is_untouched(const struct trial *t)
{
	return t->out[0] == UNTOUCHED &&
	       !memcmp(t->out, t->out + 1, t->decoder->size - 1);
}

/* Bytes that no field covers are written as zeros: they may differ. */
static void check_unpacked(struct trial *t, uint64_t tag, bool sound)
{
	const struct decoder *d = t->decoder;

	memset(t->again, UNTOUCHED, d->size);
	d->unpack(t->buf, t->len, tag, t->again);
	must(!sound || !memcmp(t->again, t->out, d->size), t,
	     "unpacks to something else");
	memset(t->packed, 0, t->len);
	d->pack(t->again, t->len, tag, t->packed);
	memset(t->again, UNTOUCHED, d->size);
	d->unpack(t->packed, t->len, tag, t->again);
	must(!sound || !memcmp(t->again, t->out, d->size), t,
	     "packs to something else");
}

enum luser_code trial_decode(struct trial *t, uint64_t tag, bool told)
{
	const struct decoder *d = t->decoder;
	struct luser_error says, why;
	enum luser_code code, other;

	says.message[0] = why.message[0] = '\0';
	memset(t->out, UNTOUCHED, d->size);
	code = d->decode(t->buf, t->len, tag, t->env, t->out,
			 told ? &says : NULL);
	other = luser_struct_explain(d->type(), t->buf, t->len, tag, t->env,
				     told ? &why : NULL);
	must(code == other, t, why.message);
	must(!strcmp(says.message, why.message), t, says.message);
	must(code == LUSER_OK || is_untouched(t), t, "wrote what is unsound");
	must(code == LUSER_OK || code == LUSER_INVALID ||
		     t->len < d->type()->size,
	     t, "is long enough");
	if (t->len >= d->type()->size)
		check_unpacked(t, tag, code == LUSER_OK);
	return code;
}
