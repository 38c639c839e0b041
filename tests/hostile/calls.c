// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the library does beside walking, while the machine fails: each
 * allocation in turn, and each call of the operating system in turn.
 *
 * usage: calls DUMP AUDITED
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alloc.h"
#include "calls.h"
#include "fault.h"

void sum_bytes(struct sum *sum, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	sum->value = sum->value * 31 + len;
	while (len--)
		sum->value = sum->value * 31 + *bytes++;
}

void sum_text(struct sum *sum, const char *text)
{
	sum_bytes(sum, text, strlen(text));
}

static void add_root(struct sum *sum, const struct luser_root *root)
{
	sum_bytes(sum, &root->role, sizeof(root->role));
	sum_bytes(sum, &root->phys, sizeof(root->phys));
	sum->told += strstr(root->why, "be read") != NULL;
	sum_text(sum, root->why);
	sum_bytes(sum, root->fdt.data, root->fdt.len);
	for (size_t i = 0; i < root->nr_blobs; i++) {
		sum_text(sum, root->blobs[i].name);
		sum_bytes(sum, root->blobs[i].data, root->blobs[i].len);
	}
	sum_bytes(sum, root->scratch,
		  root->nr_scratch * sizeof(*root->scratch));
}

void sum_source(struct sum *sum, const struct luser_source *source)
{
	size_t nr;
	const struct luser_root *roots = luser_source_roots(source, &nr);

	for (size_t i = 0; i < nr; i++)
		add_root(sum, &roots[i]);
}

enum luser_code calls_image(uint64_t pages,
			    enum luser_code (*run)(struct luser_image *image,
						   void *ctx),
			    void *ctx)
{
	struct luser_image *image;
	enum luser_code code = luser_image_new(CALLS_BASE, pages * CALLS_PAGE,
					       CALLS_PAGE, &image, NULL);

	if (code != LUSER_OK)
		return code;
	code = run(image, ctx);
	luser_image_free(image);
	return code;
}

enum luser_code calls_walk(struct luser_image *image, uint64_t root,
			   uint32_t page_size,
			   const struct luser_visitor *visitor, void *ctx)
{
	const struct luser_walk_options options = {.page_size = page_size};
	const struct luser_root out = {.role = LUSER_ROLE_OUT, .phys = root};
	struct luser_mem *mem;
	enum luser_code code = luser_image_mem(image, &mem, NULL);

	if (code != LUSER_OK)
		return code;
	code = luser_walk(mem, &out, &options, visitor, ctx, NULL);
	luser_mem_close(mem);
	return code;
}

void must(bool that, const char *what)
{
	if (that)
		return;
	fprintf(stderr, "calls: %s\n", what);
	exit(1);
}

/* The first file descriptor that is free: the same unless one was lost. */
static int first_free(void)
{
	int fd = dup(STDERR_FILENO);

	syscall(SYS_close, fd);
	return fd;
}

/**
 * struct call - what is done, and what came of it when nothing failed
 */
struct call {
	const char *name;
	enum luser_code (*run)(struct sum *sum);
	struct sum sound;
};

static enum luser_code run(const struct call *call, struct sum *sum)
{
	size_t live = alloc_live();
	int fd = first_free();
	enum luser_code code;

	*sum = (struct sum){0};
	code = call->run(sum);
	must(alloc_live() == live, "memory is lost");
	must(first_free() == fd, "a file is left open");
	return code;
}

static void fail(const struct call *call, const char *what, size_t nr,
		 enum luser_code code)
{
	fprintf(stderr, "calls: %s, %s %zu: %s\n", call->name, what, nr,
		code == LUSER_OK ? "this is not said" : luser_code_text(code));
	exit(1);
}

static void run_sound(struct call *call)
{
	enum luser_code code = run(call, &call->sound);

	if (code != LUSER_OK)
		fail(call, "no fault", 0, code);
}

/* Memory that is not had is said to be that, or was not needed. */
static size_t fail_allocations(const struct call *call)
{
	for (size_t nr = 1;; nr++) {
		enum luser_code code;
		struct sum sum;

		alloc_fail(nr);
		code = run(call, &sum);
		if (!alloc_failed())
			return nr - 1;
		if (code != LUSER_NOMEM &&
		    (code != LUSER_OK || sum.value != call->sound.value))
			fail(call, "failed allocation", nr, code);
	}
}

/* What comes in parts, or later, is whole; what was lost is said. */
static bool is_right(const struct call *call, enum fault how,
		     enum luser_code code, const struct sum *sum)
{
	if (code == LUSER_OK && sum->value == call->sound.value)
		return true;
	return (how == FAULT_FAILS || how == FAULT_ENDS) &&
	       (code != LUSER_OK || sum->told > call->sound.told);
}

static size_t fail_calls(const struct call *call, enum fault how)
{
	for (size_t nr = 1;; nr++) {
		enum luser_code code;
		struct sum sum;

		fault_call(how, nr);
		code = run(call, &sum);
		if (!fault_seen())
			return nr - 1;
		if (!is_right(call, how, code, &sum))
			fail(call, fault_name(how), nr, code);
	}
}

static void try_call(struct call *call)
{
	size_t allocations, calls[FAULTS];

	run_sound(call);
	allocations = fail_allocations(call);
	alloc_fail(0);
	for (enum fault how = FAULT_FAILS; how < FAULTS; how++)
		calls[how] = fail_calls(call, how);
	fault_call(FAULT_FAILS, 0);
	printf("%-16s %3zu failed allocations, %3zu calls, %3zu transfers\n",
	       call->name, allocations, calls[FAULT_FAILS],
	       calls[FAULT_IS_SHORT]);
}

static int take_away(const char *path, const struct stat *st, int kind,
		     struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* The files are in a directory of their own. */
int main(int argc, char **argv)
{
	struct call calls[] = {
		{"debugfs", call_debugfs, {0}},
		{"boot parameters", call_boot_params, {0}},
		{"device tree", call_tree_of_files, {0}},
		{"flat tree", call_flat_tree, {0}},
		{"raw memory", call_raw_memory, {0}},
		{"pipe", call_pipe, {0}},
		{"saved roots", call_saved_roots, {0}},
		{"saved blobs", call_saved_blobs, {0}},
		{"booted", call_booted, {0}},
		{"save", call_save, {0}},
		{"save debugfs", call_save_debugfs, {0}},
		{"audit", call_audit, {0}},
		{"check", call_check, {0}},
		{"write radix tree", call_write_radix, {0}},
		{"write bitmaps", call_write_bitmaps, {0}},
		{"unsorted map", call_unsorted_map, {0}},
		{"last blocks", call_last_blocks, {0}},
	};
	char directory[] = "/tmp/luser-calls.XXXXXX";
	char *dump, *audited;

	if (argc != 3) {
		fprintf(stderr, "usage: calls DUMP AUDITED\n");
		return 2;
	}
	dump = realpath(argv[1], NULL);
	audited = realpath(argv[2], NULL);
	must(dump && audited && mkdtemp(directory) && !chdir(directory) &&
	     !setenv("TMPDIR", directory, 1), argv[1]);
	calls_files(dump, audited);
	free(dump);
	free(audited);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		try_call(&calls[i]);
	must(!nftw(directory, take_away, 8, FTW_DEPTH | FTW_PHYS), directory);
	return 0;
}
