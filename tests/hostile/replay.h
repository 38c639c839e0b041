/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A dump held in one buffer, to be damaged and walked again and again.
 *
 * Whatever must hold on any input is tested on each walk; the program ends if
 * it does not.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <luser/walk.h>

/**
 * struct verdict - what a walk said
 * @sum:    over severity, rule, path and address of all findings, in order,
 *          and which layouts were chosen
 * @nr:     findings by severity
 * @rule:   of the first error, else of the first warning, else empty
 */
struct verdict {
	uint64_t sum;
	size_t nr[LUSER_ERROR + 1];
	char rule[40];
};

/**
 * struct sealed_page - a page that a checksum covers
 */
struct sealed_page {
	uint64_t phys;
	const struct luser_array *array;
};

/**
 * struct struct_place - a struct that the walk shows
 */
struct struct_place {
	uint64_t phys;
	size_t size;
	const struct luser_struct *type;
};

/**
 * struct replay - a dump, and what a walk of it as it is reads
 * @span:   all of it, holes as zeros
 * @len:    its bytes
 * @base:   address of the first
 * @mem:    to be read by copying
 * @in_place: the same, to be read where it is
 * @page_size: of the kernel that wrote it
 * @sound:  what that walk says
 * @reads:  what it reads, in its order
 * @sealed: the sealed pages it comes by
 * @structs: and the structs
 * @entered: told of each object of a walk, if it is set
 * @heard:  and of each finding
 */
struct replay {
	uint8_t *span;
	size_t len;
	uint64_t base;
	struct luser_mem *mem;
	struct luser_mem *in_place;
	const struct luser_root *root;
	uint32_t page_size;
	struct verdict sound;
	struct luser_range *reads;
	size_t nr_reads;
	struct sealed_page *sealed;
	size_t nr_sealed;
	struct struct_place *structs;
	size_t nr_structs;
	void (*entered)(const struct luser_node *node);
	void (*heard)(const struct luser_finding *finding);

	/* private */
	struct luser_root known;
	uint64_t start;
	uint64_t end;
	uint64_t nr_walks;
	uint8_t *marks;
	struct luser_range *marked;
	size_t nr_marked;
	uint64_t twice;
	bool judged;
	bool learning;
};

/* Room for memory to be written to, all of it zeros. */
void replay_room(struct replay *r, uint64_t base, size_t len,
		 uint32_t page_size);

/* What was written is memory now, with the root FDT there. */
void replay_start(struct replay *r, uint64_t root);

/* The same, and walks it. */
void replay_from(struct replay *r, uint64_t root);

/* Who walks it otherwise tells each object, for its sealed page. */
void replay_learn(struct replay *r, const struct luser_node *node);

/* Takes in a dump and walks it. Ends the program if there is no root in it. */
void replay_open(struct replay *r, const char *path);

void replay_close(struct replay *r);

/* What is in front of @start and from @end on is not there any more. */
void replay_limit(struct replay *r, uint64_t start, uint64_t end);

/* The byte at an address that was read; it may be changed. */
uint8_t *replay_at(const struct replay *r, uint64_t phys);

/*
 * Walks what is there now. Every other walk reads it in place, in an order that
 * no order of damage follows: what the walks say must be the same.
 */
struct verdict replay_walk(struct replay *r);

/* Forgets what was read and shown outside of sealed pages. */
void replay_keep_sealed(struct replay *r);

/* The sealed page that an address is in, or NULL. */
const struct sealed_page *replay_sealed(const struct replay *r, uint64_t phys);

/* Makes a page's checksum right. */
void replay_seal(const struct replay *r, const struct sealed_page *page);

#endif /* REPLAY_H */
