/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The notes of an ELF dump, as far as the library wants them. */
#ifndef LUSER_MEM_ELF_NOTE_H
#define LUSER_MEM_ELF_NOTE_H

#include <gelf.h>

#include "mem_internal.h"

/*
 * The note that luser_save writes: owner and type. Some readers look at the
 * type alone, so it is none that a core dump has.
 */
#define LUSER_NOTE_OWNER "luser"
#define LUSER_NOTE_TYPE 0x4c555301

/* More than this has no dump in all: crash kernels write kilobytes. */
#define LUSER_NOTES_MAX (256u << 20)

/**
 * struct elf_notes - what the notes told
 * @mem:      receives vmcoreinfo and the saved note
 * @has_task: a NT_TASKSTRUCT note is there, which only kcore writes
 * @len:      bytes that they had so far
 */
struct elf_notes {
	struct luser_mem *mem;
	bool has_task;
	uint64_t len;
};

/** luser_elf_read_notes() - read one PT_NOTE segment */
enum luser_code luser_elf_read_notes(Elf *elf, const GElf_Phdr *phdr,
				     struct elf_notes *notes,
				     struct luser_error *err);

#endif /* LUSER_MEM_ELF_NOTE_H */
