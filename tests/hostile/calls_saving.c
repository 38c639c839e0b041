// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <sys/stat.h>
#include <unistd.h>

#include <luser/save.h>
#include <luser/walk.h>

#include "calls.h"

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct sum *sum = ctx;

	sum->told += finding->severity != LUSER_NOTE;
}

static enum luser_code save_walk(struct luser_mem *mem,
				 const struct luser_source *source,
				 const char *to, struct sum *sum)
{
	static const struct luser_visitor visitor = {.finding = finding};
	const struct luser_root *roots;
	struct luser_save *save;
	enum luser_code code;
	size_t nr;

	roots = luser_source_roots(source, &nr);
	code = luser_save_open(to, mem, &save, NULL);
	if (code != LUSER_OK)
		return code;
	code = luser_walk(mem, roots, NULL, &visitor, sum, NULL);
	if (code == LUSER_OK)
		return luser_save_finish(save, roots, nr, CALLS_PAGE, NULL);
	luser_save_cancel(save);
	return code;
}

enum luser_code calls_walk_and_save(const char *from, const char *to,
				    struct sum *sum)
{
	struct luser_source *source;
	struct luser_mem *mem;
	enum luser_code code = luser_mem_open(from, 0, &mem, NULL);

	if (code != LUSER_OK)
		return code;
	code = luser_source_scan(mem, NULL, NULL, &source, NULL);
	if (code == LUSER_OK) {
		code = save_walk(mem, source, to, sum);
		luser_source_close(source);
	}
	luser_mem_close(mem);
	return code;
}

void calls_check_file(const char *path, enum luser_code code, struct sum *sum)
{
	struct stat st;
	bool there = !stat(path, &st);

	must(there == (code == LUSER_OK), "a file was left, or is not there");
	if (!there)
		return;
	sum_bytes(sum, &st.st_size, sizeof(st.st_size));
	must(!unlink(path), path);
}

enum luser_code call_save(struct sum *sum)
{
	enum luser_code code = calls_walk_and_save("dump", "out", sum);

	calls_check_file("out", code, sum);
	return code;
}

/* Blobs alone, as of a copy of debugfs: there is no memory. */
enum luser_code calls_save_debugfs(const char *to, struct sum *sum)
{
	struct luser_source *source;
	struct luser_save *save;
	enum luser_code code = luser_source_debugfs("kho", &source, NULL);
	const struct luser_root *roots;
	size_t nr;

	if (code != LUSER_OK)
		return code;
	sum_source(sum, source);
	roots = luser_source_roots(source, &nr);
	code = luser_save_open(to, NULL, &save, NULL);
	if (code == LUSER_OK)
		code = luser_save_finish(save, roots, nr, CALLS_PAGE, NULL);
	luser_source_close(source);
	return code;
}

enum luser_code call_save_debugfs(struct sum *sum)
{
	enum luser_code code = calls_save_debugfs("out", sum);

	calls_check_file("out", code, sum);
	return code;
}
