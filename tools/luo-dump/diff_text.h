/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What differs, for a person. */
#ifndef LUO_DUMP_DIFF_TEXT_H
#define LUO_DUMP_DIFF_TEXT_H

#include "diff_compare.h"

/* The caller frees it. */
struct diff_view *diff_text_view(const struct settings *settings);

#endif /* LUO_DUMP_DIFF_TEXT_H */
