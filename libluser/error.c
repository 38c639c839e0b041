// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <luser/format.h>

#include "error_internal.h"

const char *luser_code_text(enum luser_code code)
{
	static const char *const text[] = {
#define LUSER_CODE_TEXT(name, text) [LUSER_##name] = text,
		LUSER_CODES(LUSER_CODE_TEXT)
#undef LUSER_CODE_TEXT
	};
	size_t i = (size_t)code;

	return i < sizeof(text) / sizeof(text[0]) ? text[i] : "unknown error";
}

static void fill(struct luser_error *err, enum luser_code code, int errnum,
		 uint64_t phys, const char *text)
{
	err->code = code;
	err->errnum = errnum;
	err->phys = phys;
	luser_escape(text, strlen(text), err->message, sizeof(err->message));
}

enum luser_code luser_fail(struct luser_error *err, enum luser_code code,
			   uint64_t phys, const char *fmt, ...)
{
	char text[sizeof(err->message)];
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fill(err, code, 0, phys, text);
	return code;
}

static enum luser_code code_of_errno(int errnum)
{
	switch (errnum) {
	case EPERM:
	case EACCES:
		return LUSER_DENIED;
	case ENOENT:
		return LUSER_MISSING;
	case ENOMEM:
		return LUSER_NOMEM;
	default:
		return LUSER_SYSTEM;
	}
}

static const char *hint(enum luser_code code)
{
	return code == LUSER_DENIED ?
		       ": it needs root, for /proc/kcore CAP_SYS_RAWIO and no lockdown (see /sys/kernel/security/lockdown)" :
		       "";
}

enum luser_code luser_fail_errno(struct luser_error *err, int errnum,
				 const char *fmt, ...)
{
	enum luser_code code = code_of_errno(errnum);
	char what[sizeof(err->message) / 2]; /* leaves room for the reason */
	char text[sizeof(err->message)];
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(text, sizeof(text), "%s: %s%s", what, strerror(errnum),
		 hint(code));
	fill(err, code, errnum, LUSER_NO_PHYS, text);
	return code;
}

enum luser_code luser_fail_nomem(struct luser_error *err)
{
	return luser_fail_errno(err, ENOMEM, "no memory left");
}
