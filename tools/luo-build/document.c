// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "say.h"
#include "util.h"

/* Values inside of each other, and of all of them; aliases are followed. */
#define MAX_NESTING 128
#define MAX_NODES   (UINT64_C(1) << 26)

static FILE *open_path(const char *path)
{
	FILE *file = !strcmp(path, "-") ? stdin : fopen(path, "re");
	char *name = escaped(path);

	if (!file) {
		complain("cannot open %s: %s", name, strerror(errno));
		exit(EXIT_UNUSABLE);
	}
	free(name);
	return file;
}

__attribute__((noreturn))
static void fail_parse(const char *path, const yaml_parser_t *parser)
{
	complain("%s:%zu:%zu: %s", path, parser->problem_mark.line + 1,
		 parser->problem_mark.column + 1,
		 parser->problem ? parser->problem : "cannot be read");
	exit(EXIT_UNUSABLE);
}

static void load(const char *path, yaml_parser_t *parser, yaml_document_t *to)
{
	if (!yaml_parser_load(parser, to))
		fail_parse(path, parser);
}

static void only_one(const char *path, yaml_parser_t *parser)
{
	yaml_document_t more;
	bool end;

	load(path, parser, &more);
	end = !yaml_document_get_root_node(&more);
	yaml_document_delete(&more);
	if (end)
		return;
	complain("%s: more than one document; luo-dump --in or --out "
		 "describes one handover", path);
	exit(EXIT_UNUSABLE);
}

/* With aliases a short text is a large tree, or one without an end. */
static void measure(const struct document *doc, const yaml_node_t *node,
		    unsigned int depth, uint64_t *left)
{
	const yaml_node_t *value;

	if (depth > MAX_NESTING)
		fail_at(doc, node, "nested too deep");
	if (!--*left)
		fail_at(doc, node, "too large, with its aliases");
	if (node->type == YAML_SEQUENCE_NODE)
		for (size_t i = 0; i < sequence_length(doc, node); i++)
			measure(doc, sequence_at(doc, node, i), depth + 1,
				left);
	if (node->type == YAML_MAPPING_NODE)
		for (size_t i = 0; i < mapping_length(doc, node); i++) {
			mapping_at(doc, node, i, &value);
			measure(doc, value, depth + 1, left);
		}
}

void document_read(struct document *doc, const char *path)
{
	FILE *file = open_path(path);
	uint64_t left = MAX_NODES;
	yaml_parser_t parser;

	*doc = (struct document){.path = path};
	if (!yaml_parser_initialize(&parser)) {
		complain("out of memory");
		exit(EXIT_UNUSABLE);
	}
	yaml_parser_set_input_file(&parser, file);
	load(path, &parser, &doc->yaml);
	if (!document_top(doc)) {
		complain("%s: no description in it", path);
		exit(EXIT_UNUSABLE);
	}
	only_one(path, &parser);
	measure(doc, document_top(doc), 0, &left);
	yaml_parser_delete(&parser);
	if (file != stdin)
		fclose(file);
}

void document_free(struct document *doc)
{
	yaml_document_delete(&doc->yaml);
}

void fail_at(const struct document *doc, const yaml_node_t *node,
	     const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = xstrdup("out of memory");
	va_end(args);
	complain("%s:%zu:%zu: %s", doc->path, node->start_mark.line + 1,
		 node->start_mark.column + 1, text);
	exit(EXIT_UNUSABLE);
}

void check_at(const struct document *doc, const yaml_node_t *node,
	      enum luser_code code, const struct luser_error *err)
{
	if (code != LUSER_OK)
		fail_at(doc, node, "%s", err->message);
}

/* libyaml's look-ups take what they do not change as not constant. */
static yaml_document_t *yaml_of(const struct document *doc)
{
	return (yaml_document_t *)&doc->yaml;
}

const yaml_node_t *document_top(const struct document *doc)
{
	return yaml_document_get_root_node(yaml_of(doc));
}

size_t mapping_length(const struct document *doc, const yaml_node_t *node)
{
	if (!node || is_scalar(node, ""))
		return 0;
	if (node->type != YAML_MAPPING_NODE)
		fail_at(doc, node, "names with values are expected here");
	return (size_t)(node->data.mapping.pairs.top -
			node->data.mapping.pairs.start);
}

const char *mapping_at(const struct document *doc, const yaml_node_t *node,
		       size_t i, const yaml_node_t **value)
{
	const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];

	*value = yaml_document_get_node(yaml_of(doc), pair->value);
	return scalar_text(doc,
			   yaml_document_get_node(yaml_of(doc), pair->key));
}

const yaml_node_t *lookup(const struct document *doc, const yaml_node_t *map,
			  const char *key)
{
	const yaml_node_t *value;

	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (size_t i = 0; i < mapping_length(doc, map); i++)
		if (!strcmp(mapping_at(doc, map, i, &value), key))
			return value;
	return NULL;
}

const yaml_node_t *required(const struct document *doc, const yaml_node_t *map,
			    const char *key)
{
	const yaml_node_t *value = lookup(doc, map, key);

	if (!value)
		fail_at(doc, map, "'%s' is missing", key);
	return value;
}

size_t sequence_length(const struct document *doc, const yaml_node_t *node)
{
	if (!node || is_scalar(node, ""))
		return 0;
	if (node->type != YAML_SEQUENCE_NODE)
		fail_at(doc, node, "a list is expected here");
	return (size_t)(node->data.sequence.items.top -
			node->data.sequence.items.start);
}

const yaml_node_t *sequence_at(const struct document *doc,
			       const yaml_node_t *node, size_t i)
{
	return yaml_document_get_node(yaml_of(doc),
				      node->data.sequence.items.start[i]);
}

void only_keys(const struct document *doc, const yaml_node_t *map,
	       const char *const *known)
{
	const yaml_node_t *value;

	for (size_t i = 0; i < mapping_length(doc, map); i++) {
		const char *key = mapping_at(doc, map, i, &value);
		size_t k = 0;

		while (known[k] && strcmp(known[k], key))
			k++;
		if (!known[k])
			fail_at(doc, value, "unknown key '%s'", key);
	}
}

bool is_scalar(const yaml_node_t *node, const char *text)
{
	return node && node->type == YAML_SCALAR_NODE &&
	       (!text ||
		!strcmp((const char *)node->data.scalar.value, text));
}

const char *scalar_text(const struct document *doc, const yaml_node_t *node)
{
	if (!is_scalar(node, NULL))
		fail_at(doc, node, "one value is expected here");
	return (const char *)node->data.scalar.value;
}

bool parse_number(const struct document *doc, const char *text, uint64_t *ret)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	bool hex = text[0] == '0' && (text[1] | 32) == 'x';
	unsigned int shift = 0;
	uint64_t n;
	char *end;

	if (doc->page_size && !strcmp(text, "$page-size")) {
		*ret = doc->page_size;
		return true;
	}
	errno = 0;
	n = strtoull(text, &end, hex ? 16 : 10);
	if (!isdigit((unsigned char)*text) || errno)
		return false;
	suffix = *end ? strchr(suffixes, *end) : NULL;
	if (suffix) {
		shift = (unsigned int)(suffix - suffixes + 1) * 10;
		end++;
	}
	if (*end || n << shift >> shift != n)
		return false;
	*ret = n << shift;
	return true;
}

uint64_t number_at(const struct document *doc, const yaml_node_t *node)
{
	const char *text = scalar_text(doc, node);
	uint64_t n;

	if (!parse_number(doc, text, &n))
		fail_at(doc, node, "'%s' is not a number", text);
	return n;
}

uint64_t number_or(const struct document *doc, const yaml_node_t *map,
		   const char *key, uint64_t otherwise)
{
	const yaml_node_t *value = lookup(doc, map, key);

	return value ? number_at(doc, value) : otherwise;
}

uint32_t small_number_or(const struct document *doc, const yaml_node_t *map,
			 const char *key, uint32_t otherwise)
{
	uint64_t n = number_or(doc, map, key, otherwise);

	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

bool truth_or(const struct document *doc, const yaml_node_t *map,
	      const char *key, bool otherwise)
{
	const yaml_node_t *value = lookup(doc, map, key);

	if (!value)
		return otherwise;
	if (is_scalar(value, "true") || is_scalar(value, "false"))
		return is_scalar(value, "true");
	fail_at(doc, value, "'%s' is true or false", key);
}

static int digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

uint8_t *bytes_at(const struct document *doc, const yaml_node_t *node,
		  size_t *len)
{
	const char *text = scalar_text(doc, node);
	uint8_t *bytes = xcalloc(strlen(text) / 2 + 1, 1);

	*len = 0;
	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		if (digit(text[0]) < 0 || digit(text[1]) < 0)
			fail_at(doc, node, "bytes are two digits of "
				"hexadecimal each");
		bytes[(*len)++] =
			(uint8_t)(digit(text[0]) << 4 | digit(text[1]));
		text += 2;
	}
	return bytes;
}
