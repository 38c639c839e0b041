// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "leaf.h"
#include "util.h"

/* Bytes in a line. */
#define DUMP_LINE  16
#define FIELD_LINE 8

struct hex {
	FILE *out;
	const struct luser_node *node;
	size_t done; /* bytes of the object that were printed */
	int width;   /* of the longest name */
};

static void put_address(FILE *out, const struct luser_node *node, size_t offset)
{
	/* Properties of a device tree do not lie one after the other. */
	if (node->kind == LUSER_NODE_FDT)
		fputs("              ", out);
	else if (node->phys == LUSER_NO_PHYS)
		fprintf(out, "     +0x%06zx ", offset);
	else
		fprintf(out, "0x%011" PRIx64 " ", node->phys + offset);
}

static void put_bytes(FILE *out, const uint8_t *bytes, size_t len, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (i < len)
			fprintf(out, " %02x", bytes[i]);
		else
			fputs("   ", out);
}

static void put_ascii(FILE *out, const uint8_t *bytes, size_t len)
{
	fputs("  ", out);
	for (size_t i = 0; i < len; i++)
		fputc(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.',
		      out);
	fputc('\n', out);
}

char *hex_dump(const struct luser_node *node, size_t max)
{
	size_t len = !node->bytes ? 0 : node->size < max ? node->size : max;
	struct text_file file;

	text_open(&file);
	for (size_t at = 0; at < len; at += DUMP_LINE) {
		size_t n = len - at < DUMP_LINE ? len - at : DUMP_LINE;

		put_address(file.out, node, at);
		put_bytes(file.out, node->bytes + at, n, DUMP_LINE);
		put_ascii(file.out, node->bytes + at, n);
	}
	if (node->bytes && len < node->size) {
		char *rest = count_text(node->size - len, "byte");

		fprintf(file.out, "and %s more (--hex)\n", rest);
		free(rest);
	}
	return text_close(&file);
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !len || (!*bytes && !memcmp(bytes, bytes + 1, len - 1));
}

/* The rest of a long field: zeroes are only counted. */
static void put_rest(const struct hex *hex, size_t offset, size_t len)
{
	while (len) {
		const uint8_t *bytes = hex->node->bytes + offset;
		size_t n = len < FIELD_LINE ? len : FIELD_LINE;

		if (is_zero(bytes, len)) {
			put_address(hex->out, hex->node, offset);
			fprintf(hex->out, " %zu x 00\n", len);
			return;
		}
		put_address(hex->out, hex->node, offset);
		put_bytes(hex->out, bytes, n, n);
		fputc('\n', hex->out);
		offset += n;
		len -= n;
	}
}

static void put_leaf(void *ctx, const struct leaf *leaf)
{
	struct hex *hex = ctx;
	size_t len = (size_t)leaf->field->size * leaf->count;
	size_t first = len < FIELD_LINE ? len : FIELD_LINE;
	bool again = leaf->offset < hex->done;
	char *value = leaf_text(leaf, hex->node->env);

	put_address(hex->out, hex->node, leaf->offset);
	/* Several names for the bits of one integer: the bytes but once. */
	put_bytes(hex->out, hex->node->bytes + leaf->offset, again ? 0 : first,
		  FIELD_LINE);
	fprintf(hex->out, "  %-*s  %s\n", hex->width, leaf->name, value);
	if (!again)
		put_rest(hex, leaf->offset + first, len - first);
	hex->done = leaf->offset + len;
	free(value);
}

static void measure(void *ctx, const struct leaf *leaf)
{
	struct hex *hex = ctx;
	int len = (int)strlen(leaf->name);

	if (len > hex->width)
		hex->width = len;
}

char *hex_fields(const struct luser_node *node)
{
	struct hex hex = { .node = node };
	struct text_file file;

	text_open(&file);
	hex.out = file.out;
	leaf_each(node, measure, &hex);
	leaf_each(node, put_leaf, &hex);
	return text_close(&file);
}
