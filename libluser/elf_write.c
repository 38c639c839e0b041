// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing an ELF dump: libelf makes the headers, the memory follows them.
 */
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include <luser/le.h>

#include "elf_write.h"
#include "error_internal.h"
#include "io_internal.h"

#define CHUNK (256u << 10)
#define SEGMENT_ALIGN 4096

/**
 * struct elf_out - a dump being written
 * @notes: the note segment
 * @data:  offset of the memory in the file
 */
struct elf_out {
	int fd;
	const struct luser_elf_dump *dump;
	struct luser_error *err;
	uint8_t *notes;
	size_t notes_len;
	uint64_t notes_at;
	uint64_t data;
};

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static size_t note_size(const struct luser_elf_note *note)
{
	return 12 + padded(strlen(note->owner) + 1) + padded(note->len);
}

static uint8_t *put_note(uint8_t *at, const struct luser_elf_note *note)
{
	size_t owner = strlen(note->owner) + 1;

	luser_set_le32(at, (uint32_t)owner);
	luser_set_le32(at + 4, (uint32_t)note->len);
	luser_set_le32(at + 8, note->type);
	memcpy(at + 12, note->owner, owner);
	memcpy(at + 12 + padded(owner), note->desc, note->len);
	return at + note_size(note);
}

static enum luser_code make_notes(struct elf_out *out)
{
	const struct luser_elf_dump *dump = out->dump;
	uint8_t *at;

	for (size_t i = 0; i < dump->nr_notes; i++)
		out->notes_len += note_size(&dump->notes[i]);
	out->notes = calloc(1, out->notes_len + 1);
	if (!out->notes)
		return luser_fail_nomem(out->err);
	at = out->notes;
	for (size_t i = 0; i < dump->nr_notes; i++)
		at = put_note(at, &dump->notes[i]);
	return LUSER_OK;
}

/* Where everything goes: headers, notes, then the memory. */
static void place(struct elf_out *out)
{
	size_t headers = sizeof(Elf64_Ehdr) +
			 (out->dump->nr_ranges + 1) * sizeof(Elf64_Phdr);
	uint64_t end;

	out->notes_at = headers;
	end = headers + out->notes_len + SEGMENT_ALIGN - 1;
	out->data = end - end % SEGMENT_ALIGN;
}

static bool put_ehdr(Elf *elf, uint16_t machine)
{
	GElf_Ehdr ehdr;

	if (!gelf_newehdr(elf, ELFCLASS64) || !gelf_getehdr(elf, &ehdr))
		return false;
	ehdr.e_ident[EI_DATA] = ELFDATA2LSB;
	ehdr.e_type = ET_CORE;
	ehdr.e_machine = machine;
	ehdr.e_version = EV_CURRENT;
	ehdr.e_phoff = sizeof(Elf64_Ehdr);
	return gelf_update_ehdr(elf, &ehdr);
}

static bool put_phdrs(const struct elf_out *out, Elf *elf)
{
	const struct luser_elf_dump *dump = out->dump;
	uint64_t at = out->data;
	GElf_Phdr phdr = {
		.p_type = PT_NOTE,
		.p_offset = out->notes_at,
		.p_filesz = out->notes_len,
		.p_memsz = out->notes_len,
		.p_align = 4,
	};

	if (!gelf_newphdr(elf, dump->nr_ranges + 1) ||
	    !gelf_update_phdr(elf, 0, &phdr))
		return false;
	for (size_t i = 0; i < dump->nr_ranges; i++) {
		phdr = (GElf_Phdr){
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_W,
			.p_offset = at,
			.p_paddr = dump->ranges[i].start,
			.p_filesz = dump->ranges[i].len,
			.p_memsz = dump->ranges[i].len,
			.p_align = SEGMENT_ALIGN,
		};
		if (!gelf_update_phdr(elf, (int)i + 1, &phdr))
			return false;
		at += dump->ranges[i].len;
	}
	return true;
}

/* libelf tells by errno alone that the machine failed, which is to be zero. */
static enum luser_code write_headers(const struct elf_out *out)
{
	static const char what[] = "cannot write the headers of the dump";
	enum luser_code code = LUSER_OK;
	Elf *elf = NULL;

	errno = 0;
	if (elf_version(EV_CURRENT) != EV_NONE)
		elf = elf_begin(out->fd, ELF_C_WRITE, NULL);
	if (elf)
		elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT);
	if (!elf || !put_ehdr(elf, out->dump->machine) ||
	    !put_phdrs(out, elf) || elf_update(elf, ELF_C_WRITE) < 0)
		code = errno ? luser_fail_errno(out->err, errno, "%s", what) :
			       luser_fail(out->err, LUSER_SYSTEM, LUSER_NO_PHYS,
					  "%s: %s", what, elf_errmsg(-1));
	elf_end(elf);
	return code;
}

static enum luser_code put(const struct elf_out *out, const void *buf,
			   size_t len, uint64_t at)
{
	int errnum = luser_pwrite_all(out->fd, buf, len, at);

	if (errnum)
		return luser_fail_errno(out->err, errnum,
					"cannot write the dump");
	return LUSER_OK;
}

static enum luser_code copy_range(const struct elf_out *out, void *buf,
				  const struct luser_range *range, uint64_t at)
{
	enum luser_code code = LUSER_OK;
	uint64_t done = 0;

	while (code == LUSER_OK && done < range->len) {
		uint64_t left = range->len - done;
		size_t len = left < CHUNK ? (size_t)left : CHUNK;

		code = out->dump->read(out->dump->ctx, range->start + done, buf,
				       len, out->err);
		if (code == LUSER_OK)
			code = put(out, buf, len, at + done);
		done += len;
	}
	return code;
}

static enum luser_code write_memory(const struct elf_out *out)
{
	enum luser_code code = LUSER_OK;
	uint64_t at = out->data;
	void *buf = malloc(CHUNK);

	if (!buf)
		return luser_fail_nomem(out->err);
	for (size_t i = 0; code == LUSER_OK && i < out->dump->nr_ranges; i++) {
		code = copy_range(out, buf, &out->dump->ranges[i], at);
		at += out->dump->ranges[i].len;
	}
	free(buf);
	return code;
}

enum luser_code luser_elf_write(int fd, const struct luser_elf_dump *dump,
				struct luser_error *err)
{
	struct elf_out out = {.fd = fd, .dump = dump, .err = err};
	enum luser_code code;

	if (dump->nr_ranges + 1 >= PN_XNUM)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%zu ranges do not fit in one ELF file",
				  dump->nr_ranges);
	code = make_notes(&out);
	if (code != LUSER_OK)
		return code;
	place(&out);
	code = write_headers(&out);
	if (code == LUSER_OK)
		code = put(&out, out.notes, out.notes_len, out.notes_at);
	if (code == LUSER_OK)
		code = write_memory(&out);
	free(out.notes);
	return code;
}
