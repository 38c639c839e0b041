/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* YAML documents, node by node. Want of memory ends the program. */
#ifndef LUO_DUMP_YAML_OUT_H
#define LUO_DUMP_YAML_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <yaml.h>

/* Nodes have numbers from 1 on; 0 is none. */

void yaml_start(yaml_document_t *doc);
/* Writes the document, and releases it. */
void yaml_finish(yaml_document_t *doc, FILE *out);

/* @flow: in one line */
int yaml_mapping(yaml_document_t *doc, bool flow);
int yaml_sequence(yaml_document_t *doc, bool flow);
/* Text that is not UTF-8 is escaped. */
int yaml_text(yaml_document_t *doc, const char *text);
int yaml_dec(yaml_document_t *doc, uint64_t n);
int yaml_hex(yaml_document_t *doc, uint64_t n);
/* Bytes as hexadecimal digits. */
int yaml_bytes(yaml_document_t *doc, const uint8_t *bytes, size_t len);

void yaml_put(yaml_document_t *doc, int map, const char *key, int value);
void yaml_add(yaml_document_t *doc, int seq, int value);
/* Pairs or items in a node. */
size_t yaml_length(yaml_document_t *doc, int node);

#endif /* LUO_DUMP_YAML_OUT_H */
