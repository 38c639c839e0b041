// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Runs a fuzz target over inputs, without a fuzzer, and over what its mutator
 * makes of them if it has one: the same each time.
 * usage: TARGET [--mutants=N] FILE...
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzzer.h"
#include "input_file.h"

#pragma weak LLVMFuzzerCustomMutator

/* Each is made of the one before. */
static void run_mutants(uint8_t *data, size_t size, unsigned int mutants)
{
	if (!LLVMFuzzerCustomMutator)
		return;
	for (unsigned int seed = 1; seed <= mutants; seed++) {
		size = LLVMFuzzerCustomMutator(data, size, size, seed);
		LLVMFuzzerTestOneInput(data, size);
	}
}

static void run(const char *path, unsigned int mutants)
{
	size_t size;
	uint8_t *data = input_file(path, &size);

	LLVMFuzzerTestOneInput(data, size);
	run_mutants(data, size, mutants);
	free(data);
}

int main(int argc, char **argv)
{
	unsigned int mutants = 0;
	int i = 1;

	if (argc > 1 && sscanf(argv[1], "--mutants=%u", &mutants) == 1)
		i = 2;
	if (i == argc) {
		fprintf(stderr, "usage: %s [--mutants=N] FILE...\n", argv[0]);
		return 2;
	}
	for (; i < argc; i++)
		run(argv[i], mutants);
	return 0;
}
