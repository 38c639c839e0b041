/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Reads and writes that do all of it, whatever signals and the kernel do. */
#ifndef LUSER_IO_INTERNAL_H
#define LUSER_IO_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

/**
 * luser_pread_all() - read until @len bytes or the end of the file
 * @fd:   file
 * @buf:  receives the bytes
 * @len:  how many are wanted
 * @at:   offset in the file
 * @got:  how many came; less than @len only at the end of the file
 *
 * Return: 0 or an errno.
 */
int luser_pread_all(int fd, void *buf, size_t len, uint64_t at, size_t *got);

/** luser_read_all() - the same from the file's own position */
int luser_read_all(int fd, void *buf, size_t len, size_t *got);

/** luser_pwrite_all() - write @len bytes; 0 or an errno */
int luser_pwrite_all(int fd, const void *buf, size_t len, uint64_t at);

#endif /* LUSER_IO_INTERNAL_H */
