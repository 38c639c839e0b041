/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The machine failing on purpose: one call of the operating system, in the ways
 * that it may fail. The program's own calls are not spared, its libraries' are
 * caught as well.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum fault - how a call fails
 *
 * All but the first are of calls that move bytes; other calls then succeed.
 */
enum fault {
	FAULT_FAILS, /* EIO */
	FAULT_ENDS,  /* 0 */
	FAULT_IS_SHORT,
	FAULT_IS_INTERRUPTED,
};
#define FAULTS 4

/* For messages. */
const char *fault_name(enum fault how);

/* The @nr-th call from now on fails, once; 0 ends that. */
void fault_call(enum fault how, size_t nr);

/* Whether it was made. */
bool fault_seen(void);

#endif /* FAULT_H */
