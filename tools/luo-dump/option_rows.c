// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The table of all options. */
#include "options.h"
#include "util.h"

#define SETS(member) .offset = offsetof(struct settings, member)

const char program_name[] = "luo-dump";

const char *const program_commands[] = { "check", "compat", "diff", NULL };

static const char *const when[] = { "auto", "always", "never", NULL };

const struct option_row option_rows[] = {
	{
		.name = "in", SETS(in), .group = "What to show",
		.help = "Show what this kernel was handed at its boot. "
			"Without --in and --out all handovers are shown.",
	},
	{
		.name = "out", SETS(out),
		.help = "Show what this kernel hands, or will hand, to the "
			"next one.",
	},
	{
		.name = "select", .arg = "OBJECT", .kind = OPTION_TEXT,
		SETS(select),
		.help = "Show only the object with this path, and what it "
			"leads to. Paths are as findings and --json give them: "
			"'LUO/sessions[vm-0]'.",
	},
	{
		.name = "records", .arg = "N", .kind = OPTION_COUNT,
		SETS(records),
		.help = "Show this many records of each array, or 'all'. The "
			"others are checked and counted all the same. The "
			"default is 16 where records have names, and 4 where "
			"they have not; with --json it is all.",
	},
	{
		.name = "iova", SETS(iova),
		.help = "List the ranges that each domain's page tables map: "
			"addresses of devices, of memory, what is allowed, and "
			"how many pages of which size that takes.",
	},
	{
		.name = "json", SETS(json), .group = "How to show it",
		.help = "Print one JSON document. See luo-dump.schema.json.",
	},
	{
		.name = "describe", SETS(describe),
		.help = "Print a description, in YAML, from which luo-build "
			"makes the same handover again. The contents of files "
			"are not in it.",
	},
	{
		.letter = 'x', .name = "hex", SETS(hex),
		.help = "Print the bytes and the physical address of each "
			"field beside its value.",
	},
	{
		.letter = 'v', .name = "verbose", SETS(verbose),
		.help = "Say what each field means, and list the ranges of "
			"preserved memory.",
	},
	{
		.letter = 'q', .name = "quiet", SETS(quiet),
		.help = "Leave out the notes and the progress on standard "
			"error.",
	},
	{
		.name = "color", .arg = "WHEN", .kind = OPTION_WORD,
		SETS(color), .complete = "words", .words = when,
		.help = "Use color: auto, always or never. With auto, which is "
			"the default, there is color on a terminal, unless "
			"NO_COLOR is set.",
	},
	{
		.name = "memory", .arg = "FILE", .kind = OPTION_TEXT,
		SETS(memory), .complete = "file", .group = "Where to read",
		.help = "Read what addresses lead to from this dump or image. "
			"It goes with a debugfs directory.",
	},
	{
		.name = "root", .arg = "ADDRESS", .kind = OPTION_NUMBER,
		SETS(root),
		.help = "Start at the root FDT at this physical address "
			"instead of searching for it.",
	},
	{
		.name = "base", .arg = "ADDRESS", .kind = OPTION_NUMBER,
		SETS(base),
		.help = "Physical address of the first byte of a raw image. "
			"The default is 0.",
	},
	{
		.name = "page-size", .arg = "BYTES", .kind = OPTION_NUMBER,
		SETS(page_size),
		.help = "Page size of the kernel that wrote the memory. The "
			"default is what a dump or the running kernel says, "
			"or else what the map of preserved memory shows.",
	},
	{
		.name = "early", SETS(early),
		.help = "The memory is that of a kernel in early boot, which "
			"has not given back what it was handed: show it.",
	},
	{
		.name = "debugfs", .arg = "DIR", .kind = OPTION_TEXT,
		SETS(debugfs), .complete = "directory",
		.help = "Where the live machine shows its handovers. The "
			"default is /sys/kernel/debug/kho.",
	},
	{
		.name = "boot-params", .arg = "DIR", .kind = OPTION_TEXT,
		SETS(boot_params), .complete = "directory",
		.help = "Where the live machine shows what it was booted "
			"with, used without debugfs. The default is "
			"/sys/kernel/boot_params/setup_data.",
	},
	{
		.name = "device-tree", .arg = "PATH", .kind = OPTION_TEXT,
		SETS(device_tree), .complete = "file",
		.help = "The device tree that the live machine was booted "
			"with, flattened or as files, used where there are no "
			"boot parameters. The default is /sys/firmware/fdt.",
	},
	{
		.name = "kcore", .arg = "FILE", .kind = OPTION_TEXT,
		SETS(kcore), .complete = "file",
		.help = "Memory of the live machine. The default is "
			"/proc/kcore.",
	},
	{
		.name = "save", .arg = "FILE", .kind = OPTION_TEXT,
		SETS(save), .complete = "file", .group = "Saving",
		.help = "Write what was read as a small ELF dump that shows "
			"the same again. FILE must not exist. The contents of "
			"preserved files are left out.",
	},
	{
		.name = "contents", SETS(contents),
		.help = "Put all preserved memory into the saved dump, the "
			"contents of files included.",
	},
	{
		.letter = 'W', .name = "warn", .arg = "CHECK",
		.kind = OPTION_LIST, SETS(levels), .complete = "checks",
		.group = "With check",
		.help = "What this check, or each check of this group, finds is "
			"a warning. With no- in front of the name, the check "
			"is turned off.",
	},
	{
		.letter = 'E', .name = "error", .arg = "CHECK",
		.kind = OPTION_LIST, SETS(levels), .complete = "checks",
		.help = "What this check, or each check of this group, finds is "
			"an error, notes among it. With no- in front of the "
			"name, what would be an error is a warning. Of what "
			"-W and -E say of a check, the last counts.",
	},
	{
		.name = "list", SETS(list),
		.help = "Print the names of all checks and their groups.",
	},
	{
		.name = "to", .arg = "KERNEL", .kind = OPTION_TEXT, SETS(to),
		.complete = "file", .group = "With compat",
		.help = "The image of the kernel that would be booted: bzImage, "
			"Image, zboot or vmlinux, compressed or not.",
	},
	{
		.name = "from", .arg = "KERNEL", .kind = OPTION_TEXT,
		SETS(from), .complete = "file",
		.help = "The image of the kernel that runs. What it may still "
			"write when the reboot starts is looked at too: "
			"sessions are not there before.",
	},
	{
		.name = "first", .arg = "WHICH", .kind = OPTION_TEXT,
		SETS(first), .group = "With diff",
		.help = "The handover of the first PATH to compare: in, out, "
			"old, or the address of its root FDT. With one PATH "
			"the default is in.",
	},
	{
		.name = "second", .arg = "WHICH", .kind = OPTION_TEXT,
		SETS(second),
		.help = "That of the second PATH, or of the only one: then the "
			"default is out.",
	},
	{
		.name = "addresses", SETS(addresses),
		.help = "Where something is counts too: tell addresses that "
			"differ, and ranges of preserved memory even if there "
			"is as much of it.",
	},
	{
		.name = "second-memory", .arg = "FILE", .kind = OPTION_TEXT,
		SETS(second_memory), .complete = "file",
		.help = "As --memory, for the second PATH. The default is that "
			"of --memory.",
	},
	{
		.name = "second-base", .arg = "ADDRESS", .kind = OPTION_NUMBER,
		SETS(second_base),
		.help = "As --base, for the second PATH. The default is that "
			"of --base.",
	},
	{
		.letter = 'h', .name = "help", SETS(help), .group = "Help",
		.help = "Print this text.",
	},
	{
		.letter = 'V', .name = "version", SETS(version),
		.help = "Print the version, the features of this build and "
			"every ABI that it knows.",
	},
};

const size_t nr_option_rows = ARRAY_SIZE(option_rows);
