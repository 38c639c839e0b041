/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What differs as one JSON document: luo-dump-diff.schema.json. */
#ifndef LUO_DUMP_DIFF_JSON_H
#define LUO_DUMP_DIFF_JSON_H

#include "diff_compare.h"

/* The caller frees it. */
struct diff_view *diff_json_view(void);

#endif /* LUO_DUMP_DIFF_JSON_H */
