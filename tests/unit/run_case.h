/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* How each test program here ends. */
#ifndef RUN_CASE_H
#define RUN_CASE_H

#include <check.h>

/**
 * run_case() - run the tests of one program
 * @name: what it tests
 * @tc:   the tests; they may take as long as they need
 *
 * Return: the exit status.
 */
int run_case(const char *name, TCase *tc);

#endif /* RUN_CASE_H */
