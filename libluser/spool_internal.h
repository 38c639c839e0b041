/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Temporary files that have no name. */
#ifndef LUSER_SPOOL_INTERNAL_H
#define LUSER_SPOOL_INTERNAL_H

#include <luser/error.h>

/**
 * luser_spool_open() - an unlinked file in TMPDIR, else in /var/tmp
 * @ret: its descriptor
 */
enum luser_code luser_spool_open(int *ret, struct luser_error *err);

#endif /* LUSER_SPOOL_INTERNAL_H */
