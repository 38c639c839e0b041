/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Printing items as a tree. */
#ifndef LUO_DUMP_ITEM_TEXT_H
#define LUO_DUMP_ITEM_TEXT_H

#include <stdio.h>

#include "item.h"
#include "style.h"

/**
 * struct paper - where and how to print
 * @color:   use it
 * @verbose: print what fields mean
 */
struct paper {
	FILE *out;
	bool color;
	bool verbose;
};

void paper_style(const struct paper *paper, enum style style);

/* The style of a finding. */
enum style severity_style(enum luser_severity severity);

/* An item and what is below it, @indent columns from the left. */
void item_print(const struct paper *paper, const struct item *item,
		size_t indent);

#endif /* LUO_DUMP_ITEM_TEXT_H */
