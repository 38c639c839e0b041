/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the descriptors of all ABIs ask for, each of which can be taken out.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>

#include <luser/abi.h>

/**
 * struct descriptor - one thing that a descriptor asks for
 * @name:   ABI, what has the descriptor, and what it asks for
 * @rules:  which findings it leads to, each between spaces; NULL: any
 * @who:    what the object has to do with that they are about; NULL: any
 * @abi:    whose descriptor it is
 * @object: the descriptor
 * @size:   its bytes
 * @other:  those without it
 * @audit:  it is an audit that tells, not the walk
 * @seen:   the dump has something of its ABI
 * @broken: this walk has such a finding
 * @killed: that it was taken out was noticed
 */
struct descriptor {
	char name[120];
	const char *rules;
	const void *who;
	const struct luser_abi *abi;
	void *object;
	size_t size;
	void *other;
	bool audit;
	bool seen;
	bool broken;
	bool killed;
};

/* All of them; freed by descriptors_free(). */
struct descriptor *descriptors_list(size_t *nr);

void descriptors_free(struct descriptor *list, size_t nr);

/* Takes it out; the next call puts it back. */
void descriptor_switch(const struct descriptor *descriptor);

#endif /* DESCRIPTORS_H */
