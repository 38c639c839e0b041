/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A description as YAML gives it. Whatever is wrong with it ends the program,
 * with the place in the file.
 */
#ifndef LUO_BUILD_DOCUMENT_H
#define LUO_BUILD_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yaml.h>

#include <luser/error.h>

/**
 * struct document - a description
 * @page_size: what "$page-size" stands for; 0 as long as it is not
 *             known
 */
struct document {
	const char *path;
	yaml_document_t yaml;
	uint32_t page_size;
};

/**
 * document_read() - read a description
 * @doc:  to be given to document_free()
 * @path: a file with one YAML document, or "-" for standard input
 */
void document_read(struct document *doc, const char *path);

void document_free(struct document *doc);

/* Says what is wrong with @node and ends the program. */
__attribute__((noreturn, format(printf, 3, 4)))
void fail_at(const struct document *doc, const yaml_node_t *node,
	     const char *format, ...);

/* The same for a failure of the library, if @code is one. */
void check_at(const struct document *doc, const yaml_node_t *node,
	      enum luser_code code, const struct luser_error *err);

const yaml_node_t *document_top(const struct document *doc);

/* The value of a key in a mapping, or NULL. Other nodes have no keys. */
const yaml_node_t *lookup(const struct document *doc, const yaml_node_t *map,
			  const char *key);

/* The same, and it is a fault if it is not there. */
const yaml_node_t *required(const struct document *doc, const yaml_node_t *map,
			    const char *key);

/* Number of elements of a sequence; of nothing it is 0. */
size_t sequence_length(const struct document *doc, const yaml_node_t *node);

const yaml_node_t *sequence_at(const struct document *doc,
			       const yaml_node_t *node, size_t i);

/* Number of pairs of a mapping; of nothing it is 0. */
size_t mapping_length(const struct document *doc, const yaml_node_t *node);

/* Key number @i of a mapping, and its value. */
const char *mapping_at(const struct document *doc, const yaml_node_t *node,
		       size_t i, const yaml_node_t **value);

/* Ends the program at the first key of @map that is not in @known. */
void only_keys(const struct document *doc, const yaml_node_t *map,
	       const char *const *known);

/* Whether @node is a scalar, and with this text if @text is not NULL. */
bool is_scalar(const yaml_node_t *node, const char *text);

const char *scalar_text(const struct document *doc, const yaml_node_t *node);

/*
 * A number in any base that C has, K, M or G behind it, or the page size; or
 * false, if the text is nothing like it.
 */
bool parse_number(const struct document *doc, const char *text, uint64_t *ret);

uint64_t number_at(const struct document *doc, const yaml_node_t *node);

/* The number under @key, or @otherwise. */
uint64_t number_or(const struct document *doc, const yaml_node_t *map,
		   const char *key, uint64_t otherwise);

/* The same; UINT32_MAX if it is more, as whoever takes it refuses that. */
uint32_t small_number_or(const struct document *doc, const yaml_node_t *map,
			 const char *key, uint32_t otherwise);

bool truth_or(const struct document *doc, const yaml_node_t *map,
	      const char *key, bool otherwise);

/* Bytes in hexadecimal, blanks between them ignored. The caller frees them. */
uint8_t *bytes_at(const struct document *doc, const yaml_node_t *node,
		  size_t *len);

#endif /* LUO_BUILD_DOCUMENT_H */
