/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The generated decoders of pages, with a switch at each of their tests or with
 * none: what switch_pages makes of them.
 */
#ifndef PAGES_H
#define PAGES_H

#include <luser/encode.h>
#include <luser/page.h>

/**
 * struct decoder - the decoder of one array's pages
 * @abi, @array: whose pages
 * @decode: with the slots that records refer to side by side
 * @encode: the other way
 * @size:   of what a record becomes
 * @slots:  the arrays that these are of; ends with NULL
 */
struct decoder {
	const char *abi;
	const char *array;
	uint32_t (*decode)(const struct luser_array_reader *reader,
			   const struct luser_slots *slots, void *out,
			   luser_broken_record *broken, void *ctx);
	enum luser_code (*encode)(struct luser_array_writer *writer,
				  const void *in, uint64_t nr);
	size_t size;
	const char *slots[4];
};

/**
 * struct test - one of a loop's, true for a record that is not sound
 */
struct test {
	const char *loop;
	const char *text;
};

/* Both end with an entry of zeros. The tests of a loop are side by side. */
extern const struct decoder decoders[];
extern const struct test tests[];

/* @wrong, unless the test @number of the loop is off. */
bool switch_test(const char *loop, size_t number, bool wrong);

#define SWITCH(number, test) switch_test(__func__, number, test)

#endif /* PAGES_H */
