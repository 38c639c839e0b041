/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which object of one handover is which of the other.
 *
 * Objects are paired from the root down, by what the object above calls them.
 * Records are paired by their label, or else by what the schema says that no
 * two of them share. Those of an array that has neither are paired, as long as
 * some are left, by
 *
 * 1. the records that refer to them, as most of these have it,
 * 2. number and all bytes,
 * 3. what no two share, if that is an address,
 * 4. what they say, without addresses and references,
 * 5. their number.
 *
 * If addresses count, the first of these is the third. Where several have the
 * same key, the first is paired with the first.
 */
#ifndef LUO_DUMP_DIFF_MATCH_H
#define LUO_DUMP_DIFF_MATCH_H

#include "diff_refs.h"
#include "open.h"

/**
 * struct side - one of two handovers
 * @path:  the file that it is in, escaped
 * @input: that file
 */
struct side {
	const char *path;
	const struct input *input;
	struct snapshot snapshot;
	struct refs refs;
};

/**
 * match() - pair the objects of two handovers
 * @a, @b:     with snapshots and refs; @pair of their objects is set
 * @addresses: addresses count
 */
void match(struct side *a, struct side *b, bool addresses);

#endif /* LUO_DUMP_DIFF_MATCH_H */
