// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The generated decoder of each array's pages on damaged records: it must take
 * those in which luser_record_explain() and luser_slots_explain() find nothing
 * wrong, tell of all others what they say, and leave zeros for what it does not
 * take. Records may be shorter or longer than they are known. What it takes is
 * written, and read, as the same again.
 *
 * usage: whole_pages DUMP...
 *
 * The records are those that walks of the dumps show; those that none shows are
 * made of zeros.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/le.h>

#include "pages.h"
#include "replay.h"
#include "struct_damage.h"

#define MAX_DECODERS 128
/* Of one array in all dumps: these take long. */
#define MAX_PAIRED 8
#define RECORDS 4
/* There are sound ones in front of it and behind. */
#define DAMAGED 1
#define MAX_SIZE 256
#define MAX_SLOTS 64
#define BASE UINT64_C(0x100000000)
#define PAGES 64
#define UNTOUCHED 0xa5

/**
 * struct state - what is known of a decoder
 * @shown: records that it was tried on
 * @paired: those of which pairs of fields were damaged
 * @sound: records that it took
 * @told:  those that it told of
 */
static struct state {
	size_t shown;
	size_t paired;
	size_t sound;
	size_t told;
} states[MAX_DECODERS];

/**
 * struct given - a record that may be in an array's pages
 * @bytes: with zeros behind it
 * @shown: by a walk, so that all its bytes have a meaning
 */
struct given {
	const struct decoder *decoder;
	const struct luser_array *array;
	const struct luser_env *env;
	uint8_t bytes[MAX_SIZE];
	bool shown;
};

/**
 * struct trial - a page of records, of which one is damaged
 * @records: ours, and nothing lies behind them
 * @out:     what they are decoded to
 * @image:   where they are written to
 * @next:    the record that may be told of next
 */
struct trial {
	const struct given *given;
	const struct decoder *decoder;
	struct state *state;
	struct luser_array_reader reader;
	struct luser_slots slots[4];
	uint8_t *records;
	uint8_t *out;
	uint8_t *again;
	struct luser_image *image;
	uint32_t next;
};

static void must(bool that, const struct trial *t, const char *what)
{
	if (that)
		return;
	fprintf(stderr, "%s, %s: %s\n", t->decoder->abi, t->decoder->array,
		what);
	abort();
}

static void *allocate(size_t nr, size_t size)
{
	void *bytes = calloc(nr, size);

	if (!bytes)
		abort();
	return bytes;
}

static bool is_zero(const uint8_t *at, size_t len)
{
	while (len && !at[len - 1])
		len--;
	return !len;
}

/* The slots that a field refers to, or NULL. */
static const struct luser_slots *slots_of(const struct trial *t,
					  const struct luser_field *field)
{
	const char *const *names = t->decoder->slots;

	if (!field->link || field->link->kind != LUSER_TO_INDEX)
		return NULL;
	for (size_t i = 0; names[i]; i++)
		if (!strcmp(names[i], field->link->array->name))
			return &t->slots[i];
	return NULL;
}

static enum luser_code explain(const struct trial *t, uint32_t i,
			       struct luser_error *err)
{
	const struct luser_struct *type = t->reader.array->record;
	uint32_t stride = t->reader.stride;
	uint8_t at[MAX_SIZE] = {0};
	enum luser_code code;

	memcpy(at, t->records + (size_t)i * stride, stride);
	code = luser_record_explain(type, at, stride, &t->reader.env, err);
	for (uint16_t k = 0; k < type->nr_fields && code == LUSER_OK; k++)
		if (slots_of(t, &type->fields[k]))
			code = luser_slots_explain(
				slots_of(t, &type->fields[k]), &type->fields[k],
				at, err);
	return code;
}

static bool is_empty(const struct trial *t, uint32_t i)
{
	return luser_record_empty(t->reader.array->record,
				  t->records + (size_t)i * t->reader.stride,
				  t->reader.stride);
}

/* The records in front of one that is told of are not told of. */
static void pass(struct trial *t, uint32_t end)
{
	struct luser_error err = {0};

	for (; t->next < end; t->next++)
		must(is_empty(t, t->next) ||
			     explain(t, t->next, &err) == LUSER_OK,
		     t, err.message);
}

static void broken(void *ctx, uint64_t index, const struct luser_error *told)
{
	struct trial *t = ctx;
	uint32_t i = (uint32_t)(index - t->reader.slot);
	struct luser_error why = {0};

	pass(t, i);
	must(!is_empty(t, i) && explain(t, i, &why) != LUSER_OK, t,
	     told->message);
	must(!strcmp(told->message, why.message), t, told->message);
	must(told->phys == t->reader.phys + t->reader.array->header->size +
				   (uint64_t)i * t->reader.stride,
	     t, "the address of another record");
	t->next = i + 1;
	t->state->told++;
}

static uint32_t check_out(const struct trial *t)
{
	size_t size = t->decoder->size;
	uint32_t sound = 0;

	for (uint32_t i = 0; i < t->reader.used; i++) {
		bool good = !is_empty(t, i) && explain(t, i, NULL) == LUSER_OK;

		must(good || is_zero(t->out + i * size, size), t,
		     "something is left of one that is not sound");
		sound += good;
	}
	return sound;
}

static struct luser_image *make_image(uint64_t page_size)
{
	struct luser_image *image;

	if (luser_image_new(BASE, PAGES * page_size, (uint32_t)page_size,
			    &image, NULL) != LUSER_OK)
		abort();
	return image;
}

/* A copy of the record that is written. */
static void write_one(struct trial *t, const uint8_t *host, uint8_t *record)
{
	const struct luser_array *array = t->reader.array;
	uint32_t header = array->header->size, size = array->record->size;
	struct luser_array_writer writer;
	const uint8_t *page;

	luser_array_begin(&writer, t->image, array, NULL, 1);
	if (t->decoder->encode(&writer, host, 1) == LUSER_NOMEM) {
		luser_image_free(t->image);
		t->image = make_image(t->reader.env.page_size);
		luser_array_begin(&writer, t->image, array, NULL, 1);
		must(t->decoder->encode(&writer, host, 1) == LUSER_OK, t,
		     "is not written");
	}
	page = luser_image_at(t->image, writer.first, header + size);
	memcpy(record, page + header, size);
}

static void read_again(struct trial *t, const uint8_t *written)
{
	struct luser_array_reader reader = t->reader;
	uint8_t again[MAX_SIZE];

	reader.records = written;
	reader.used = 1;
	reader.stride = reader.array->record->size;
	must(t->decoder->decode(&reader, t->slots, t->again, NULL, NULL) == 1,
	     t, "is written as something that is not sound");
	write_one(t, t->again, again);
	must(!memcmp(again, written, reader.stride), t,
	     "is read as something else");
}

/*
 * A record of another size may, when it is written, break a rule about what its
 * writer did not know, or have a section where there is nothing now.
 */
static void write_again(struct trial *t, const uint8_t *record,
			const uint8_t *host)
{
	uint32_t stride = t->reader.stride, size = t->reader.array->record->size;
	size_t len = stride < size ? stride : size;
	uint8_t written[MAX_SIZE];

	write_one(t, host, written);
	if (t->given->shown && !memcmp(record, t->given->bytes, len))
		must(!memcmp(written, record, len), t,
		     "is written as something else");
	if (stride == size)
		read_again(t, written);
}

static void try(void *ctx)
{
	struct trial *t = ctx;
	uint32_t sound;

	t->next = 0;
	memset(t->out, UNTOUCHED, RECORDS * t->decoder->size);
	sound = t->decoder->decode(&t->reader, t->slots, t->out, broken, t);
	pass(t, t->reader.used);
	must(sound == check_out(t), t, "another number of them is sound");
	must(sound == t->decoder->decode(&t->reader, t->slots, t->out, NULL,
					 NULL),
	     t, "it is not the same for nobody");
	t->state->sound += sound;
	if (!is_empty(t, DAMAGED) && explain(t, DAMAGED, NULL) == LUSER_OK)
		write_again(t, t->records + (size_t)t->reader.stride * DAMAGED,
			    t->out + t->decoder->size * DAMAGED);
}

static void damage(struct trial *t)
{
	const struct luser_struct *type = t->reader.array->record;
	uint32_t stride = t->reader.stride;
	const struct damaged damaged = {
		.type = type,
		.at = t->records + (size_t)stride * DAMAGED,
		.len = stride,
		.try = try,
		.ctx = t,
	};

	try(t);
	damage_bytes(&damaged);
	if (stride == type->size && t->state->paired++ < MAX_PAIRED)
		damage_pairs(&damaged);
}

/* Each slot is live but for the last one. */
static void fill_slots(struct trial *t)
{
	for (size_t i = 0; t->decoder->slots[i]; i++) {
		t->slots[i].state = allocate(MAX_SLOTS, 1);
		t->slots[i].nr = MAX_SLOTS;
		memset(t->slots[i].state, 1, MAX_SLOTS - 1);
	}
}

/* Three records that are alike, and a free slot. */
static void fill_records(struct trial *t)
{
	uint32_t len = t->reader.stride;

	for (uint32_t i = 0; i < RECORDS - 1; i++)
		memcpy(t->records + (size_t)i * len, t->given->bytes, len);
}

static void try_stride(const struct given *given, uint32_t stride)
{
	const struct decoder *d = given->decoder;
	struct trial t = {
		.given = given,
		.decoder = d,
		.state = &states[d - decoders],
		.records = allocate(RECORDS, stride),
		.out = allocate(RECORDS, d->size),
		.again = allocate(1, d->size),
		.image = make_image(given->env->page_size),
		.reader = {
			.array = given->array,
			.env = *given->env,
			.phys = BASE,
			.used = RECORDS,
			.stride = stride,
			.capacity = RECORDS,
			.slot = 3 * RECORDS,
		},
	};

	t.reader.records = t.records;
	fill_slots(&t);
	fill_records(&t);
	damage(&t);
	/* As if nobody knew the root. */
	t.reader.env.root = NULL;
	try(&t);
	for (size_t i = 0; d->slots[i]; i++)
		luser_slots_free(&t.slots[i]);
	free(t.records);
	free(t.out);
	free(t.again);
	luser_image_free(t.image);
}

static void set_tag(const struct luser_field *const *path, uint8_t *at,
		    uint64_t tag)
{
	for (; path[1]; path++)
		at += path[0]->offset;
	luser_field_set(path[0], at, 0, tag);
}

/*
 * The same record of another kind, whose own fields are zeros, but for one of
 * the first that is an address.
 */
static void try_arm(const struct given *given, const struct luser_field *field,
		    const struct luser_arm *arm)
{
	const struct luser_choice *choice = field->choice;
	struct given other = *given;
	uint8_t *own = other.bytes + field->offset;

	other.shown = false;
	set_tag(choice->tag, other.bytes, arm->tag);
	if (choice->offset && arm->type) {
		luser_field_set(choice->offset, other.bytes, 0, field->offset);
		luser_field_set(choice->size, other.bytes, 0, arm->type->size);
	}
	for (uint32_t at = 0; at <= 8 && at + 8 <= field->size; at += 8) {
		memset(own, 0, field->size);
		luser_set_le64(own + at, 0x10000);
		try_stride(&other, given->array->record->size);
	}
}

/* The same record, longer, with a section further behind. */
static void try_moved(const struct given *given,
		      const struct luser_field *field)
{
	const struct luser_choice *choice = field->choice;
	uint32_t size = given->array->record->size;
	struct given other = *given;

	other.shown = false;
	luser_field_set(choice->offset, other.bytes, 0, field->offset + 8);
	memmove(other.bytes + field->offset + 8, given->bytes + field->offset,
		size - field->offset);
	try_stride(&other, size + 8);
}

/* As it is known, as an older and a later writer have it, and as all kinds. */
static void try_record(const struct given *given)
{
	const struct luser_struct *type = given->array->record;

	states[given->decoder - decoders].shown++;
	try_stride(given, type->size);
	try_stride(given, type->size - 4);
	try_stride(given, type->size + 8);
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		size_t nr = field->choice ? field->choice->nr_arms : 0;

		for (size_t k = 0; k < nr; k++)
			try_arm(given, field, &field->choice->arms[k]);
		if (field->choice && field->choice->offset)
			try_moved(given, field);
	}
}

static const struct luser_array *array_of(const struct decoder *d)
{
	size_t nr;
	const struct luser_abi *const *abis = luser_abis(&nr);

	for (size_t i = 0; i < nr; i++)
		for (uint16_t k = 0; k < abis[i]->nr_arrays; k++)
			if (!strcmp(abis[i]->id, d->abi) &&
			    !strcmp(abis[i]->arrays[k]->name, d->array))
				return abis[i]->arrays[k];
	abort();
}

/* Whether it is what it is shown as, and can be nothing else. */
static bool is_sure(const struct luser_node *node)
{
	for (; node; node = node->parent)
		for (size_t i = 0; i < node->nr_candidates; i++)
			if (node->candidates[i].abi != node->abi &&
			    node->candidates[i].standing !=
				    LUSER_STANDING_UNSOUND)
				return false;
	return true;
}

/*
 * A struct shown is a record of each array that has such ones. One of an array
 * is enough in one dump; more show nothing new.
 */
static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	bool *shown = ctx;

	if (node->kind != LUSER_NODE_STRUCT || !node->bytes)
		return LUSER_ENTER;
	for (const struct decoder *d = decoders; d->abi; d++) {
		struct given given = {
			.decoder = d,
			.array = array_of(d),
			.env = node->env,
			.shown = is_sure(node),
		};

		if (strcmp(given.array->record->name, node->type->name) ||
		    node->size < given.array->record->size ||
		    shown[d - decoders])
			continue;
		shown[d - decoders] = true;
		memcpy(given.bytes, node->bytes, given.array->record->size);
		try_record(&given);
	}
	return LUSER_ENTER;
}

static void search(const char *path)
{
	static const struct luser_visitor visitor = {.enter = enter};
	bool shown[MAX_DECODERS] = {0};
	struct luser_walk_options options = {0};
	struct replay r;

	replay_open(&r, path);
	luser_mem_observe(r.mem, NULL, NULL);
	options.page_size = r.page_size;
	if (luser_walk(r.mem, r.root, &options, &visitor, shown, NULL))
		abort();
	replay_close(&r);
}

/* Until there is no more room, and what is said then. */
static void fill_up(const struct decoder *d)
{
	const struct luser_array *array = array_of(d);
	struct luser_image *image = make_image(4096);
	uint8_t *records = allocate(RECORDS, d->size);
	struct luser_array_writer writer;
	enum luser_code code;
	uint64_t nr = 0;

	luser_array_begin(&writer, image, array, NULL, 100);
	do {
		code = d->encode(&writer, records, RECORDS);
		nr += RECORDS;
	} while (code == LUSER_OK && nr < PAGES * 4096);
	if ((code != LUSER_NOMEM && code != LUSER_ARGUMENT) ||
	    writer.total > nr || writer.total < nr - RECORDS) {
		fprintf(stderr, "%s, %s: %s\n", d->abi, d->array,
			luser_code_text(code));
		abort();
	}
	free(records);
	luser_image_free(image);
}

/* What no dump has. */
static void make_up(const struct decoder *d)
{
	static const struct luser_env env = {
		.page_size = 4096,
		.page_shift = 12,
	};

	try_record(&(struct given){
		.decoder = d,
		.array = array_of(d),
		.env = &env,
	});
}

int main(int argc, char **argv)
{
	size_t nr, made_up = 0, never = 0;

	for (int i = 1; i < argc; i++)
		search(argv[i]);
	for (nr = 0; decoders[nr].abi; nr++) {
		fill_up(&decoders[nr]);
		if (!states[nr].shown) {
			make_up(&decoders[nr]);
			made_up++;
		}
		if (!states[nr].sound || !states[nr].told) {
			printf("%s, %s: %zu sound, %zu not\n",
			       decoders[nr].abi, decoders[nr].array,
			       states[nr].sound, states[nr].told);
			never++;
		}
	}
	printf("%zu decoders, %zu of them on records made of zeros\n", nr,
	       made_up);
	return never != 0;
}
