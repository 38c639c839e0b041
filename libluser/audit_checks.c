// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The table of all checks: their names, and the rules that belong to them.
 */
#include <string.h>

#include <luser/audit.h>

#define RULES(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* A rule of a schema that names no check. */
#define DEFAULT 0

static const struct luser_check checks[] = {
	[DEFAULT] = {
		"rule", "content",
		"The rules that the schemas state hold.",
		NULL,
	},
	{
		"type", "content",
		"Constants, enums, flags, ranges, alignment, padding and "
		"strings are as the schemas' types say.",
		NULL,
	},
	{
		"geometry", "content",
		"A domain's levels, address width and table format fit each "
		"other and its IOMMU's type.",
		NULL,
	},
	{
		"page-table", "content",
		"Page tables are as their format has them, and as many as "
		"their record counts.",
		RULES("table-geometry", "table-address", "table-count",
		      "table-aligned", "next-level", "half-present",
		      "reserved-bits", "page-size", "page-aligned",
		      "page-address", "page-whole", "beyond-domain"),
	},
	{
		"checksum", "content",
		"Pages are sealed, and their checksums are right.",
		RULES("checksum", "unsealed"),
	},
	{
		"property", "content",
		"Device trees have the properties and nodes of their schema, "
		"and no others.",
		RULES("property", "unknown-property", "unknown-node", "no-fdt"),
	},
	{
		"section", "content",
		"The parts of a record lie in it.",
		RULES("section"),
	},
	{
		"readable", "places",
		"What is referred to can be read.",
		RULES("unreadable", "no-memory", "root-fdt", "depth"),
	},
	{
		"preserved", "places",
		"What is referred to is preserved memory.",
		RULES("not-preserved", "maps-not-preserved"),
	},
	{
		"block", "places",
		"What owns a preserved block refers to its start.",
		RULES("block-start"),
	},
	{
		"ram", "places",
		"Preserved memory, and what is referred to, is RAM.",
		RULES("not-ram"),
	},
	{
		"scratch", "places",
		"Preserved memory, and what is referred to, is in no scratch "
		"area: the next kernel boots in those.",
		RULES("in-scratch"),
	},
	{
		"page-alignment", "places",
		"Pages start where a page can start.",
		RULES("page-alignment"),
	},
	{
		"one-owner", "owners",
		"No memory is claimed by two owners, or twice by one.",
		RULES("read-twice", "claimed-twice"),
	},
	{
		"leak", "owners",
		"All preserved memory has an owner.",
		RULES("no-owner"),
	},
	{
		"used", "owners",
		"Memory that is used by others than its owner has an owner.",
		RULES("used-unowned"),
	},
	{
		"reach", "owners",
		"Devices reach memory that belongs together with their page "
		"tables, and no other.",
		RULES("reaches-other", "reaches-unowned"),
	},
	{
		"reference", "lists",
		"References to records lead to records.",
		RULES("no-such-record", "empty-record"),
	},
	{
		"chain", "lists",
		"Lists of pages end, and their pages belong together.",
		RULES("chain-length", "page-not-full", "table-size",
		      "record-size"),
	},
	{
		"count", "lists",
		"Counts and sizes agree with what is there, and with who "
		"refers to it.",
		RULES("count", "total", "users", "page-list", "blob-size"),
	},
	{
		"order", "lists",
		"Records are in their order, do not overlap, and end where "
		"they have to.",
		RULES("not-ascending", "overlap", "beyond-end"),
	},
	{
		"unique", "lists",
		"Names, tokens and ids are there once.",
		NULL,
	},
	{
		"map", "map",
		"The map of preserved memory is well-formed.",
		RULES("start", "order", "key", "preserved-twice"),
	},
	{
		"unknown-abi", "known",
		"A schema describes each object.",
		RULES("unknown-abi", "not-followed"),
	},
	{
		"ambiguous", "known",
		"One schema alone describes each object.",
		RULES("ambiguous"),
	},
	{
		"current", "known",
		"The handover is complete, and still as it was handed over.",
		RULES("not-yet"),
	},
};

#define NR_CHECKS (sizeof(checks) / sizeof(checks[0]))

const struct luser_check *luser_checks(size_t *count)
{
	*count = NR_CHECKS;
	return checks;
}

static bool has_rule(const struct luser_check *check, const char *name)
{
	for (size_t i = 0; check->rules && check->rules[i]; i++)
		if (!strcmp(check->rules[i], name))
			return true;
	return false;
}

const struct luser_check *luser_check_of(const struct luser_finding *finding)
{
	for (size_t i = 0; i < NR_CHECKS; i++)
		if (finding->check ? !strcmp(checks[i].name, finding->check)
				   : has_rule(&checks[i], finding->rule))
			return &checks[i];
	return &checks[DEFAULT];
}
