// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error_internal.h"
#include "mem_elf_note.h"

struct note {
	uint32_t type;
	const char *owner;
	size_t owner_len;
	const void *desc;
	size_t len;
};

/* The owner's NUL is counted in its length, but some writers leave it out. */
static bool owned_by(const struct note *note, const char *owner)
{
	size_t n = strlen(owner);

	return note->owner_len >= n && note->owner_len <= n + 1 &&
	       !memcmp(note->owner, owner, n);
}

static void *copy_desc(const struct note *note)
{
	char *copy = malloc(note->len + 1);

	if (copy && note->len)
		memcpy(copy, note->desc, note->len);
	if (copy)
		copy[note->len] = '\0';
	return copy;
}

static bool is_saved_by_us(const struct note *note)
{
	return owned_by(note, LUSER_NOTE_OWNER) &&
	       note->type == LUSER_NOTE_TYPE;
}

/* Only the first note of a kind counts. */
static enum luser_code take(struct elf_notes *notes, const struct note *note,
			    struct luser_error *err)
{
	struct luser_mem *mem = notes->mem;

	if (owned_by(note, "CORE") && note->type == NT_TASKSTRUCT)
		notes->has_task = true;
	if (is_saved_by_us(note) && !mem->save_note) {
		mem->save_note = copy_desc(note);
		mem->save_note_len = note->len;
		return mem->save_note ? LUSER_OK : luser_fail_nomem(err);
	}
	if (owned_by(note, "VMCOREINFO") && !mem->vmcoreinfo) {
		mem->vmcoreinfo = copy_desc(note);
		return mem->vmcoreinfo ? LUSER_OK : luser_fail_nomem(err);
	}
	return LUSER_OK;
}

static enum luser_code take_all(Elf_Data *data, struct elf_notes *notes,
				struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	size_t at = 0;

	while (code == LUSER_OK) {
		const char *base = data->d_buf;
		struct note note;
		GElf_Nhdr head;
		size_t owner;
		size_t desc;

		at = gelf_getnote(data, at, &head, &owner, &desc);
		if (!at)
			break;
		note = (struct note){
			.type = head.n_type,
			.owner = base + owner,
			.owner_len = head.n_namesz,
			.desc = base + desc,
			.len = head.n_descsz,
		};
		code = take(notes, &note, err);
	}
	return code;
}

enum luser_code luser_elf_read_notes(Elf *elf, const GElf_Phdr *phdr,
				     struct elf_notes *notes,
				     struct luser_error *err)
{
	Elf_Type type = phdr->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR;
	Elf_Data *data = NULL;

	errno = 0;
	if (phdr->p_offset <= INT64_MAX &&
	    phdr->p_filesz <= LUSER_NOTES_MAX - notes->len)
		data = elf_getdata_rawchunk(elf, (int64_t)phdr->p_offset,
					    phdr->p_filesz, type);
	if (!data && errno == ENOMEM)
		return luser_fail_nomem(err);
	if (!data)
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "cannot read %" PRIu64
				  " bytes of notes at offset %" PRIu64
				  " of the dump: is it cut short?",
				  (uint64_t)phdr->p_filesz,
				  (uint64_t)phdr->p_offset);
	notes->len += phdr->p_filesz;
	return take_all(data, notes, err);
}
