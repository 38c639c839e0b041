// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Reading memory that the caller holds, and files: any address and length, of
 * which what is read goes where there is exactly as much room.
 */
#include <errno.h>
#include <unistd.h>

#include "any.h"
#include "io_internal.h"
#include "mem_internal.h"

#define HELD 100
#define MOST 8

static uint8_t room[MOST];

/* What is read, and what was looked at in place, lies in the buffer. */
static void read_some(struct luser_mem *mem, size_t len)
{
	uint64_t phys = any_number(0, UINT64_MAX);
	struct luser_error err;
	const uint8_t *view;

	luser_mem_read(mem, phys, room + MOST - len, len, &err);
	view = luser_mem_view(mem, phys, len);
	if (view && len)
		(void)view[len - 1];
}

static void read_buffer(uint64_t base, bool stable)
{
	struct luser_mem *mem;
	struct luser_error err;

	if (luser_mem_from_buffer(any_bytes(HELD), HELD, base, stable, &mem,
				  &err) != LUSER_OK)
		return;
	for (size_t len = 0; len <= MOST; len++)
		read_some(mem, len);
	luser_mem_close(mem);
}

/* As read(2) has it: an error, the end, or some of what was asked for. */
static ssize_t any_part(void *buf, size_t len)
{
	int n = Frama_C_interval_split(-1, (int)len);

	if (n < 0)
		errno = Frama_C_interval(1, 133);
	else
		Frama_C_make_unknown(buf, (size_t)n);
	return n;
}

ssize_t pread(int fd, void *buf, size_t len, off_t at)
{
	(void)fd;
	(void)at;
	return any_part(buf, len);
}

ssize_t read(int fd, void *buf, size_t len)
{
	(void)fd;
	return any_part(buf, len);
}

static void read_file(void)
{
	for (size_t len = 0; len <= MOST; len++) {
		uint64_t at = any_number(0, INT64_MAX - MOST);
		size_t got = 0;

		if (!luser_pread_all(3, room + MOST - len, len, at, &got) && got)
			(void)room[MOST - len + got - 1];
		if (!luser_read_all(3, room + MOST - len, len, &got) && got)
			(void)room[MOST - len + got - 1];
	}
}

int main(void)
{
	static const uint64_t bases[] = { 0, 4096, UINT64_MAX - HELD,
					  UINT64_MAX - HELD + 1 };

	for (uint32_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		read_buffer(bases[i], false);
		read_buffer(bases[i], true);
	}
	read_file();
	return 0;
}
