// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A kernel and libluser agree on what is sound, whichever bit is wrong.
 */

#include "checked.h"
#include "run_case.h"
#include "told.h"

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
	told_begin(&told, &s);
}

static void teardown(void)
{
	told_end(&told);
	state_end(&s);
}

static bool kernel_says(int array, uint32_t index)
{
	const struct kho_sealed_array *view = checked_array(&c, array);

	return kho_sealed_record(view, index) != NULL;
}

/* An assertion that holds costs a system call: there are millions. */
static void compare(int array, const char *what)
{
	uint32_t slots = checked_array(&c, array)->nr_slots;

	if (slots < told.arrays[array].slots)
		slots = told.arrays[array].slots;
	for (uint32_t i = 0; i < slots; i++) {
		bool sound = i < told.room && told.arrays[array].sound[i];

		if (kernel_says(array, i) == sound)
			continue;
		ck_abort_msg("%s: %s[%u] is %s by the kernel's check, which "
			     "said %s",
			     what, s.arrays[array].array->name, i,
			     sound ? "not sound" : "sound",
			     c.nr ? c.faults[0].rule : "nothing");
	}
}

static void both(const char *what)
{
	checked_run(&c, &s);
	told_run(&told);
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (k != STATE_ROOT && k != STATE_FILE_ROOT)
			compare(k, what);
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
	ck_assert_uint_eq(told.nr_twins, 0);
	ck_assert(told.arrays[STATE_DEVICES].sound[1]);
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
