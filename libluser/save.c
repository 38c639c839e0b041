// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <luser/save.h>

#include "elf_write.h"
#include "error_internal.h"
#include "io_internal.h"
#include "mem_elf_note.h"
#include "mem_internal.h"
#include "save_index.h"
#include "save_note.h"
#include "spool_internal.h"

/**
 * struct luser_save - a dump in the making
 * @path:   its name, for removing it
 * @made:   what was made under that name
 * @fd:     its file
 * @spool:  the bytes so far, in the order they were read
 * @used:   how many
 * @index:  where which are
 * @mem:    the memory that is watched, or NULL
 * @failed: the first failure of a write
 */
struct luser_save {
	char *path;
	struct stat made;
	int fd;
	int spool;
	uint64_t used;
	struct save_index index;
	struct luser_mem *mem;
	struct luser_error failed;
};

static void keep(struct luser_save *save, uint64_t phys, const char *buf,
		 size_t len)
{
	int errnum = luser_pwrite_all(save->spool, buf, len, save->used);

	if (errnum)
		luser_fail_errno(&save->failed, errnum,
				 "cannot write to TMPDIR or /var/tmp");
	else if (!save_index_add(&save->index, phys, (uint32_t)len, save->used))
		luser_fail_nomem(&save->failed);
	save->used += len;
}

static void keep_page(struct luser_save *save, uint64_t phys, const char *buf,
		      size_t len)
{
	uint64_t end = phys + len;
	uint64_t at = phys;
	uint64_t to;

	while (save->failed.code == LUSER_OK &&
	       save_index_gap(&save->index, at, end, &at, &to)) {
		keep(save, at, buf + (at - phys), (size_t)(to - at));
		at = to;
	}
}

static void observe(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	const char *from = buf;

	while (len) {
		size_t n = SAVE_INDEX_PAGE - phys % SAVE_INDEX_PAGE;

		if (n > len)
			n = len;
		keep_page(ctx, phys, from, n);
		phys += n;
		from += n;
		len -= n;
	}
}

static enum luser_code create(struct luser_save *save, struct luser_error *err)
{
	const char *path = save->path;
	enum luser_code code;

	save->fd = open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR |
				      O_CLOEXEC, 0600);
	if (save->fd < 0 && errno == EEXIST)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%s is there already, and is not written over",
				  path);
	if (save->fd >= 0 && !fstat(save->fd, &save->made))
		return LUSER_OK;
	code = luser_fail_errno(err, errno, "cannot make %s", path);
	if (save->fd >= 0)
		unlink(path);
	return code;
}

static void release(struct luser_save *save)
{
	if (save->mem)
		luser_mem_observe(save->mem, NULL, NULL);
	if (save->spool >= 0)
		close(save->spool);
	if (save->fd >= 0)
		close(save->fd);
	save_index_free(&save->index);
	free(save->path);
	free(save);
}

/* Somebody may have put another file in its place. */
static void remove_file(const struct luser_save *save)
{
	struct stat there;

	if (save->made.st_ino && !lstat(save->path, &there) &&
	    save->made.st_dev == there.st_dev &&
	    save->made.st_ino == there.st_ino)
		unlink(save->path);
}

void luser_save_cancel(struct luser_save *save)
{
	if (!save)
		return;
	remove_file(save);
	release(save);
}

enum luser_code luser_save_open(const char *path, struct luser_mem *mem,
				struct luser_save **ret,
				struct luser_error *err)
{
	struct luser_save *save = calloc(1, sizeof(*save));
	enum luser_code code;

	if (!save)
		return luser_fail_nomem(err);
	save->fd = -1;
	save->spool = -1;
	save->path = strdup(path);
	code = save->path ? create(save, err) :
			    luser_fail_nomem(err);
	if (code == LUSER_OK)
		code = luser_spool_open(&save->spool, err);
	if (code != LUSER_OK) {
		luser_save_cancel(save);
		return code;
	}
	if (mem)
		luser_mem_observe(mem, observe, save);
	save->mem = mem;
	*ret = save;
	return LUSER_OK;
}

static enum luser_code read_back(void *ctx, uint64_t phys, void *buf,
				 size_t len, struct luser_error *err)
{
	const struct luser_save *save = ctx;
	char *to = buf;

	while (len) {
		const struct save_piece *piece;
		size_t got = 0;
		size_t n;
		int errnum;

		piece = save_index_find(&save->index, phys);
		n = piece->len - (size_t)(phys - piece->phys);
		if (n > len)
			n = len;
		errnum = luser_pread_all(save->spool, to, n,
					 piece->at + (phys - piece->phys),
					 &got);
		if (errnum || got != n)
			return luser_fail_errno(err, errnum ? errnum : EIO,
						"cannot read back what was kept");
		phys += n;
		to += n;
		len -= n;
	}
	return LUSER_OK;
}

static size_t merge(const struct save_index *index, struct luser_range *ranges)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < index->nr_pieces; i++) {
		const struct save_piece *piece = &index->pieces[i];

		if (n && ranges[n - 1].start + ranges[n - 1].len ==
				 piece->phys)
			ranges[n - 1].len += piece->len;
		else
			ranges[n++] = (struct luser_range){
				.start = piece->phys, .len = piece->len,
			};
	}
	return n;
}

static enum luser_code write_dump(struct luser_save *save, void *note,
				  size_t note_len, struct luser_error *err)
{
	const char *info = save->mem ? save->mem->vmcoreinfo : NULL;
	const struct luser_elf_note notes[] = {
		{ LUSER_NOTE_OWNER, LUSER_NOTE_TYPE, note, note_len },
		{ "VMCOREINFO", 0, info, info ? strlen(info) : 0 },
	};
	struct luser_elf_dump dump = {
		.machine = save->mem ? save->mem->elf_machine : EM_NONE,
		.notes = notes,
		.nr_notes = info ? 2 : 1,
		.read = read_back,
		.ctx = save,
	};
	struct luser_range *ranges;
	enum luser_code code;

	ranges = calloc(save->index.nr_pieces + 1, sizeof(*ranges));
	if (!ranges)
		return luser_fail_nomem(err);
	save_index_sort(&save->index);
	dump.nr_ranges = merge(&save->index, ranges);
	dump.ranges = ranges;
	code = luser_elf_write(save->fd, &dump, err);
	free(ranges);
	return code;
}

static enum luser_code write_all(struct luser_save *save,
				 const struct luser_root *roots,
				 size_t nr_roots, uint32_t page_size,
				 struct luser_error *err)
{
	enum luser_code code;
	void *note = NULL;
	size_t len = 0;

	code = luser_save_note_make(save->mem, roots, nr_roots, page_size,
				    &note, &len, err);
	if (code == LUSER_OK)
		code = write_dump(save, note, len, err);
	free(note);
	return code;
}

/* Some file systems tell only now that there was no room. */
static enum luser_code close_file(struct luser_save *save,
				  struct luser_error *err)
{
	int fd = save->fd;

	save->fd = -1;
	if (close(fd))
		return luser_fail_errno(err, errno, "cannot write %s",
					save->path);
	return LUSER_OK;
}

enum luser_code luser_save_finish(struct luser_save *save,
				  const struct luser_root *roots,
				  size_t nr_roots, uint32_t page_size,
				  struct luser_error *err)
{
	enum luser_code code = save->failed.code;

	if (code != LUSER_OK && err)
		*err = save->failed;
	if (code == LUSER_OK)
		code = write_all(save, roots, nr_roots, page_size, err);
	if (code == LUSER_OK)
		code = close_file(save, err);
	if (code != LUSER_OK)
		remove_file(save);
	release(save);
	return code;
}
