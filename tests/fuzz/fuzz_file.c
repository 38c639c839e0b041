// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A file that somebody sent: its format, what was saved in it, all roots. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <luser/walk.h>

#include "fuzzer.h"

static void walk_all(struct luser_mem *mem)
{
	static const struct luser_visitor visitor;
	const struct luser_root *roots;
	struct luser_source *source;
	size_t nr;

	if (luser_source_scan(mem, NULL, NULL, &source, NULL) != LUSER_OK)
		return;
	roots = luser_source_roots(source, &nr);
	for (size_t i = 0; i < nr; i++)
		luser_walk(mem, &roots[i], NULL, &visitor, NULL, NULL);
	luser_source_close(source);
}

static int open_input(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open_input(data, size);
	struct luser_mem *mem;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (luser_mem_open(path, 0, &mem, NULL) == LUSER_OK) {
		walk_all(mem);
		luser_mem_close(mem);
	}
	close(fd);
	return 0;
}
