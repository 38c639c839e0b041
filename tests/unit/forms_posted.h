/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What was posted beside the IOMMUs' state, in each layout.
 */
#ifndef FORMS_POSTED_H
#define FORMS_POSTED_H

#include "form.h"

extern const struct form forms_posted[];
extern const unsigned int nr_forms_posted;

#endif /* FORMS_POSTED_H */
