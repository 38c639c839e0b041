// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each rule of each struct: broken, and reported as what it is.
 */

#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>

#include "checked.h"
#include "run_case.h"

#define INTEL LUSER_IOMMU_V2_DRIVER_INTEL
#define SMMUV3 LUSER_IOMMU_V2_DRIVER_SMMUV3
#define ODD 0x1003

/**
 * struct broken - a way to break a rule
 * @array:  where
 * @rule:   the rule
 * @field:  the field to set, in the record or in its section
 * @value:  the value
 * @arm:    the kind of record; its section if @in_arm
 * @in_arm: the field and the rule are the section's
 * @header: they are the header's, of the array's last page
 * @legacy: the units are in legacy mode
 * @err:    for a root, what the check returns
 * @whole:  the rule is about the whole struct, not about the field
 * @also:   what is reported as well
 */
struct broken {
	int array;
	const char *rule;
	const char *field;
	uint64_t value;
	uint16_t arm;
	bool in_arm;
	bool header;
	bool legacy;
	int err;
	bool whole;
	const char *also;
};

#define CASE(a, r, f, v, ...)                                                  \
	{.array = (a), .rule = (r), .field = (f), .value = (v), __VA_ARGS__}

#define HEADER(a)                                                              \
	CASE(a, "version-value", "version", 2, .header = true),                \
	CASE(a, "next-aligned", "next", ODD, .header = true,                   \
	     .also = "page-alignment"),                                        \
	CASE(a, "flags-unknown", "flags", 0x80000001, .header = true),         \
	CASE(a, "unsealed-sum", "flags", 0, .header = true, .whole = true,     \
	     .also = "unsealed")

#define DRIVER(a, t)                                                           \
	CASE(a, "driver-type-known", "driver_type", 77, .arm = t),             \
	CASE(a, "section", "driver_offset", 0, .arm = t),                      \
	CASE(a, "section", "driver_offset", 0x24, .arm = t),                   \
	CASE(a, "section", "driver_offset", 0xfff8, .arm = t)

#define RECORD(a, t)                                                           \
	CASE(a, "flags-unknown", "flags", 3, .arm = t),                        \
	CASE(a, "live", "flags", 0, .arm = t)

static const struct broken all[] = {
	CASE(STATE_ROOT, "incompat-unknown", "incompat", 4,
	     .err = -EOPNOTSUPP),
	CASE(STATE_ROOT, "mode-known", "mode", 3, .err = -EBADMSG),
	CASE(STATE_ROOT, "pad0-zero", "pad0", 1, .err = -EBADMSG),
	CASE(STATE_ROOT, "iommus-aligned", "iommus", ODD, .err = -EBADMSG),
	CASE(STATE_ROOT, "domains-aligned", "domains", ODD, .err = -EBADMSG),
	CASE(STATE_ROOT, "devices-aligned", "devices", ODD, .err = -EBADMSG),
	CASE(STATE_ROOT, "pad1-zero", "pad1", 1, .err = -EBADMSG),
	CASE(STATE_ROOT, "same-page-size", "page_size", 8192,
	     .err = -EOPNOTSUPP),
	CASE(STATE_ROOT, "iommus-counted", "nr_iommus", 0, .err = -EBADMSG,
	     .whole = true),
	CASE(STATE_ROOT, "domains-counted", "nr_domains", 0, .err = -EBADMSG,
	     .whole = true),
	CASE(STATE_ROOT, "devices-counted", "nr_devices", 0, .err = -EBADMSG,
	     .whole = true),

	RECORD(STATE_IOMMUS, INTEL),
	DRIVER(STATE_IOMMUS, INTEL),
	CASE(STATE_IOMMUS, "section", "driver_size", 24, .arm = INTEL),
	CASE(STATE_IOMMUS, "section", "driver_size", 24, .arm = SMMUV3),
	CASE(STATE_IOMMUS, "base-multiple", "base", 0xfed00010, .arm = INTEL),
	CASE(STATE_IOMMUS, "pad0-zero", "pad0", 1, .arm = INTEL),
	CASE(STATE_IOMMUS, "root-table-set", "root_table", 0, .arm = INTEL,
	     .in_arm = true),
	CASE(STATE_IOMMUS, "root-table-aligned", "root_table", ODD,
	     .arm = INTEL, .in_arm = true, .also = "not-preserved"),
	CASE(STATE_IOMMUS, "nr-context-tables-max", "nr_context_tables", 513,
	     .arm = INTEL, .in_arm = true),
	CASE(STATE_IOMMUS, "pad0-zero", "pad0", 1, .arm = INTEL,
	     .in_arm = true),
	CASE(STATE_IOMMUS, "strtab-base-set", "strtab_base", 0, .arm = SMMUV3,
	     .in_arm = true),
	CASE(STATE_IOMMUS, "strtab-base-aligned", "strtab_base", ODD,
	     .arm = SMMUV3, .in_arm = true, .also = "not-preserved"),
	CASE(STATE_IOMMUS, "pad0-zero", "pad0", 1, .arm = SMMUV3,
	     .in_arm = true),

	RECORD(STATE_DOMAINS, INTEL),
	DRIVER(STATE_DOMAINS, INTEL),
	CASE(STATE_DOMAINS, "section", "driver_size", 8, .arm = INTEL),
	CASE(STATE_DOMAINS, "top-table-set", "top_table", 0, .arm = INTEL),
	CASE(STATE_DOMAINS, "top-table-aligned", "top_table", ODD,
	     .arm = INTEL, .also = "not-preserved"),
	CASE(STATE_DOMAINS, "not-preserved", "top_table", 0x10000000,
	     .arm = INTEL),
	CASE(STATE_DOMAINS, "format-known", "format", 6, .arm = INTEL),
	CASE(STATE_DOMAINS, "top-level-max", "top_level", 6, .arm = INTEL),
	CASE(STATE_DOMAINS, "va-bits-min", "va_bits", 11, .arm = INTEL),
	CASE(STATE_DOMAINS, "va-bits-max", "va_bits", 65, .arm = INTEL,
	     .also = "levels-cover"),
	CASE(STATE_DOMAINS, "oa-bits-min", "oa_bits", 11, .arm = INTEL),
	CASE(STATE_DOMAINS, "oa-bits-max", "oa_bits", 65, .arm = INTEL),
	CASE(STATE_DOMAINS, "granule-shift-min", "granule_shift", 11,
	     .arm = INTEL),
	CASE(STATE_DOMAINS, "granule-shift-max", "granule_shift", 17,
	     .arm = INTEL),
	CASE(STATE_DOMAINS, "features-unknown", "features", 8, .arm = INTEL),
	CASE(STATE_DOMAINS, "nr-tables-min", "nr_tables", 0, .arm = INTEL),
	CASE(STATE_DOMAINS, "pad0-zero", "pad0", 1, .arm = INTEL),
	CASE(STATE_DOMAINS, "levels-cover", "top_level", 2, .arm = INTEL,
	     .whole = true),
	CASE(STATE_DOMAINS, "sign-extended", "features",
	     LUSER_IOMMU_V2_DOMAIN_FEATURES_SIGN_EXTEND, .arm = INTEL,
	     .whole = true),

	RECORD(STATE_DEVICES, INTEL),
	RECORD(STATE_DEVICES, SMMUV3),
	DRIVER(STATE_DEVICES, INTEL),
	CASE(STATE_DEVICES, "section", "driver_size", 8, .arm = INTEL),
	CASE(STATE_DEVICES, "section", "driver_size", 24, .arm = INTEL),
	CASE(STATE_DEVICES, "domain-id-max", "domain_id", 0x10000,
	     .arm = INTEL),
	CASE(STATE_DEVICES, "pad0-zero", "pad0", 1, .arm = INTEL),
	CASE(STATE_DEVICES, "no-such-record", "domain", 0xffffffff,
	     .arm = INTEL),
	CASE(STATE_DEVICES, "no-such-record", "iommu", 0xfffffff,
	     .arm = INTEL),
	CASE(STATE_DEVICES, "empty-record", "domain", 70, .arm = INTEL),
	CASE(STATE_DEVICES, "pasid-dir-aligned", "pasid_dir", ODD,
	     .arm = INTEL, .in_arm = true, .also = "not-preserved"),
	CASE(STATE_DEVICES, "pad0-zero", "pad0", 1, .arm = INTEL,
	     .in_arm = true),
	CASE(STATE_DEVICES, "legacy-has-none", "max_pasid", 1, .arm = INTEL,
	     .in_arm = true, .legacy = true, .whole = true),
	CASE(STATE_DEVICES, "scalable-has-one", "max_pasid", 0, .arm = INTEL,
	     .in_arm = true, .whole = true),
	CASE(STATE_DEVICES, "cd-table-aligned", "cd_table", ODD, .arm = SMMUV3,
	     .in_arm = true, .also = "not-preserved"),
	CASE(STATE_DEVICES, "cd-max-max", "cd_max", 21, .arm = SMMUV3,
	     .in_arm = true),
	CASE(STATE_DEVICES, "pad0-zero", "pad0", 1, .arm = SMMUV3,
	     .in_arm = true),

	CASE(STATE_FILE_ROOT, "incompat-unknown", "incompat", 1,
	     .err = -EOPNOTSUPP),
	CASE(STATE_FILE_ROOT, "hwpts-set", "hwpts", 0, .err = -EBADMSG),
	CASE(STATE_FILE_ROOT, "hwpts-aligned", "hwpts", ODD, .err = -EBADMSG),
	CASE(STATE_FILE_ROOT, "nr-hwpts-min", "nr_hwpts", 0, .err = -EBADMSG),
	CASE(STATE_FILE_ROOT, "pad0-zero", "pad0", 1, .err = -EBADMSG),
	RECORD(STATE_HWPTS, 0),
	CASE(STATE_HWPTS, "pad0-zero", "pad0", 1),
	CASE(STATE_HWPTS, "no-such-record", "domain", 0xffffffff),
	CASE(STATE_HWPTS, "empty-record", "domain", 20),

	CASE(STATE_ROOT, "record-size-multiple", "record_size", 0x4c,
	     .header = true),
	CASE(STATE_IOMMUS, "record-size-multiple", "record_size", 0x4c,
	     .header = true),
	HEADER(STATE_ROOT),
	HEADER(STATE_IOMMUS),
	HEADER(STATE_DOMAINS),
	HEADER(STATE_DEVICES),
	HEADER(STATE_FILE_ROOT),
	HEADER(STATE_HWPTS),
};

#define NR_BROKEN ((int)(sizeof(all) / sizeof(all[0])))

static bool is_root(const struct broken *b)
{
	return b->array == STATE_ROOT || b->array == STATE_FILE_ROOT;
}

/* The last record of the kind that the case is about. */
static uint32_t find_record(struct state *s, const struct broken *b)
{
	uint32_t i = state_last(s, b->array);

	while (b->arm && (state_is_free(i) ||
			  state_get(s, b->array, i, "driver_type") != b->arm))
		i--;
	return i;
}

/* The bytes that the case is about, and what they are. */
static const struct luser_struct *find_struct(struct state *s,
					      const struct broken *b,
					      uint32_t index, uint32_t *shift)
{
	const struct luser_array *array = s->arrays[b->array].array;
	const struct luser_field *section;

	*shift = 0;
	if (b->header)
		return array->header;
	if (!b->in_arm)
		return array->record;
	section = luser_struct_field(array->record, "driver");
	*shift = section->offset;
	for (uint16_t i = 0; i < section->choice->nr_arms; i++)
		if (section->choice->arms[i].tag == b->arm)
			return section->choice->arms[i].type;
	ck_abort_msg("no arm %u for record %u", b->arm, index);
	return NULL;
}

/* A field of several bytes is set in its first one. */
static void set(const struct luser_struct *type, uint8_t *at, const char *name,
		uint64_t value)
{
	const struct luser_field *field = luser_struct_field(type, name);

	ck_assert_msg(field, "no field %s in %s", name, type->name);
	if (field->kind == LUSER_PAD)
		at[field->offset] = (uint8_t)value;
	else
		luser_field_set(field, at, 0, value);
}

static void damage(struct state *s, const struct broken *b, uint32_t index,
		   uint64_t *phys)
{
	uint32_t shift, page = s->arrays[b->array].nr - 1;
	const struct luser_struct *type = find_struct(s, b, index, &shift);
	uint8_t *at = state_record(s, b->array, index);

	*phys = state_record_phys(s, b->array, index) + shift;
	if (b->header) {
		at = state_page(s, b->array, page);
		*phys = s->arrays[b->array].phys[page];
	}
	set(type, at + shift, b->field, b->value);
	if (!b->whole)
		*phys += luser_struct_field(type, b->field)->offset;
	state_seal(s);
}

static const struct checked_fault *find_fault(const struct checked *c,
					      const char *rule)
{
	for (size_t i = 0; i < c->nr && i < CHECKED_FAULTS; i++)
		if (!strcmp(c->faults[i].rule, rule))
			return &c->faults[i];
	ck_abort_msg("no report of rule %s", rule);
	return NULL;
}

static void expect_page(const struct checked *c, const struct broken *b,
			uint64_t phys)
{
	const struct checked_fault *fault = find_fault(c, b->rule);

	checked_says(c, (size_t)(fault - c->faults),
		     c->state->arrays[b->array].array->name, KHO_FAULT_PAGE,
		     c->state->arrays[b->array].nr - 1, phys, b->rule);
	if (b->also)
		find_fault(c, b->also);
}

static void expect_record(const struct checked *c, const struct broken *b,
			  uint32_t index, uint64_t phys)
{
	const char *name = c->state->arrays[b->array].array->name;
	uint64_t where = phys;

	/* An offset is the section's fault, whichever of its fields is bad. */
	if (!strcmp(b->rule, "section"))
		where = state_record_phys(c->state, b->array, index) +
			luser_struct_field(
				c->state->arrays[b->array].array->record,
				"driver_offset")
				->offset;
	checked_says(c, 0, name, KHO_FAULT_RECORD, index, where, b->rule);
	if (b->also) {
		checked_count(c, 2);
		ck_assert_str_eq(c->faults[1].rule, b->also);
		ck_assert_uint_eq(c->faults[1].index, index);
	} else {
		checked_count(c, 1);
	}
}

static void expect_rest(const struct checked *c, const struct broken *b,
			uint32_t index)
{
	const struct kho_sealed_array *view = checked_array(c, b->array);

	if (is_root(b)) {
		ck_assert_int_eq(b->array == STATE_ROOT ? c->err : c->file_err,
				 b->err ? b->err : -EBADMSG);
		return;
	}
	ck_assert_int_eq(c->err, 0);
	ck_assert_int_eq(c->file_err, 0);
	ck_assert_ptr_null(kho_sealed_record(view, index));
	if (b->header) {
		ck_assert(view->incomplete);
		return;
	}
	ck_assert(test_bit(index, view->damaged));
	ck_assert(!view->incomplete);
	for (int k = STATE_IOMMUS; k < STATE_ARRAYS; k++)
		if (k != STATE_FILE_ROOT)
			checked_lost(c, k, k == b->array);
}

START_TEST(broken_rule)
{
	const struct broken *b = &all[_i];
	struct checked c = {0};
	struct state s;
	uint32_t index;
	uint64_t phys;

	state_begin(&s, b->legacy);
	index = find_record(&s, b);
	damage(&s, b, index, &phys);
	checked_run(&c, &s);
	if (b->array == STATE_ROOT)
		c.nr -= checked_made(&c, STATE_HWPTS); /* their domains */
	if (b->header)
		expect_page(&c, b, phys);
	else
		expect_record(&c, b, index, phys);
	expect_rest(&c, b, index);
	checked_release(&c);
	state_end(&s);
}
END_TEST

/* All headers are the same struct. */
static bool has_case(int array, bool header, uint16_t arm,
		     const char *rule)
{
	for (int i = 0; i < NR_BROKEN; i++)
		if ((header || all[i].array == array) &&
		    all[i].header == header && all[i].in_arm == (arm != 0) &&
		    (!arm || all[i].arm == arm) && !strcmp(all[i].rule, rule))
			return true;
	return false;
}

static void need_cases(int array, const struct luser_struct *type,
		       bool header, uint16_t arm)
{
	for (uint16_t i = 0; i < type->nr_rules; i++)
		ck_assert_msg(has_case(array, header, arm,
				       type->rules[i].name),
			      "no case for rule %s of %s", type->rules[i].name,
			      type->name);
}

static void need_arms(int array, const struct luser_field *field)
{
	for (uint16_t i = 0; field->choice && i < field->choice->nr_arms; i++)
		if (field->choice->arms[i].type)
			need_cases(array, field->choice->arms[i].type, false,
				   (uint16_t)field->choice->arms[i].tag);
}

/* A rule that is added to a schema asks for a case here. */
START_TEST(each_rule_has_a_case)
{
	struct state s;

	state_begin(&s, false);
	for (int k = 0; k < STATE_ARRAYS; k++) {
		const struct luser_array *array = s.arrays[k].array;

		need_cases(k, array->header, true, 0);
		need_cases(k, array->record, false, 0);
		for (uint16_t i = 0; i < array->record->nr_fields; i++)
			need_arms(k, &array->record->fields[i]);
	}
	state_end(&s);
}
END_TEST

START_TEST(sound)
{
	struct checked c = {0};
	struct state s;

	state_begin(&s, _i);
	checked_run(&c, &s);
	checked_is_sound(&c);
	checked_release(&c);
	state_end(&s);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, sound, 0, 2);
	tcase_add_test(tc, each_rule_has_a_case);
	tcase_add_loop_test(tc, broken_rule, 0, NR_BROKEN);
	return run_case("rules", tc);
}
