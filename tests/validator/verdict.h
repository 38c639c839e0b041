/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Whether a kernel's checks and the library agree on which records are sound */
#ifndef VERDICT_H
#define VERDICT_H

#include "checked.h"
#include "told.h"

/**
 * verdict_differs() - compare what both said of the same memory
 * @c:    what the kernel's checks made of it
 * @told: what the library told
 * @why:  receives the first difference, for a person
 * @len:  size of @why
 *
 * Return: whether there is one.
 */
bool verdict_differs(const struct checked *c, const struct told *told,
		     char *why, size_t len);

#endif /* VERDICT_H */
