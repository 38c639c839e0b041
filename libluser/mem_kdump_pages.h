/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Is a page of a compressed dump in the file?
 *
 * libkdumpfile 0.5.1 reads zeros where a file was cut short. The dump's own
 * page descriptors tell where each page should be: one for each page that is
 * in the dump, in the order of the page numbers (makedumpfile's
 * IMPLEMENTATION file: blocks of header, sub header, bitmaps, descriptors).
 */
#ifndef LUSER_MEM_KDUMP_PAGES_H
#define LUSER_MEM_KDUMP_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct kdump_pages - reads the descriptors one after the other
 * @fd:   the dump
 * @size: of the file
 * @at:   offset of the descriptors that are not in @buf yet
 * @used: bytes of @buf that were looked at, of
 * @have: bytes in it
 */
struct kdump_pages {
	int fd;
	uint64_t size;
	uint64_t at;
	size_t used;
	size_t have;
	uint8_t buf[24 * 1024];
};

/**
 * kdump_pages_start() - in front of the first page in the dump
 *
 * Return: false if the headers are not those of a 64-bit dump of pages of
 * @page_size.
 */
bool kdump_pages_start(struct kdump_pages *pages, int fd, uint64_t page_size);

/** kdump_pages_next() - the next page: is all of its data in the file? */
bool kdump_pages_next(struct kdump_pages *pages);

#endif /* LUSER_MEM_KDUMP_PAGES_H */
