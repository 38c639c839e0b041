// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <luser/mem.h>

#include "calls.h"

/* What a source has; it is closed. */
static enum luser_code take(enum luser_code code, struct luser_source **source,
			    struct sum *sum)
{
	if (code != LUSER_OK)
		return code;
	sum_source(sum, *source);
	luser_source_close(*source);
	return code;
}

enum luser_code call_debugfs(struct sum *sum)
{
	struct luser_source *source;

	return take(luser_source_debugfs("kho", &source, NULL), &source, sum);
}

enum luser_code call_boot_params(struct sum *sum)
{
	struct luser_source *source;

	return take(luser_source_boot_params("setup_data", &source, NULL),
		    &source, sum);
}

enum luser_code call_tree_of_files(struct sum *sum)
{
	struct luser_source *source;

	return take(luser_source_device_tree("tree", &source, NULL), &source,
		    sum);
}

enum luser_code call_flat_tree(struct sum *sum)
{
	struct luser_source *source;

	return take(luser_source_device_tree("flat", &source, NULL), &source,
		    sum);
}

static enum luser_code roots_of(const char *path, struct sum *sum)
{
	struct luser_source *source = NULL;
	struct luser_mem *mem;
	enum luser_code code = luser_mem_open(path, CALLS_BASE, &mem, NULL);

	if (code != LUSER_OK)
		return code;
	code = luser_source_scan(mem, NULL, NULL, &source, NULL);
	luser_mem_close(mem);
	return take(code, &source, sum);
}

enum luser_code call_raw_memory(struct sum *sum)
{
	struct luser_mem *mem;
	enum luser_code code = luser_mem_open("raw", CALLS_BASE, &mem, NULL);
	uint8_t bytes[16];

	if (code != LUSER_OK)
		return code;
	code = luser_mem_read(mem, CALLS_BASE + 100, bytes, sizeof(bytes), NULL);
	luser_mem_close(mem);
	if (code == LUSER_OK)
		sum_bytes(sum, bytes, sizeof(bytes));
	return code;
}

enum luser_code call_saved_roots(struct sum *sum)
{
	return roots_of("saved", sum);
}

enum luser_code call_saved_blobs(struct sum *sum)
{
	return roots_of("blobs", sum);
}

enum luser_code call_booted(struct sum *sum)
{
	return roots_of("booted", sum);
}

/* A pipe cannot be read twice, so that each run has its own. */
enum luser_code call_pipe(struct sum *sum)
{
	static const char text[] = "from a pipe, neither ELF nor compressed";
	enum luser_code code;
	char path[32];
	int ends[2];

	must(!pipe(ends) && write(ends[1], text, sizeof(text)) > 0, "pipe");
	syscall(SYS_close, ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	code = roots_of(path, sum);
	syscall(SYS_close, ends[0]);
	return code == LUSER_MISSING ? LUSER_OK : code;
}

