/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Blobs: bytes that some ABI describes.
 */
#ifndef LUSER_WALK_BLOB_H
#define LUSER_WALK_BLOB_H

#include "walk_internal.h"

/**
 * struct blob - bytes that some ABI describes
 * @registry: the family of ABIs
 * @key:      its name there, escaped
 * @node:     a node for it, complete once the ABI is known
 * @bytes:    aligned copy
 * @size:     how many
 * @sized:    something says how many there are; else they are as many as any
 *            ABI of the name looks at
 */
struct blob {
	struct walk *w;
	const char *registry;
	const char *key;
	struct luser_node node;
	uint8_t *bytes;
	size_t size;
	bool sized;
};

/* walk_blob.c: decode a blob by an ABI that it may be */
void blob_walk(struct walk *w, const struct blob *blob,
	       const struct luser_abi *abi);

/**
 * struct judged - the ABIs that a blob may be
 * @abi:  the one to show, NULL if there is none
 * @all:  those that were weighed, by rank; NULL if only one came into question
 * @nr:   how many
 */
struct judged {
	const struct luser_abi *abi;
	struct luser_candidate *all;
	size_t nr;
};

/* walk_judge.c: which ABI a blob is; @ret->all is to be freed */
void blob_judge(struct blob *blob, struct judged *ret);

/* All that name and first bytes leave open, by rank; false without memory. */
bool blob_candidates(const struct blob *blob, struct judged *ret);

/* Whether @a is more likely than @b to be what is there. */
bool blob_is_better(const struct luser_candidate *a,
		    const struct luser_candidate *b);

/*
 * walk_dry.c: how the blob fares as @candidate's ABI. What is read is not
 * taken, what is found out is forgotten. Ends after about @limit bytes.
 */
void blob_dry_walk(struct blob *blob, struct luser_candidate *candidate,
		   uint64_t limit);

/* walk_page_size.c: the page size with which the root fares best */
uint32_t walk_page_size(struct walk *w);

#endif /* LUSER_WALK_BLOB_H */
