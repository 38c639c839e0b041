// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A kernel's checks and libluser agree on what is sound. */
#include "agree.h"
#include "target.h"

const struct focus target_focus = {.abi = "", .sealed = true};

static void judge(struct replay *r)
{
	struct agree agree;

	if (!agree_begin(&agree, r))
		return;
	agree_now(&agree, "raw");
	flat_seal(r);
	agree_now(&agree, "sealed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flat_input in;
	struct replay r;

	if (!flat_parse(&in, data, size) || !flat_take(&r, &in))
		return 0;
	judge(&r);
	replay_close(&r);
	return 0;
}
