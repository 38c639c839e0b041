// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "util.h"
#include "yaml_out.h"

static int need(int got)
{
	if (got)
		return got;
	complain("out of memory");
	exit(EXIT_UNUSABLE);
}

void yaml_start(yaml_document_t *doc)
{
	need(yaml_document_initialize(doc, NULL, NULL, NULL, 0, 1));
}

void yaml_finish(yaml_document_t *doc, FILE *out)
{
	yaml_emitter_t emitter;

	need(yaml_emitter_initialize(&emitter));
	yaml_emitter_set_output_file(&emitter, out);
	yaml_emitter_set_width(&emitter, 78);
	/* What cannot be written is seen in the stream's own state. */
	yaml_emitter_open(&emitter);
	yaml_emitter_dump(&emitter, doc);
	yaml_emitter_close(&emitter);
	yaml_emitter_delete(&emitter);
}

int yaml_mapping(yaml_document_t *doc, bool flow)
{
	return need(yaml_document_add_mapping(
		doc, NULL,
		flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE));
}

int yaml_sequence(yaml_document_t *doc, bool flow)
{
	return need(yaml_document_add_sequence(
		doc, NULL,
		flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE));
}

static int add_scalar(yaml_document_t *doc, const char *text)
{
	return yaml_document_add_scalar(doc, NULL, (const yaml_char_t *)text,
					-1, YAML_ANY_SCALAR_STYLE);
}

int yaml_text(yaml_document_t *doc, const char *text)
{
	int id = add_scalar(doc, text);
	char *plain;

	if (id)
		return id;
	plain = escaped(text);
	id = add_scalar(doc, plain);
	free(plain);
	return need(id);
}

static int formatted(yaml_document_t *doc, char *text)
{
	int id = yaml_text(doc, text);

	free(text);
	return id;
}

int yaml_dec(yaml_document_t *doc, uint64_t n)
{
	return formatted(doc, xprintf("%" PRIu64, n));
}

int yaml_hex(yaml_document_t *doc, uint64_t n)
{
	return formatted(doc, xprintf("0x%" PRIx64, n));
}

int yaml_bytes(yaml_document_t *doc, const uint8_t *bytes, size_t len)
{
	struct text_file file;

	text_open(&file);
	for (size_t i = 0; i < len; i++)
		fprintf(file.out, "%s%02x", i ? " " : "", bytes[i]);
	return formatted(doc, text_close(&file));
}

void yaml_put(yaml_document_t *doc, int map, const char *key, int value)
{
	need(yaml_document_append_mapping_pair(doc, map, yaml_text(doc, key),
					       value));
}

void yaml_add(yaml_document_t *doc, int seq, int value)
{
	need(yaml_document_append_sequence_item(doc, seq, value));
}

size_t yaml_length(yaml_document_t *doc, int node)
{
	const yaml_node_t *at = yaml_document_get_node(doc, node);

	if (at->type == YAML_MAPPING_NODE)
		return (size_t)(at->data.mapping.pairs.top -
				at->data.mapping.pairs.start);
	if (at->type == YAML_SEQUENCE_NODE)
		return (size_t)(at->data.sequence.items.top -
				at->data.sequence.items.start);
	return 0;
}
