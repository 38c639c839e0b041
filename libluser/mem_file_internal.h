/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Memory that lies in a file as plain bytes, in segments. */
#ifndef LUSER_MEM_FILE_INTERNAL_H
#define LUSER_MEM_FILE_INTERNAL_H

#include "mem_internal.h"

struct mem_segment;

/**
 * struct mem_file - a file and where its parts belong
 * @mem:         the shared part
 * @fd:          the file, owned
 * @segments:    after luser_mem_file_seal() sorted and not overlapping
 * @nr_segments: how many
 * @has_size:    it is a file of bytes, which can be read before they are asked
 *               for
 * @end:         offset behind what was read last
 * @ahead:       bytes that were read before they are asked for, or NULL
 * @ahead_at:    their offset
 * @ahead_len:   how many
 */
struct mem_file {
	struct luser_mem mem;
	int fd;
	struct mem_segment *segments;
	size_t nr_segments;
	bool has_size;
	uint64_t end;
	uint8_t *ahead;
	uint64_t ahead_at;
	size_t ahead_len;
};

/**
 * luser_mem_file_new() - begin
 * @fd:     owned from here on, also on failure
 * @format: the format in a word, static
 *
 * Return: the object, to be released with luser_mem_close(); NULL without
 * memory.
 */
struct mem_file *luser_mem_file_new(int fd, const char *format);

/**
 * luser_mem_file_add() - one segment
 * @phys:   physical address; with @len it does not wrap
 * @offset: of its first byte in the file; with @len within INT64_MAX
 * @len:    bytes, not 0
 */
enum luser_code luser_mem_file_add(struct mem_file *file, uint64_t phys,
				   uint64_t offset, uint64_t len,
				   struct luser_error *err);

/**
 * luser_mem_file_seal() - all segments are there: make it readable
 * @size: bytes in the file, what lies beyond is missing; UINT64_MAX if the
 *        size says nothing, as in procfs
 *
 * Where segments overlap, the one that starts first holds the bytes (kcore has
 * the kernel's text twice, fs/proc/kcore.c).
 */
enum luser_code luser_mem_file_seal(struct mem_file *file, uint64_t size,
				    struct luser_error *err);

#endif /* LUSER_MEM_FILE_INTERNAL_H */
