/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What went wrong, as a value.
 *
 * Every libluser function that can fail returns an enum luser_code and, when
 * it is given a struct luser_error, fills it. Nothing is printed, nothing
 * exits, and out-parameters are left alone on failure.
 */
#ifndef LUSER_ERROR_H
#define LUSER_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The codes, grouped by whose fault they are. X(name, text) gives the enum
 * and luser_code_text() from one list.
 */
#define LUSER_CODES(X)                                                        \
	X(OK, "no error")                                                     \
	/* the machine */                                                     \
	X(NOMEM, "out of memory")                                             \
	X(SYSTEM, "system call failed")                                       \
	X(DENIED, "not permitted")                                            \
	/* the caller */                                                      \
	X(ARGUMENT, "bad argument")                                           \
	X(UNSUPPORTED, "not supported by this build")                         \
	X(STOPPED, "stopped by the caller")                                   \
	/* the source of the bytes */                                         \
	X(MISSING, "not there")                                               \
	X(NODATA, "address is not in this memory")                            \
	X(EXCLUDED, "page was left out of the dump")                          \
	X(FORMAT, "not a file of this kind")                                  \
	/* the bytes */                                                       \
	X(INVALID, "content breaks a rule")

enum luser_code {
#define LUSER_CODE_ENUM(name, text) LUSER_##name,
	LUSER_CODES(LUSER_CODE_ENUM)
#undef LUSER_CODE_ENUM
};

/* No physical address belongs to the error. */
#define LUSER_NO_PHYS UINT64_MAX

/**
 * struct luser_error - one failure, for a program and for a person
 * @code:    what kind of failure
 * @errnum:  errno of the failed system call, else 0
 * @phys:    physical address concerned, or LUSER_NO_PHYS
 * @message: one sentence, without a final newline; bytes that came from
 *           memory or a file are already escaped in it
 */
struct luser_error {
	enum luser_code code;
	int errnum;
	uint64_t phys;
	char message[240];
};

/**
 * luser_code_text() - the general meaning of a code
 * @code: any value
 *
 * Return: a static string, never NULL.
 */
const char *luser_code_text(enum luser_code code);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ERROR_H */
