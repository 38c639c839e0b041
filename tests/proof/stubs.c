// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What is said of a failure is not looked at: it is any text.
 */
#include "__fc_builtin.h"

#include "error_internal.h"

enum luser_code luser_fail(struct luser_error *err, enum luser_code code,
			   uint64_t phys, const char *fmt, ...)
{
	(void)fmt;
	if (err) {
		err->code = code;
		err->errnum = 0;
		err->phys = phys;
		Frama_C_make_unknown(err->message, sizeof(err->message));
	}
	return code;
}

enum luser_code luser_fail_nomem(struct luser_error *err)
{
	return luser_fail(err, LUSER_NOMEM, LUSER_NO_PHYS, "no memory");
}
