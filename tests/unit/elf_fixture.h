/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Small ELF dumps, made header by header so that each can be wrong. */
#ifndef ELF_FIXTURE_H
#define ELF_FIXTURE_H

#include <check.h>
#include <elf.h>
#include <stdint.h>
#include <string.h>

#define FIXTURE_PHDRS 8
#define FIXTURE_DATA_AT 1024

/* The headers are written as this machine has them: libelf reads both. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIXTURE_ELFDATA ELFDATA2LSB
#else
#define FIXTURE_ELFDATA ELFDATA2MSB
#endif

/* A dump: the headers, then data from FIXTURE_DATA_AT on. */
struct elf_fixture {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr[FIXTURE_PHDRS];
	uint8_t room[FIXTURE_DATA_AT - sizeof(Elf64_Ehdr) -
		     FIXTURE_PHDRS * sizeof(Elf64_Phdr)];
	uint8_t data[16384];
};

_Static_assert(offsetof(struct elf_fixture, data) == FIXTURE_DATA_AT,
	       "data follows the headers");

static inline void fixture_elf(struct elf_fixture *elf)
{
	size_t i;

	memset(elf, 0, sizeof(*elf));
	memcpy(elf->ehdr.e_ident, ELFMAG, SELFMAG);
	elf->ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	elf->ehdr.e_ident[EI_DATA] = FIXTURE_ELFDATA;
	elf->ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	elf->ehdr.e_type = ET_CORE;
	elf->ehdr.e_machine = EM_X86_64;
	elf->ehdr.e_version = EV_CURRENT;
	elf->ehdr.e_ehsize = sizeof(Elf64_Ehdr);
	elf->ehdr.e_phoff = sizeof(Elf64_Ehdr);
	elf->ehdr.e_phentsize = sizeof(Elf64_Phdr);
	for (i = 0; i < sizeof(elf->data); i++)
		elf->data[i] = (uint8_t)(i * 7 + i / 256);
}

/* Bytes @at to @at + @len of the data are memory at @phys. */
static inline Elf64_Phdr *fixture_load(struct elf_fixture *elf, uint64_t phys,
				       uint64_t at, uint64_t len)
{
	Elf64_Phdr *phdr = &elf->phdr[elf->ehdr.e_phnum++];

	ck_assert_uint_le(elf->ehdr.e_phnum, FIXTURE_PHDRS);
	*phdr = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_offset = FIXTURE_DATA_AT + at,
		.p_paddr = phys,
		.p_filesz = len,
		.p_memsz = len,
	};
	return phdr;
}

/* A note at @at of the data; returns where the next may start. */
static inline uint64_t fixture_note(struct elf_fixture *elf, uint64_t at,
				    const char *owner, uint32_t type,
				    const char *text)
{
	Elf64_Nhdr head = {
		.n_namesz = (Elf64_Word)strlen(owner) + 1,
		.n_descsz = (Elf64_Word)strlen(text),
		.n_type = type,
	};
	uint64_t end = at + sizeof(head);
	Elf64_Phdr *phdr;

	memcpy(elf->data + at, &head, sizeof(head));
	memset(elf->data + end, 0, 512);
	strcpy((char *)elf->data + end, owner);
	end += (head.n_namesz + 3) / 4 * 4;
	memcpy(elf->data + end, text, head.n_descsz);
	end += (head.n_descsz + 3) / 4 * 4;
	phdr = fixture_load(elf, 0, at, end - at);
	phdr->p_type = PT_NOTE;
	return end;
}

#endif /* ELF_FIXTURE_H */
