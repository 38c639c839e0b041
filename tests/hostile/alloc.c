// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alloc.h"

#define PAGE ((size_t)4096)
#define SLACK 0xa5
/* Blocks of up to so many pages are kept for the next one of that size. */
#define KEPT 64

/**
 * struct block - in a page in front of the closed one that is in front of a
 * block's own
 * @size:  as asked for
 * @at:    where it starts
 * @pages: its pages
 * @next:  of those that are free
 */
struct block {
	size_t size;
	uint8_t *at;
	size_t pages;
	struct block *next;
};

static struct block *unused[KEPT];
static size_t live;
static size_t fail_in;
static bool failed;
static bool start;

/* Nothing here may allocate, so there is nobody to tell. */
static void need(bool that)
{
	if (!that)
		abort();
}

static void open_pages(void *at, size_t pages)
{
	need(!mprotect(at, pages * PAGE, PROT_READ | PROT_WRITE));
}

static uint8_t *pages_of(struct block *b)
{
	return (uint8_t *)b + 2 * PAGE;
}

static struct block *new_block(size_t pages)
{
	struct block *b = mmap(NULL, (pages + 3) * PAGE, PROT_NONE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		return NULL;
	open_pages(b, 1);
	open_pages(pages_of(b), pages);
	return b;
}

static struct block *take(size_t pages)
{
	struct block *b = pages < KEPT ? unused[pages] : NULL;

	if (!b)
		return new_block(pages);
	unused[pages] = b->next;
	return b;
}

static bool may_fail(void)
{
	if (!fail_in || --fail_in)
		return false;
	failed = true;
	return true;
}

static void *allocate(size_t size)
{
	size_t room = size ? (size + 7) & ~(size_t)7 : 8;
	size_t pages = (room + PAGE - 1) / PAGE;
	struct block *b;
	uint8_t *at;

	if (size > SIZE_MAX / 2 || may_fail() || !(b = take(pages))) {
		errno = ENOMEM;
		return NULL;
	}
	at = start ? pages_of(b) : pages_of(b) + pages * PAGE - room;
	memset(at + size, SLACK, room - size);
	*b = (struct block){size, at, pages, NULL};
	live++;
	return at;
}

static struct block *block_of(void *at)
{
	uint8_t *page = (uint8_t *)((uintptr_t)at & ~(PAGE - 1));
	struct block *b = (struct block *)(page - 2 * PAGE);

	need(b->at == at);
	return b;
}

void free(void *at)
{
	struct block *b;

	if (!at)
		return;
	b = block_of(at);
	for (size_t i = b->size; i & 7; i++)
		need(b->at[i] == SLACK);
	live--;
	if (b->pages >= KEPT) {
		munmap(b, (b->pages + 3) * PAGE);
		return;
	}
	/* To close them is slow; uses of freed memory are the sanitizers' part. */
	memset(b->at, SLACK, b->size);
	b->at = NULL;
	b->next = unused[b->pages];
	unused[b->pages] = b;
}

void *malloc(size_t size)
{
	uint8_t *at = allocate(size);

	/* Nobody may count on zeros. */
	if (at)
		memset(at, SLACK, size);
	return at;
}

void *calloc(size_t nr, size_t size)
{
	void *at;

	if (__builtin_mul_overflow(nr, size, &size))
		return NULL;
	at = allocate(size);
	if (at)
		memset(at, 0, size);
	return at;
}

void *realloc(void *old, size_t size)
{
	void *at = malloc(size);
	size_t had;

	if (!at || !old)
		return at;
	had = block_of(old)->size;
	memcpy(at, old, had < size ? had : size);
	free(old);
	return at;
}

void alloc_at_start(bool at_start)
{
	start = at_start;
}

void alloc_fail(size_t nr)
{
	fail_in = nr;
	failed = false;
}

bool alloc_failed(void)
{
	return failed;
}

size_t alloc_live(void)
{
	return live;
}
