/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What a schema can say and no ABI needs yet. */
#ifndef ODD_H
#define ODD_H

#include <check.h>

TCase *odd_case(void);

#endif /* ODD_H */
