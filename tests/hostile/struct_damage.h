/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Damage to the bytes of one struct.
 */
#ifndef STRUCT_DAMAGE_H
#define STRUCT_DAMAGE_H

#include <luser/abi.h>

/**
 * struct damaged - a struct that is being damaged
 * @type: its fields, of which it may have fewer
 * @at:   its bytes; in the end they are as they were
 * @len:  how many
 * @try:  called each time that they are others
 * @ctx:  for @try
 */
struct damaged {
	const struct luser_struct *type;
	uint8_t *at;
	size_t len;
	void (*try)(void *ctx);
	void *ctx;
};

/* Each byte, and stretches of zeros, ones or text without an end. */
void damage_bytes(const struct damaged *d);

/* Two fields at a time, for rules that look at two. */
void damage_pairs(const struct damaged *d);

#endif /* STRUCT_DAMAGE_H */
