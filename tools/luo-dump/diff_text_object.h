/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* One object that differs, for a person. */
#ifndef LUO_DUMP_DIFF_TEXT_OBJECT_H
#define LUO_DUMP_DIFF_TEXT_OBJECT_H

#include "diff_compare.h"
#include "item_text.h"

/**
 * struct diff_text - the view
 * @a, @b: the handovers that are being compared
 * @nr:    what was told so far: comparisons, and handovers without one
 */
struct diff_text {
	struct diff_view view;
	const struct settings *settings;
	struct paper paper;
	const struct side *a;
	const struct side *b;
	uint64_t nr;
};

void diff_text_object(const struct diff_text *text, const struct told *told);

#endif /* LUO_DUMP_DIFF_TEXT_OBJECT_H */
