// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How long libluser takes to write, read, check and find records, beside a
 * plain copy and sum of as many bytes, code for this one layout written by
 * hand, and other formats.
 */
#include <stdio.h>
#include <string.h>

#include "passes.h"

static const uint32_t sizes[] = {1000, 100000, 1000000, 10000000};

/* How many of them where they are not what matters. */
#define FEW_SIZES 2

static bool measure_size(uint32_t records, struct bench_tally *tally)
{
	const struct bench_spec orders[] = {
		{.devices = records, .mode = LUSER_IOMMU_V2_MODE_SCALABLE},
		{.devices = records, .mode = LUSER_IOMMU_V2_MODE_SCALABLE,
		 .seed = 1},
	};
	bool ok = true;

	for (int i = 0; ok && i < 2; i++) {
		struct bench b = {0};

		ok = bench_open(&b, &orders[i]);
		if (ok) {
			measure_decode(&b, tally);
			measure_encode(&b, tally);
			if (!orders[i].seed)
				measure_find(&b, tally);
		}
		bench_close(&b);
	}
	return ok;
}

static bool measure_all(struct bench_tally *tally)
{
	size_t nr = tally->how == BENCH_WHOLE ? sizeof(sizes) / sizeof(*sizes) :
						FEW_SIZES;
	bool ok = true;

	bench_heading(tally);
	for (size_t i = 0; ok && i < nr; i++)
		ok = measure_size(sizes[i], tally);
	return ok && measure_map("full", tally) &&
	       measure_map("sparse", tally);
}

static int usage(FILE *to)
{
	fputs("usage: bench [--quick|--verify]\n"
	      "\n"
	      "  --quick   fewer records and repeats\n"
	      "  --verify  only look whether all passes find the same\n", to);
	return to == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";
	struct bench_tally tally = {.how = BENCH_WHOLE};

	if (!strcmp(option, "--help"))
		return usage(stdout);
	if (!strcmp(option, "--quick"))
		tally.how = BENCH_QUICK;
	else if (!strcmp(option, "--verify"))
		tally.how = BENCH_VERIFY;
	else if (*option)
		return usage(stderr);
	if (!measure_all(&tally)) {
		fputs("bench: the records cannot be made\n", stderr);
		return 2;
	}
	bench_end(&tally);
	return tally.wrong ? 1 : 0;
}
