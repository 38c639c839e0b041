// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <luser/array.h>
#include <luser/encode.h>

#include "fnv.h"
#include "grow.h"
#include "replay.h"

static void __attribute__((format(printf, 1, 2), noreturn))
fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

static void must(enum luser_code code, const char *what,
		 const struct luser_error *err)
{
	if (code != LUSER_OK)
		fail("%s: %s", what, err->message);
}

/* Untouched pages of it cost nothing, so holes in a dump do not. */
static void *reserve(size_t len)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		fail("no address space for %zu bytes", len);
	return at;
}

static bool is_marked(const uint8_t *marks, size_t len)
{
	return *marks || memcmp(marks, marks + 1, len - 1);
}

/*
 * A byte that is read twice may have changed meanwhile: what was checked is
 * then not what is used. To tell layouts of one name apart, all of them are
 * read.
 */
static void note_read(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	struct replay *r = ctx;
	uint8_t *marks = r->marks + (phys - r->base);

	(void)buf;
	if (is_marked(marks, len))
		r->twice = phys;
	memset(marks, 1, len);
	r->marked = grow(r->marked, r->nr_marked, sizeof(*r->marked));
	r->marked[r->nr_marked++] = (struct luser_range){phys, len};
}

static void forget_reads(struct replay *r)
{
	for (size_t i = 0; i < r->nr_marked; i++)
		memset(r->marks + (r->marked[i].start - r->base), 0,
		       r->marked[i].len);
	r->nr_marked = 0;
}

/**
 * struct listener - who hears one walk
 */
struct listener {
	struct replay *replay;
	struct verdict verdict;
	size_t depth;
};

void replay_learn(struct replay *r, const struct luser_node *node)
{
	uint64_t phys = node->phys & ~(uint64_t)(r->page_size - 1);

	if (node->kind != LUSER_NODE_STRUCT || !node->array ||
	    !node->array->checksum || replay_sealed(r, phys))
		return;
	r->sealed = grow(r->sealed, r->nr_sealed, sizeof(*r->sealed));
	r->sealed[r->nr_sealed++] = (struct sealed_page){phys, node->array};
}

static void learn_struct(struct replay *r, const struct luser_node *node)
{
	if (node->phys == LUSER_NO_PHYS || !node->bytes)
		return;
	r->structs = grow(r->structs, r->nr_structs, sizeof(*r->structs));
	r->structs[r->nr_structs++] = (struct struct_place){
		node->phys, node->size, node->type,
	};
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct listener *l = ctx;

	l->depth++;
	if (l->replay->entered)
		l->replay->entered(node);
	if (node->nr_candidates) {
		l->replay->judged = true;
		fnv_add(&l->verdict.sum, node->abi->id,
			strlen(node->abi->id) + 1);
	}
	if (l->replay->learning && node->kind == LUSER_NODE_STRUCT) {
		replay_learn(l->replay, node);
		learn_struct(l->replay, node);
	}
	return LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	struct listener *l = ctx;

	(void)node;
	l->depth--;
}

static void finding(void *ctx, const struct luser_finding *f)
{
	struct listener *l = ctx;
	struct verdict *v = &l->verdict;
	bool first = !v->nr[LUSER_ERROR] && !v->nr[LUSER_WARNING];
	char path[256];

	if (!f->rule || !f->text || !f->found || !f->expected)
		fail("a finding does not say all");
	luser_path(f->node, f->field, path, sizeof(path));
	fnv_add(&v->sum, &f->severity, sizeof(f->severity));
	fnv_add(&v->sum, f->rule, strlen(f->rule) + 1);
	fnv_add(&v->sum, path, strlen(path) + 1);
	fnv_add(&v->sum, &f->phys, sizeof(f->phys));
	if (f->severity != LUSER_NOTE &&
	    (first || (f->severity == LUSER_ERROR && !v->nr[LUSER_ERROR])))
		snprintf(v->rule, sizeof(v->rule), "%s", f->rule);
	v->nr[f->severity]++;
	if (l->replay->heard)
		l->replay->heard(f);
}

static void protect(uint8_t *page, int protection)
{
	if (mprotect(page, (size_t)getpagesize(), protection))
		fail("a page cannot be closed or opened");
}

/*
 * What is cut off is not to be looked at; the pages in front of the whole and
 * behind it are always closed.
 */
static void guard(const struct replay *r, int protection)
{
	uint64_t page = (uint64_t)getpagesize();
	uint64_t start = (r->start - r->base) / page * page;
	uint64_t end = (r->end - r->base + page - 1) / page * page;

	if (start)
		protect(r->span + start - page, protection);
	if (end < r->len)
		protect(r->span + end, protection);
}

struct verdict replay_walk(struct replay *r)
{
	bool in_place = __builtin_parityll(r->nr_walks++);
	static const struct luser_visitor visitor = {
		.enter = enter,
		.leave = leave,
		.finding = finding,
	};
	const struct luser_walk_options options = {.page_size = r->page_size};
	struct listener l = {
		.replay = r,
		.verdict.sum = FNV_START,
	};
	struct luser_error err;

	forget_reads(r);
	r->twice = LUSER_NO_PHYS;
	guard(r, PROT_NONE);
	must(luser_walk(in_place ? r->in_place : r->mem, r->root, &options,
			&visitor, &l, &err), "walk", &err);
	guard(r, PROT_READ | PROT_WRITE);
	if (l.depth)
		fail("%zu objects were entered and not left", l.depth);
	if (r->twice != LUSER_NO_PHYS && !r->judged)
		fail("what is at 0x%" PRIx64 " is read twice", r->twice);
	return l.verdict;
}

uint8_t *replay_at(const struct replay *r, uint64_t phys)
{
	return r->span + (phys - r->base);
}

const struct sealed_page *replay_sealed(const struct replay *r, uint64_t phys)
{
	uint64_t page = phys & ~(uint64_t)(r->page_size - 1);

	for (size_t i = 0; i < r->nr_sealed; i++)
		if (r->sealed[i].phys == page)
			return &r->sealed[i];
	return NULL;
}

void replay_keep_sealed(struct replay *r)
{
	size_t reads = 0, structs = 0;

	for (size_t i = 0; i < r->nr_reads; i++)
		if (replay_sealed(r, r->reads[i].start))
			r->reads[reads++] = r->reads[i];
	for (size_t i = 0; i < r->nr_structs; i++)
		if (replay_sealed(r, r->structs[i].phys))
			r->structs[structs++] = r->structs[i];
	r->nr_reads = reads;
	r->nr_structs = structs;
}

void replay_seal(const struct replay *r, const struct sealed_page *page)
{
	uint8_t *at = replay_at(r, page->phys);
	uint32_t sum = luser_page_checksum(page->array, at, r->page_size);

	luser_field_set(page->array->checksum, at, 0, sum);
}

void replay_room(struct replay *r, uint64_t base, size_t len,
		 uint32_t page_size)
{
	size_t page = (size_t)getpagesize();

	memset(r, 0, sizeof(*r));
	r->page_size = page_size;
	r->base = base;
	r->len = len;
	r->span = (uint8_t *)reserve(len + 2 * page) + page;
	protect(r->span - page, PROT_NONE);
	protect(r->span + (len + page - 1) / page * page, PROT_NONE);
	r->marks = reserve(len);
}

static uint32_t page_size_of(struct luser_mem *dump)
{
	char value[16];

	if (!luser_mem_vmcoreinfo(dump, "PAGESIZE", value, sizeof(value)))
		return 4096;
	return (uint32_t)strtoul(value, NULL, 10);
}

static void take_in(struct replay *r, struct luser_mem *dump)
{
	size_t nr;
	const struct luser_range *ranges = luser_mem_ranges(dump, &nr);
	const struct luser_range *last = &ranges[nr - 1];
	struct luser_error err;

	replay_room(r, ranges[0].start,
		    last->start + last->len - ranges[0].start,
		    page_size_of(dump));
	for (size_t i = 0; i < nr; i++)
		must(luser_mem_read(dump, ranges[i].start,
				    replay_at(r, ranges[i].start),
				    ranges[i].len, &err), "read", &err);
}

/* What was read is for others to use; it stays marked until the next walk. */
static void keep_reads(struct replay *r)
{
	r->reads = reallocarray(NULL, r->nr_marked + 1, sizeof(*r->reads));
	if (!r->reads)
		fail("no memory");
	memcpy(r->reads, r->marked, r->nr_marked * sizeof(*r->reads));
	r->nr_reads = r->nr_marked;
}

void replay_limit(struct replay *r, uint64_t start, uint64_t end)
{
	struct luser_error err;

	luser_mem_close(r->mem);
	luser_mem_close(r->in_place);
	r->start = start;
	r->end = end;
	must(luser_mem_from_buffer(replay_at(r, start), end - start, start,
				   false, &r->mem, &err), "memory", &err);
	must(luser_mem_from_buffer(replay_at(r, start), end - start, start,
				   true, &r->in_place, &err), "memory", &err);
	luser_mem_observe(r->mem, note_read, r);
	luser_mem_observe(r->in_place, note_read, r);
}

void replay_start(struct replay *r, uint64_t root)
{
	r->known = (struct luser_root){
		.role = LUSER_ROLE_UNKNOWN,
		.why = "",
		.phys = root,
	};
	r->root = &r->known;
	replay_limit(r, r->base, r->base + r->len);
}

void replay_from(struct replay *r, uint64_t root)
{
	replay_start(r, root);
	r->learning = true;
	r->sound = replay_walk(r);
	r->learning = false;
	keep_reads(r);
}

void replay_open(struct replay *r, const char *path)
{
	struct luser_source *source;
	struct luser_mem *dump;
	struct luser_error err;
	size_t nr;

	must(luser_mem_open(path, 0, &dump, &err), path, &err);
	must(luser_source_scan(dump, NULL, NULL, &source, &err), path, &err);
	take_in(r, dump);
	luser_mem_close(dump);
	replay_from(r, luser_source_roots(source, &nr)->phys);
	luser_source_close(source);
}

void replay_close(struct replay *r)
{
	size_t page = (size_t)getpagesize();

	luser_mem_close(r->mem);
	luser_mem_close(r->in_place);
	munmap(r->marks, r->len);
	munmap(r->span - page, r->len + 2 * page);
	free(r->reads);
	free(r->marked);
	free(r->sealed);
	free(r->structs);
}
