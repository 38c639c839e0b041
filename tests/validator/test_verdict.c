// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A kernel and libluser agree on what is sound, whichever bit is wrong.
 */

#include "checked.h"
#include "run_case.h"
#include "verdict.h"

/* Flips in each page at places that nobody chose. */
#define FLIPS (PAGE_SHIFT == 12 ? 100 : 20)

/* In larger pages some bits of each header and record stand for the others. */
#define STEP (PAGE_SHIFT == 12 ? 1 : 7)

static struct state s;
static struct checked c;
static struct told told;

static void setup(void)
{
	memset(&c, 0, sizeof(c));
	state_begin(&s, false);
}

static void teardown(void)
{
	state_end(&s);
}

static void tell(void)
{
	const struct subject subject = state_subject(&s);
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(s.handover.image, &mem, NULL),
			 LUSER_OK);
	told_run(&told, &subject, mem, &s.handover.root);
	luser_mem_close(mem);
}

/* An assertion that holds costs a system call: there are millions. */
static void both(const char *what)
{
	char why[160];

	checked_run(&c, &s);
	tell();
	if (verdict_differs(&c, &told, why, sizeof(why)))
		ck_abort_msg("%s: %s", what, why);
	told_release(&told);
	checked_release(&c);
}

/* One bit, with the sum left wrong and with it made right. */
static void flip(int array, uint32_t page, uint64_t bit)
{
	uint8_t *at = state_page(&s, array, page);
	char what[64];

	snprintf(what, sizeof(what), "bit %u of byte %u of %s page %u",
		 (unsigned int)bit % 8, (unsigned int)bit / 8,
		 s.arrays[array].array->name, page);
	at[bit / 8] ^= (uint8_t)(1 << bit % 8);
	both(what);
	state_seal_page(&s, array, page);
	both(what);
	memcpy(at, s.arrays[array].copy[page], PAGE_SIZE);
}

static void flip_range(int array, uint32_t page, uint64_t first,
		       uint64_t bytes)
{
	for (uint64_t bit = first * 8; bit < (first + bytes) * 8; bit += STEP)
		flip(array, page, bit);
}

START_TEST(sound)
{
	both("sound");
	tell();
	ck_assert_uint_eq(told.nr_twins, 0);
	ck_assert(told_sound(&told, STATE_DEVICES, 1));
	told_release(&told);
}
END_TEST

START_TEST(headers)
{
	for (uint32_t page = 0; page < s.arrays[_i].nr; page++)
		flip_range(_i, page, 0, s.arrays[_i].array->header->size);
}
END_TEST

/* Two records, of several kinds where there are such, and a free slot. */
START_TEST(records)
{
	uint32_t size = s.arrays[_i].array->record->size;
	uint32_t header = s.arrays[_i].array->header->size;
	uint32_t more = s.arrays[_i].slots > 2 ? 3 : 1;

	flip_range(_i, 0, header, (uint64_t)size * more);
	if (s.arrays[_i].slots > 20)
		flip_range(_i, 0, header + (uint64_t)size * 20, size);
}
END_TEST

START_TEST(anywhere)
{
	uint64_t place = 0x9e3779b97f4a7c15;

	for (uint32_t page = 0; page < s.arrays[_i].nr; page++)
		for (int i = 0; i < FLIPS; i++) {
			place ^= place << 13;
			place ^= place >> 7;
			place ^= place << 17;
			flip(_i, page, place % (PAGE_SIZE * 8));
		}
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("verdict");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sound);
	tcase_add_loop_test(tc, headers, 0, STATE_ARRAYS);
	tcase_add_loop_test(tc, records, 0, STATE_ARRAYS);
	tcase_add_loop_test(tc, anywhere, 0, STATE_ARRAYS);
	return run_case("verdict", tc);
}
