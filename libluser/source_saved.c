// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "source_internal.h"
enum luser_code luser_source_saved(struct luser_mem *mem,
				   struct luser_source **ret,
				   struct luser_error *err)
{
	(void)mem; (void)ret; (void)err;
	return LUSER_MISSING;
}
