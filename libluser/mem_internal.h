/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a format of memory provides, and what all formats share.
 *
 * A format embeds struct luser_mem as the first member of its own struct.
 */
#ifndef LUSER_MEM_INTERNAL_H
#define LUSER_MEM_INTERNAL_H

#include <luser/mem.h>

/**
 * struct luser_mem_ops - one format
 * @read:  as luser_mem_read(); @len is not 0 and @phys + @len does not wrap
 * @view:  as luser_mem_view(), or NULL
 * @close: releases the whole object
 */
struct luser_mem_ops {
	enum luser_code (*read)(struct luser_mem *mem, uint64_t phys, void *buf,
				size_t len, struct luser_error *err);
	const void *(*view)(struct luser_mem *mem, uint64_t phys, size_t len);
	void (*close)(struct luser_mem *mem);
};

/**
 * struct luser_mem - open memory
 * @ops:           its format
 * @format:        the format in a word
 * @ranges:        what it holds; sorted, not overlapping, owned
 * @nr_ranges:     how many
 * @missing:       first address that its file promises but lacks, or
 *                 LUSER_NO_PHYS
 * @nr_failed:     reads of what it holds that the system refused
 * @all:           true if what is in no range is no RAM
 * @live:          true if a running kernel's memory was or is read
 * @elf_machine:   e_machine of the dump; EM_NONE if the format does not say
 * @vmcoreinfo:    text of the VMCOREINFO note, owned, or NULL
 * @save_note:     description of the note that luser_save wrote, owned, 8-byte
 *                 aligned, or NULL
 * @save_note_len: bytes of it
 * @observer:      told of reads, or NULL
 * @observer_ctx:  handed to it
 */
struct luser_mem {
	const struct luser_mem_ops *ops;
	const char *format;
	struct luser_range *ranges;
	size_t nr_ranges;
	uint64_t missing;
	uint64_t nr_failed;
	bool all;
	bool live;
	uint16_t elf_machine;
	char *vmcoreinfo;
	void *save_note;
	size_t save_note_len;
	luser_mem_observer *observer;
	void *observer_ctx;
};

/** luser_mem_init() - set up the shared part; everything else is zero */
void luser_mem_init(struct luser_mem *mem, const struct luser_mem_ops *ops,
		    const char *format);

/** luser_mem_release() - free what the shared part owns */
void luser_mem_release(struct luser_mem *mem);

/**
 * luser_mem_add_range() - append to the ranges, merging with the last one
 * @start: not below the end of the last range
 * @len:   not 0
 *
 * Return: LUSER_OK or LUSER_NOMEM.
 */
enum luser_code luser_mem_add_range(struct luser_mem *mem, uint64_t start,
				    uint64_t len, struct luser_error *err);

/**
 * luser_mem_search() - read without telling the observer
 *
 * A search looks at everything; only what is then used is worth saving.
 */
enum luser_code luser_mem_search(struct luser_mem *mem, uint64_t phys,
				 void *buf, size_t len,
				 struct luser_error *err);

/*
 * Openers, one per format. Each owns @fd from the call on, also when it fails.
 * @name is the file for messages.
 */
enum luser_code luser_mem_open_raw(int fd, const char *name, uint64_t base,
				   struct luser_mem **ret,
				   struct luser_error *err);
enum luser_code luser_mem_open_elf(int fd, const char *name,
				   struct luser_mem **ret,
				   struct luser_error *err);
enum luser_code luser_mem_open_kdump(int fd, const char *name,
				     struct luser_mem **ret,
				     struct luser_error *err);

/**
 * luser_mem_spool() - copy what cannot seek into an unlinked temporary file
 * @fd:   read to its end; stays the caller's
 * @name: for messages
 * @ret:  descriptor of the copy
 */
enum luser_code luser_mem_spool(int fd, const char *name, int *ret,
				struct luser_error *err);

#endif /* LUSER_MEM_INTERNAL_H */
