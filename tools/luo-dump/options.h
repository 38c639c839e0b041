/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The command line. */
#ifndef LUO_DUMP_OPTIONS_H
#define LUO_DUMP_OPTIONS_H

#include "option.h"

enum color {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

#define RECORDS_ALL COUNT_ALL
#define NOT_GIVEN   UINT64_MAX

/**
 * struct settings - what the command line asks for
 * @compat:  ask whether a kernel would accept the handover
 * @check:   check the handover as a whole, and show only what is found
 * @list:    only the names of the checks are wanted
 * @levels:  what -W and -E say
 * @to:      that kernel's image, or NULL
 * @from:    the image of the kernel that writes it, or NULL
 * @diff:    compare two handovers
 * @first, @second: which ones, or NULL
 * @second_path: where the second one is; NULL: where the first one is
 * @second_memory, @second_base: as @memory and @base, for it
 * @addresses: where something is counts too
 * @path:    where to read; NULL is the live machine
 * @records: of one array to show; RECORDS_ALL, or 0 for the format's default
 * @iova:    list what page tables map
 * @root:    physical address of the root FDT, or NOT_GIVEN
 * @help, @version: only this is wanted
 */
struct settings {
	bool compat;
	bool check;
	bool list;
	struct option_list levels;
	const char *to;
	const char *from;

	bool diff;
	const char *first;
	const char *second;
	const char *second_path;
	const char *second_memory;
	uint64_t second_base;
	bool addresses;

	const char *path;
	bool in;
	bool out;
	const char *select;
	uint64_t records;

	bool json;
	bool describe;
	bool hex;
	bool iova;
	bool verbose;
	bool quiet;
	int color;

	const char *memory;
	uint64_t root;
	uint64_t base;
	uint64_t page_size;
	bool early;
	const char *debugfs;
	const char *boot_params;
	const char *device_tree;
	const char *kcore;

	const char *save;
	bool contents;

	bool help;
	bool version;
};

/**
 * settings_parse() - read the command line
 * @argc, @argv: as main() has them
 * @to:          receives all settings, defaults included
 *
 * What is wrong is said on standard error.
 *
 * Return: true if the command line makes sense.
 */
bool settings_parse(int argc, char **argv, struct settings *to);

#endif /* LUO_DUMP_OPTIONS_H */
