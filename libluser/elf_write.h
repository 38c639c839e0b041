/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Writing an ELF dump. */
#ifndef LUSER_ELF_WRITE_H
#define LUSER_ELF_WRITE_H

#include <luser/mem.h>

/**
 * struct luser_elf_note - one note
 * @owner: for example "VMCOREINFO"
 * @desc:  its content
 */
struct luser_elf_note {
	const char *owner;
	uint32_t type;
	const void *desc;
	size_t len;
};

/**
 * struct luser_elf_dump - what to write
 * @machine:   e_machine, or EM_NONE
 * @ranges:    memory, one segment each; sorted, not overlapping
 * @nr_ranges: how many, less than PN_XNUM
 * @notes:     in one segment in front of the memory
 * @nr_notes:  how many
 * @read:      gives the bytes
 * @ctx:       handed to @read
 */
struct luser_elf_dump {
	uint16_t machine;
	const struct luser_range *ranges;
	size_t nr_ranges;
	const struct luser_elf_note *notes;
	size_t nr_notes;
	enum luser_code (*read)(void *ctx, uint64_t phys, void *buf, size_t len,
				struct luser_error *err);
	void *ctx;
};

/**
 * luser_elf_write() - write a dump of little-endian memory
 * @fd:   an empty file; stays the caller's
 * @dump: what to write
 * @err:  may be NULL
 *
 * Return: LUSER_OK, LUSER_SYSTEM, LUSER_NOMEM, LUSER_ARGUMENT (too many
 * ranges), or what @dump->read returned.
 */
enum luser_code luser_elf_write(int fd, const struct luser_elf_dump *dump,
				struct luser_error *err);

#endif /* LUSER_ELF_WRITE_H */
