/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where bytes come from: physical address in, bytes out.
 *
 * One interface over a raw image, an ELF dump, a compressed dump, live
 * /proc/kcore and a caller's buffer. Holes are never filled: reading what is
 * not there is LUSER_NODATA, reading what a dump tool filtered out is
 * LUSER_EXCLUDED, and both carry the address.
 */
#ifndef LUSER_MEM_H
#define LUSER_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <luser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct luser_mem;

/**
 * luser_mem_open() - open a file of physical memory, whatever its format
 * @path: an ELF dump, a compressed dump, /proc/kcore, or a raw image; "-" is
 *        standard input (spooled to an unlinked temporary file when it cannot
 *        seek)
 * @base: physical address of the first byte, used for a raw image only
 * @ret:  the open memory, to be given back to luser_mem_close()
 * @err:  may be NULL
 *
 * The content decides what a file is; the name does not. A pipe given by name
 * is spooled as well. The temporary file is made in TMPDIR, else in /var/tmp.
 *
 * ELF memory is placed by p_paddr; segments whose p_paddr is -1 (kcore's
 * vmalloc and vmemmap, fs/proc/kcore.c) are not physical memory and are left
 * out. What p_memsz has beyond p_filesz is absent, not zero. Of segments that
 * overlap, the one that starts first holds the bytes. A file in procfs with a
 * NT_TASKSTRUCT note is kcore, and live. Compressed dumps need libkdumpfile:
 * without it LUSER_UNSUPPORTED.
 *
 * Return: LUSER_OK, LUSER_MISSING, LUSER_SYSTEM, LUSER_DENIED (privilege or
 * lockdown, said in the message), LUSER_FORMAT, LUSER_ARGUMENT (the image does
 * not fit above @base), LUSER_UNSUPPORTED, LUSER_NOMEM.
 */
enum luser_code luser_mem_open(const char *path, uint64_t base,
			       struct luser_mem **ret, struct luser_error *err);

/**
 * luser_mem_from_buffer() - memory that the caller already holds
 * @buf:    stays the caller's, and must outlive the result
 * @len:    bytes in @buf
 * @base:   physical address of @buf[0]
 * @stable: true if nobody writes to @buf meanwhile; it is then read in place
 *          instead of through a copy
 * @ret:    the open memory
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (no bytes, or @base + @len overflows),
 * LUSER_NOMEM.
 */
enum luser_code luser_mem_from_buffer(const void *buf, size_t len,
				      uint64_t base, bool stable,
				      struct luser_mem **ret,
				      struct luser_error *err);

/**
 * luser_mem_close() - release everything that @mem holds
 * @mem: may be NULL
 */
void luser_mem_close(struct luser_mem *mem);

/**
 * luser_mem_read() - copy bytes out of physical memory
 * @mem:  open memory
 * @phys: first byte
 * @buf:  receives @len bytes; on failure its content means nothing
 * @len:  may cross from one segment into the next
 * @err:  may be NULL; names the first address that could not be read
 *
 * A page per call is fast enough for long walks: while each call goes on behind
 * the last one, a file of bytes is read ahead, up to 128 KiB. Any other call
 * reads what is there now, and /proc/kcore is never read ahead. Files are never
 * mapped: one that shrinks meanwhile gives an error here, not a SIGBUS.
 *
 * Return: LUSER_OK, LUSER_NODATA (not in this memory, or beyond the end of a
 * file that was cut short), LUSER_EXCLUDED, LUSER_SYSTEM, LUSER_DENIED.
 */
enum luser_code luser_mem_read(struct luser_mem *mem, uint64_t phys, void *buf,
			       size_t len, struct luser_error *err);

/**
 * luser_mem_view() - bytes in place, where that is safe
 * @mem:  open memory
 * @phys: first byte
 * @len:  length
 *
 * Return: a pointer into a buffer declared stable, else NULL: read a copy.
 */
const void *luser_mem_view(struct luser_mem *mem, uint64_t phys, size_t len);

/**
 * struct luser_range - a stretch of physical memory
 * @start: first byte
 * @len:   bytes; never zero, never wrapping
 */
struct luser_range {
	uint64_t start;
	uint64_t len;
};

/**
 * luser_mem_ranges() - what this memory holds
 * @mem:   open memory
 * @count: number of ranges
 *
 * Return: ranges sorted by address, not overlapping; owned by @mem.
 */
const struct luser_range *luser_mem_ranges(const struct luser_mem *mem,
					   size_t *count);

/**
 * luser_mem_is_all() - is what this memory holds all the machine's memory
 * @mem: open memory
 *
 * Return: true for /proc/kcore and for an ELF dump that leaves nothing out:
 * what is in none of luser_mem_ranges() is no RAM. False where that is not
 * known: raw images, buffers, compressed dumps, and what luser_save kept.
 */
bool luser_mem_is_all(const struct luser_mem *mem);

/**
 * luser_mem_complete() - does the file hold all that its headers promise
 * @mem: open memory
 * @err: may be NULL; its phys is the first address that is missing
 *
 * A dump that was cut short still opens, and what is there still reads.
 *
 * Return: LUSER_OK or LUSER_NODATA.
 */
enum luser_code luser_mem_complete(const struct luser_mem *mem,
				   struct luser_error *err);

/**
 * luser_mem_is_live() - was a running kernel's memory read, so it may be torn
 * @mem: open memory
 *
 * Return: true for /proc/kcore, and for what luser_save kept of it.
 */
bool luser_mem_is_live(const struct luser_mem *mem);

/**
 * luser_mem_format() - the format in a word
 * @mem: open memory
 *
 * Return: "ELF dump", "kcore", "compressed dump", "raw image" or "buffer".
 */
const char *luser_mem_format(const struct luser_mem *mem);

/**
 * luser_mem_vmcoreinfo() - one value of the dump's VMCOREINFO note
 * @mem:  open memory
 * @key:  for example "PAGESIZE" or "OSRELEASE"
 * @buf:  receives the value, NUL-terminated, cut to fit
 * @len:  size of @buf
 *
 * Return: true if the key is there.
 */
bool luser_mem_vmcoreinfo(const struct luser_mem *mem, const char *key,
			  char *buf, size_t len);

/**
 * typedef luser_mem_observer - told of every successful read
 * @ctx:  as given to luser_mem_observe()
 * @phys: first byte read
 * @buf:  the bytes as the reader got them
 * @len:  how many
 */
typedef void luser_mem_observer(void *ctx, uint64_t phys, const void *buf,
				size_t len);

/**
 * luser_mem_observe() - watch what is read, to save or to count it
 * @mem: open memory
 * @fn:  called after each successful read or view; NULL to stop
 * @ctx: handed to @fn
 *
 * There is one observer. luser_source_scan()'s search is not reported.
 */
void luser_mem_observe(struct luser_mem *mem, luser_mem_observer *fn,
		       void *ctx);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_MEM_H */
