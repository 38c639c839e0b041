// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Packs and unpacks what the sample schemas describe. Prints the first thing
 * that is not as it should be, and exits with 1.
 */
#include <stdio.h>
#include <stdlib.h>

#include <luser/abi/sample-v1.h>
#include <luser/abi/sample-v1.wide.h>

#define EXPECT(that)                                                     \
	do {                                                             \
		if (!(that)) {                                           \
			printf("line %d: %s\n", __LINE__, #that);        \
			exit(1);                                         \
		}                                                        \
	} while (0)

static const struct luser_env env = {
	.page_size = 4096, .page_shift = 12, .capacity = 84, .record_size = 56,
};

static struct luser_sample_v1_record some_record(void)
{
	struct luser_sample_v1_record record = {
		.bdf = 0x1234, .kind = LUSER_SAMPLE_V1_KIND_SMALL,
		.offset = LUSER_SAMPLE_V1_RECORD_BODY_OFFSET,
		.length = LUSER_SAMPLE_V1_SMALL_SIZE, .other = 0xffffffff,
		.pfn = 0xfedcba9876543, .state = 3,
		.body.small = { .value = 24, .order = 12, .text = "12345678" },
	};

	return record;
}

static void test_bytes_are_little_endian(void)
{
	struct luser_sample_v1_record record = some_record();
	uint8_t at[LUSER_SAMPLE_V1_RECORD_SIZE];

	memset(at, 0xff, sizeof(at));
	luser_sample_v1_record_pack(&record, sizeof(at), at);
	EXPECT(sizeof(at) == 48);
	EXPECT(at[0] == 0x34 && at[1] == 0x12);
	EXPECT(luser_zero(at + 12, 12));
	EXPECT(at[24] == 0x43 && at[30] == 0x0f && at[31] == 0x03);
	EXPECT(at[32] == 24 && at[36] == 12 && at[40] == '1' && at[47] == '8');
}

static void test_a_record_survives(void)
{
	struct luser_sample_v1_record record = some_record(), copy;
	uint8_t at[LUSER_SAMPLE_V1_RECORD_SIZE];
	struct luser_error err;

	luser_sample_v1_record_pack(&record, sizeof(at), at);
	EXPECT(luser_sample_v1_record_sound(at, sizeof(at), &env));
	EXPECT(luser_sample_v1_record_decode(at, sizeof(at), &env, &copy,
					     &err) == LUSER_OK);
	EXPECT(copy.bdf == 0x1234 && copy.other == 0xffffffff);
	EXPECT(copy.pfn == 0xfedcba9876543 && copy.state == 3);
	EXPECT(copy.body.small.value == 24 && copy.body.small.order == 12);
	EXPECT(!memcmp(copy.body.small.text, "12345678", 8));
}

static void refuse(const uint8_t *at, size_t len, enum luser_code code,
		   const char *words)
{
	struct luser_sample_v1_record out, before;
	struct luser_error err = { 0 };

	memset(&out, 0x5a, sizeof(out));
	before = out;
	EXPECT(luser_sample_v1_record_decode(at, len, &env, &out, &err) ==
	       code);
	EXPECT(err.code == code);
	if (!strstr(err.message, words)) {
		printf("\"%s\" is not in \"%s\"\n", words, err.message);
		exit(1);
	}
	EXPECT(!memcmp(&out, &before, sizeof(out)));
	EXPECT(luser_sample_v1_record_decode(at, len, &env, &out, NULL) ==
	       code);
}

static void test_what_is_not_sound_is_refused(void)
{
	struct luser_sample_v1_record record = some_record();
	uint8_t good[LUSER_SAMPLE_V1_RECORD_SIZE], at[sizeof(good)];

	luser_sample_v1_record_pack(&record, sizeof(good), good);
	refuse(good, sizeof(good) - 1, LUSER_FORMAT, "48 bytes");
	refuse(good, 0, LUSER_FORMAT, "48 bytes");

#define CHANGED(offset, value, words)                                    \
	memcpy(at, good, sizeof(at));                                    \
	at[offset] = (value);                                            \
	refuse(at, sizeof(at), LUSER_INVALID, words)

	CHANGED(2, 3, "sample_record_ser.kind: rule kind-known");
	CHANGED(4, 31, "do not lie in the record");
	CHANGED(4, 40, "do not lie in the record");
	CHANGED(5, 1, "do not lie in the record");
	CHANGED(6, 15, "do not lie in the record");
	CHANGED(6, 17, "do not lie in the record");
	CHANGED(14, 1, "rule pad0-zero");
	CHANGED(23, 1, "rule pad1-zero");
	CHANGED(30, 0x1f, "rule gap-zero");
	CHANGED(31, 4, "rule state-max");
	CHANGED(32, 25, "sample_small_ser.value: rule value-multiple");
	CHANGED(36, 5, "sample_small_ser: rule whole");
#undef CHANGED
}

static void test_sections_may_lie_behind_what_is_known(void)
{
	struct luser_sample_v1_record record = some_record(), copy;
	uint8_t at[LUSER_SAMPLE_V1_RECORD_SIZE + 16];

	memset(at, 0, sizeof(at));
	record.offset = LUSER_SAMPLE_V1_RECORD_SIZE;
	luser_sample_v1_record_pack(&record, sizeof(at), at);
	EXPECT(luser_sample_v1_record_decode(at, sizeof(at), &env, &copy,
					     NULL) == LUSER_OK);
	EXPECT(copy.body.small.value == 24);
	EXPECT(luser_sample_v1_record_decode(at, sizeof(at) - 1, &env, &copy,
					     NULL) == LUSER_INVALID);
	luser_sample_v1_record_unpack(at, LUSER_SAMPLE_V1_RECORD_SIZE, &copy);
	EXPECT(copy.body.small.value == 0);

	record.offset = LUSER_SAMPLE_V1_RECORD_BODY_OFFSET + 4;
	luser_sample_v1_record_pack(&record, sizeof(at), at);
	EXPECT(luser_sample_v1_record_decode(at, sizeof(at), &env, &copy,
					     NULL) == LUSER_INVALID);
}

static void test_unions_told_here_and_elsewhere(void)
{
	struct luser_sample_v1_item item = {
		.entry = 0x4000, .own = LUSER_SAMPLE_V1_KIND_LARGE,
		.first.large = {
			.words = { 1, 2, UINT64_MAX },
			.pairs = { { .low = 1, .high = 2 },
				   { .low = 3, .high = 4 } },
		},
		.second.small = { .low = 5, .high = 6 },
	};
	struct luser_sample_v1_item copy;
	uint8_t at[LUSER_SAMPLE_V1_ITEM_SIZE];
	struct luser_error err;

	luser_sample_v1_item_pack(&item, LUSER_SAMPLE_V1_KIND_SMALL, at);
	EXPECT(luser_sample_v1_item_decode(at, sizeof(at),
					   LUSER_SAMPLE_V1_KIND_SMALL, &env,
					   &copy, NULL) == LUSER_OK);
	EXPECT(copy.first.large.words[2] == UINT64_MAX);
	EXPECT(copy.first.large.pairs[1].high == 4);
	EXPECT(copy.second.small.low == 5 && copy.second.small.high == 6);

	item.second.small.high = 5;
	luser_sample_v1_item_pack(&item, LUSER_SAMPLE_V1_KIND_SMALL, at);
	EXPECT(luser_sample_v1_item_decode(at, sizeof(at),
					   LUSER_SAMPLE_V1_KIND_SMALL, &env,
					   &copy, &err) == LUSER_INVALID);
	EXPECT(strstr(err.message, "ordered"));
	EXPECT(luser_sample_v1_item_decode(at, sizeof(at),
					   LUSER_SAMPLE_V1_KIND_NONE, &env,
					   &copy, NULL) == LUSER_OK);

	item.second.small.high = 6;
	item.first.large.pairs[1].low = 4;
	luser_sample_v1_item_pack(&item, LUSER_SAMPLE_V1_KIND_SMALL, at);
	EXPECT(luser_sample_v1_item_decode(at, sizeof(at),
					   LUSER_SAMPLE_V1_KIND_SMALL, &env,
					   &copy, &err) == LUSER_INVALID);
}

static void test_an_extension_has_more(void)
{
	struct luser_sample_v1_wide_record record = {
		.bdf = 1, .kind = LUSER_SAMPLE_V1_WIDE_KIND_NONE, .pfn = 1,
		.offset = 32, .width = { .width = 100 },
	};
	struct luser_sample_v1_record old;
	struct luser_sample_v1_wide_record copy;
	uint8_t at[LUSER_SAMPLE_V1_WIDE_RECORD_SIZE];

	luser_sample_v1_wide_record_pack(&record, sizeof(at), at);
	EXPECT(sizeof(at) == LUSER_SAMPLE_V1_RECORD_SIZE + 8);
	EXPECT(luser_sample_v1_wide_record_decode(at, sizeof(at), &env, &copy,
						  NULL) == LUSER_OK);
	EXPECT(copy.width.width == 100);
	EXPECT(luser_sample_v1_record_decode(at, sizeof(at), &env, &old,
					     NULL) == LUSER_OK);
	EXPECT(old.bdf == 1);
	at[48] = 0;
	EXPECT(luser_sample_v1_wide_record_decode(at, sizeof(at), &env, &copy,
						  NULL) == LUSER_INVALID);
}

static void test_tables(void)
{
	const struct luser_abi *abi = &luser_abi_sample_v1_wide;
	const struct luser_struct *record = luser_sample_v1_wide_record_type();
	const struct luser_array *records = luser_sample_v1_records_array();

	EXPECT(abi->extends == &luser_abi_sample_v1);
	EXPECT(!strcmp(abi->feature->name, "compat"));
	EXPECT(abi->feature_mask == 2);
	EXPECT(!strcmp(abi->registry, "sample-registry"));
	EXPECT(record->fields[record->nr_fields - 1].since == 56);
	EXPECT(record->fields[0].since == 0);
	EXPECT(!strcmp(records->name, "records"));
	EXPECT(records->record == luser_sample_v1_record_type());
	EXPECT(LUSER_SAMPLE_V1_RECORDS_CAPACITY(4096) == (4096 - 32) / 48);
	EXPECT(LUSER_SAMPLE_V1_RECORDS_CAPACITY(65536) == (65536 - 32) / 48);
}

int main(void)
{
	test_bytes_are_little_endian();
	test_a_record_survives();
	test_what_is_not_sound_is_refused();
	test_sections_may_lie_behind_what_is_known();
	test_unions_told_here_and_elsewhere();
	test_an_extension_has_more();
	test_tables();
	return 0;
}
