/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The answer of compat for a person. */
#ifndef LUO_DUMP_COMPAT_TEXT_H
#define LUO_DUMP_COMPAT_TEXT_H

#include "compat_objects.h"
#include "dump.h"
#include "item_text.h"
#include "kernel.h"

/* "yes", "unknown" or "no": what the worst verdict means for all. */
const char *answer_of(enum verdict worst);

/* What JSON and a person are told: "accepted", "refused", ... */
const char *verdict_name(enum verdict verdict);

void compat_text_kernel(const struct paper *paper, const struct kernel *kernel);

void compat_text_handover(const struct paper *paper,
			  const struct handover *handover,
			  const struct objects *objects);

/* @count: objects by verdict, in all handovers */
void compat_text_end(const struct paper *paper, enum verdict worst,
		     const size_t *count);

#endif /* LUO_DUMP_COMPAT_TEXT_H */
