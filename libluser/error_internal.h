/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* How the library reports a failure. */
#ifndef LUSER_ERROR_INTERNAL_H
#define LUSER_ERROR_INTERNAL_H

#include <stddef.h>

#include <luser/error.h>

#define LUSER_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/**
 * luser_fail() - fill an error and return its code
 * @err:  may be NULL
 * @code: what kind of failure
 * @phys: address concerned, or LUSER_NO_PHYS
 * @fmt:  one sentence, no newline; whatever is printed is escaped
 */
enum luser_code luser_fail(struct luser_error *err, enum luser_code code,
			   uint64_t phys, const char *fmt, ...)
	LUSER_PRINTF(4, 5);

/**
 * luser_fail_errno() - the same for a failed system call
 * @err:    may be NULL
 * @errnum: its errno, which decides the code
 * @fmt:    what was tried: "cannot open x"; the reason is added
 */
enum luser_code luser_fail_errno(struct luser_error *err, int errnum,
				 const char *fmt, ...) LUSER_PRINTF(3, 4);

/** luser_fail_nomem() - out of memory */
enum luser_code luser_fail_nomem(struct luser_error *err);

#endif /* LUSER_ERROR_INTERNAL_H */
