// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <gelf.h>
#include <luser/le.h>

#include "kernel.h"
#include "say.h"
#include "util.h"

/* init/version.c: linux_banner */
#define BANNER "Linux version "

/* Documentation/bpf/btf.rst, in the kernel's byte order */
#define BTF_START	 "\x9f\xeb\x01\x00\x18\x00\x00\x00"
#define BTF_START_LENGTH 8
#define BTF_STRINGS	 16
#define BTF_HEADER	 24

static void add_data(struct kernel *kernel, const uint8_t *at, size_t len)
{
	kernel->data = grow(kernel->data, kernel->nr_data,
			    sizeof(*kernel->data));
	kernel->data[kernel->nr_data++] = (struct kernel_data){ at, len };
}

static bool take_btf(struct kernel *kernel, const uint8_t *at, size_t len)
{
	if (kernel->btf || len > UINT32_MAX)
		return false;
	kernel->btf = btf__new(at, (uint32_t)len);
	return kernel->btf;
}

/*
 * Code is no constant, and the names in BTF are those of types. x86 may link
 * .data so that it looks executable.
 */
static void add_section(struct kernel *kernel, const char *name,
			const GElf_Shdr *header, Elf_Scn *section)
{
	Elf_Data *data;

	if (header->sh_type != SHT_PROGBITS)
		return;
	data = elf_rawdata(section, NULL);
	if (!data || !data->d_buf)
		return;
	if (!strcmp(name, ".BTF"))
		take_btf(kernel, data->d_buf, data->d_size);
	else if (header->sh_flags & SHF_ALLOC &&
		 (header->sh_flags & (SHF_EXECINSTR | SHF_WRITE)) !=
			 SHF_EXECINSTR)
		add_data(kernel, data->d_buf, data->d_size);
}

static void add_sections(struct kernel *kernel, Elf *elf, size_t names)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const char *name;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (name)
			add_section(kernel, name, &header, section);
	}
}

static bool add_elf(struct kernel *kernel)
{
	const struct unpacked *image = &kernel->image;
	GElf_Ehdr header;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)image->at, image->len);
	if (elf && gelf_getehdr(elf, &header) &&
	    !elf_getshdrstrndx(elf, &names)) {
		add_sections(kernel, elf, names);
		if (header.e_machine == EM_X86_64)
			kernel->page_size = 4096;
	}
	elf_end(elf);
	return kernel->nr_data;
}

/* Where the types are in an image without sections. */
static size_t btf_length(const uint8_t *at, size_t len)
{
	uint64_t offset, all;

	if (len < BTF_HEADER)
		return 0;
	offset = luser_le32(at + BTF_STRINGS);
	all = BTF_HEADER + offset + luser_le32(at + BTF_STRINGS + 4);
	return all <= len ? (size_t)all : 0;
}

/* BPF programs in the kernel have types too, but fewer than the kernel has. */
static const uint8_t *find_btf(const uint8_t *from, const uint8_t *end,
			       size_t *most)
{
	const uint8_t *found = NULL;
	size_t len;

	for (*most = 0; (from = memmem(from, (size_t)(end - from), BTF_START,
				       BTF_START_LENGTH)); from++) {
		len = btf_length(from, (size_t)(end - from));
		if (len <= *most)
			continue;
		*most = len;
		found = from;
	}
	return found;
}

static void add_image(struct kernel *kernel)
{
	const uint8_t *at = kernel->image.at;
	const uint8_t *end = at + kernel->image.len;
	size_t len;
	const uint8_t *btf = find_btf(at, end, &len);

	if (btf && take_btf(kernel, btf, len)) {
		add_data(kernel, at, (size_t)(btf - at));
		at = btf + len;
	}
	add_data(kernel, at, (size_t)(end - at));
}

static const uint8_t *next_banner(const uint8_t *at, const uint8_t *end)
{
	size_t len = strlen(BANNER);

	while ((at = memmem(at, (size_t)(end - at), BANNER, len))) {
		at += len;
		if (at < end && isdigit(*at))
			return at;
	}
	return NULL;
}

static bool take_release(struct kernel *kernel, const struct kernel_data *data)
{
	const uint8_t *end = data->at + data->len;
	const uint8_t *at = next_banner(data->at, end);
	char text[65] = "";
	unsigned int major, minor;

	for (size_t i = 0; at && i < sizeof(text) - 1 && at + i < end &&
			   isgraph(at[i]); i++)
		text[i] = (char)at[i];
	if (sscanf(text, "%5u.%5u", &major, &minor) != 2)
		return false;
	kernel->release = escaped(text);
	kernel->series = (struct luser_release){ (uint16_t)major,
						 (uint16_t)minor };
	return true;
}

bool kernel_open(const char *path, struct kernel *kernel)
{
	*kernel = (struct kernel){ .path = path };
	/* What libbpf cannot read is no error here. */
	libbpf_set_print(NULL);
	if (!kernel_unpack(path, &kernel->image))
		return false;
	kernel->page_size = kernel->image.page_size;
	if (!kernel->image.elf) {
		add_image(kernel);
	} else if (!add_elf(kernel)) {
		complain("%s: there are no constants in it", path);
		return false;
	}
	for (size_t i = 0; i < kernel->nr_data; i++)
		if (take_release(kernel, &kernel->data[i]))
			break;
	return true;
}

void kernel_close(struct kernel *kernel)
{
	btf__free(kernel->btf);
	free(kernel->release);
	free(kernel->data);
	unpacked_free(&kernel->image);
}

/* Bytes before a constant belong to something else if they do not print. */
static bool is_whole(const struct kernel_data *data, const uint8_t *at)
{
	return at == data->at || !isprint(at[-1]);
}

bool kernel_has(const struct kernel *kernel, const char *string)
{
	size_t len = strlen(string) + 1;

	for (size_t i = 0; i < kernel->nr_data; i++) {
		const struct kernel_data *data = &kernel->data[i];
		const uint8_t *end = data->at + data->len;
		const uint8_t *at = data->at;

		while ((at = memmem(at, (size_t)(end - at), string, len))) {
			if (is_whole(data, at))
				return true;
			at++;
		}
	}
	return false;
}

bool kernel_names(const struct kernel *kernel, const struct luser_abi *abi)
{
	return kernel_has(kernel, abi->key) &&
	       (!abi->identity_string ||
		kernel_has(kernel, abi->identity_string));
}

static unsigned int number_of(struct luser_release release)
{
	return (unsigned int)release.major << 16 | release.minor;
}

bool kernel_writes(const struct kernel *kernel, const struct luser_abi *abi)
{
	unsigned int release = number_of(kernel->series);
	unsigned int first = number_of(abi->first);
	unsigned int last = number_of(abi->last);

	return release && first && first <= release &&
	       (!last || release <= last);
}
