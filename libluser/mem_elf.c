// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* ELF dumps: /proc/vmcore, QEMU's dump-guest-memory, /proc/kcore, our own. */
#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "error_internal.h"
#include "mem_elf_note.h"
#include "mem_file_internal.h"
#include "save_note.h"

/* A dump has a program header per stretch of RAM; this is far beyond. */
#define PHDRS_MAX (1u << 20)

struct elf_dump {
	struct mem_file *file;
	const char *name;
	Elf *elf;
	GElf_Ehdr ehdr;
	struct elf_notes notes;
	size_t nr_loads;
	bool placed;
	bool partial;
	uint64_t size;
	bool in_proc;
};

static enum luser_code bad(const struct elf_dump *dump, const char *what,
			   struct luser_error *err)
{
	return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS, "%s: %s",
			  dump->name, what);
}

/*
 * What libelf cannot do for want of memory, or because the file cannot be read,
 * says nothing about the dump. libelf tells it apart by errno alone, which is to
 * be zero when it is called.
 */
static enum luser_code failed(const struct elf_dump *dump, const char *what,
			      struct luser_error *err)
{
	if (errno == ENOMEM)
		return luser_fail_nomem(err);
	if (errno)
		return luser_fail_errno(err, errno, "cannot read %s",
					dump->name);
	return bad(dump, what, err);
}

/* kcore marks what has no physical address with an elf_addr_t of -1. */
static bool is_physical(const struct elf_dump *dump, uint64_t paddr)
{
	if (dump->ehdr.e_ident[EI_CLASS] == ELFCLASS32)
		return paddr != UINT32_MAX;
	return paddr != UINT64_MAX;
}

static enum luser_code add_load(struct elf_dump *dump, const GElf_Phdr *phdr,
				struct luser_error *err)
{
	/* What p_memsz has beyond p_filesz is absent, not zero. */
	uint64_t len = phdr->p_filesz;

	if (!is_physical(dump, phdr->p_paddr))
		return LUSER_OK;
	dump->partial |= phdr->p_memsz > len;
	if (!len)
		return LUSER_OK;
	if (len > UINT64_MAX - phdr->p_paddr)
		return bad(dump, "a segment goes beyond the address space",
			   err);
	if (phdr->p_offset > INT64_MAX || len > INT64_MAX - phdr->p_offset)
		return bad(dump, "a segment's file offset is impossible", err);
	dump->nr_loads++;
	dump->placed |= phdr->p_paddr != 0;
	return luser_mem_file_add(dump->file, phdr->p_paddr, phdr->p_offset,
				  len, err);
}

static enum luser_code add_phdr(struct elf_dump *dump, size_t i,
				struct luser_error *err)
{
	GElf_Phdr phdr;

	errno = 0;
	if (!gelf_getphdr(dump->elf, (int)i, &phdr))
		return failed(dump, "a program header cannot be read", err);
	if (phdr.p_type == PT_LOAD)
		return add_load(dump, &phdr, err);
	if (phdr.p_type == PT_NOTE && phdr.p_filesz)
		return luser_elf_read_notes(dump->elf, &phdr, &dump->notes,
					    err);
	return LUSER_OK;
}

static enum luser_code add_phdrs(struct elf_dump *dump, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	size_t count;
	size_t i;

	errno = 0;
	if (elf_getphdrnum(dump->elf, &count))
		return failed(dump, "its program headers lie beyond its end: it is cut short",
			   err);
	if (count > PHDRS_MAX)
		return bad(dump, "it has more program headers than any dump",
			   err);
	for (i = 0; i < count && code == LUSER_OK; i++)
		code = add_phdr(dump, i, err);
	return code;
}

static enum luser_code read_ehdr(struct elf_dump *dump, struct luser_error *err)
{
	size_t phentsize;

	errno = 0;
	dump->elf = elf_begin(dump->file->fd, ELF_C_READ, NULL);
	if (!dump->elf || elf_kind(dump->elf) != ELF_K_ELF ||
	    !gelf_getehdr(dump->elf, &dump->ehdr))
		return failed(dump, "its ELF header is damaged or cut short", err);
	if (dump->ehdr.e_type != ET_CORE)
		return bad(dump, "an ELF file, but not a dump of memory", err);
	phentsize = gelf_fsize(dump->elf, ELF_T_PHDR, 1, EV_CURRENT);
	if (dump->ehdr.e_phnum && dump->ehdr.e_phentsize != phentsize)
		return bad(dump, "its program headers have a wrong size", err);
	return LUSER_OK;
}

/*
 * A file in procfs with a NT_TASKSTRUCT note is kcore; vmcore is in procfs
 * too, but is a dead kernel's memory.
 */
static enum luser_code finish(struct elf_dump *dump, struct luser_error *err)
{
	struct luser_mem *mem = &dump->file->mem;
	enum luser_code code;

	if (dump->nr_loads > 1 && !dump->placed)
		return bad(dump, "no segment has a physical address: a dump of a process?",
			   err);
	code = luser_mem_file_seal(dump->file, dump->size, err);
	if (code != LUSER_OK)
		return code;
	/* A saved dump may be of debugfs alone. */
	if (!mem->nr_ranges && !mem->save_note)
		return bad(dump, mem->missing == LUSER_NO_PHYS ?
			   "it holds no physical memory" :
			   "it is cut short: no byte of memory is left", err);
	mem->elf_machine = dump->ehdr.e_machine;
	if (dump->notes.has_task && dump->in_proc) {
		mem->live = true;
		mem->format = "kcore";
	}
	mem->all = !dump->partial && !mem->save_note &&
		   mem->missing == LUSER_NO_PHYS;
	return luser_save_note_apply(mem, err);
}

/* The size of a file in procfs says nothing. */
static enum luser_code find_size(struct elf_dump *dump, struct luser_error *err)
{
	struct statfs fs;
	struct stat st;
	int fd = dump->file->fd;

	if (fstat(fd, &st) || fstatfs(fd, &fs))
		return bad(dump, "cannot be examined", err);
	dump->in_proc = fs.f_type == PROC_SUPER_MAGIC;
	dump->size = dump->in_proc ? UINT64_MAX : (uint64_t)st.st_size;
	return LUSER_OK;
}

static enum luser_code read_dump(struct elf_dump *dump, struct luser_error *err)
{
	enum luser_code code;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return bad(dump, elf_errmsg(-1), err);
	code = find_size(dump, err);
	if (code != LUSER_OK)
		return code;
	code = read_ehdr(dump, err);
	if (code == LUSER_OK)
		code = add_phdrs(dump, err);
	if (code == LUSER_OK)
		code = finish(dump, err);
	elf_end(dump->elf);
	return code;
}

enum luser_code luser_mem_open_elf(int fd, const char *name,
				   struct luser_mem **ret,
				   struct luser_error *err)
{
	struct mem_file *file = luser_mem_file_new(fd, "ELF dump");
	struct elf_dump dump = { .file = file, .name = name };
	enum luser_code code;

	if (!file)
		return luser_fail_nomem(err);
	dump.notes.mem = &file->mem;
	code = read_dump(&dump, err);
	if (code == LUSER_OK)
		*ret = &file->mem;
	else
		luser_mem_close(&file->mem);
	return code;
}
