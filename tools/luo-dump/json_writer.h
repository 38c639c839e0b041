/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * JSON as it is written: objects and lists are opened and ended in place, so
 * that a document may be larger than memory. Values are written by json-c.
 */
#ifndef LUO_DUMP_JSON_WRITER_H
#define LUO_DUMP_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct json - a document being written
 * @out: where to
 */
struct json {
	FILE *out;

	/* private */
	size_t depth;
	bool has_members;
};

/*
 * In each of these @key is the name in the object, or NULL in a list. Keys
 * are not escaped.
 */
void json_open_object(struct json *json, const char *key);
void json_close_object(struct json *json);
void json_open_list(struct json *json, const char *key);
void json_close_list(struct json *json);

/* @text may be NULL, which is null. */
void json_text(struct json *json, const char *key, const char *text);

/* "0x..." */
void json_address(struct json *json, const char *key, uint64_t address);

/* A number; a decimal text above 2^53, where doubles have gaps. */
void json_number(struct json *json, const char *key, uint64_t number);

void json_truth(struct json *json, const char *key, bool value);

/* Two hexadecimal digits per byte. */
void json_bytes(struct json *json, const char *key, const uint8_t *bytes,
		size_t len);

#endif /* LUO_DUMP_JSON_WRITER_H */
