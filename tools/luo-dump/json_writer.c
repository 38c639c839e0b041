// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>

#include <json-c/json.h>

#include "json_writer.h"

/* Up to here every integer is a double. */
#define MAX_EXACT (UINT64_C(1) << 53)

static void new_line(const struct json *json)
{
	fprintf(json->out, "\n%*s", (int)json->depth, "");
}

/* What comes before a value. */
static void place(struct json *json, const char *key)
{
	if (json->has_members)
		fputc(',', json->out);
	if (json->depth)
		new_line(json);
	if (key)
		fprintf(json->out, "\"%s\": ", key);
	json->has_members = true;
}

static void open(struct json *json, const char *key, char bracket)
{
	place(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->has_members = false;
}

static void end(struct json *json, char bracket)
{
	json->depth--;
	if (json->has_members)
		new_line(json);
	fputc(bracket, json->out);
	json->has_members = true;
}

void json_open_object(struct json *json, const char *key)
{
	open(json, key, '{');
}

void json_close_object(struct json *json)
{
	end(json, '}');
}

void json_open_list(struct json *json, const char *key)
{
	open(json, key, '[');
}

void json_close_list(struct json *json)
{
	end(json, ']');
}

/* The library knows how a value is written; @value is given away. */
static void put(struct json *json, const char *key, json_object *value)
{
	place(json, key);
	fputs(json_object_to_json_string_ext(value,
					     JSON_C_TO_STRING_NOSLASHESCAPE),
	      json->out);
	json_object_put(value);
}

void json_text(struct json *json, const char *key, const char *text)
{
	put(json, key, text ? json_object_new_string(text) : NULL);
}

void json_address(struct json *json, const char *key, uint64_t address)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	json_text(json, key, text);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
	char text[24];

	if (number <= MAX_EXACT) {
		put(json, key, json_object_new_uint64(number));
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, number);
	json_text(json, key, text);
}

void json_truth(struct json *json, const char *key, bool value)
{
	put(json, key, json_object_new_boolean(value));
}

void json_bytes(struct json *json, const char *key, const uint8_t *bytes,
		size_t len)
{
	place(json, key);
	fputc('"', json->out);
	for (size_t i = 0; i < len; i++)
		fprintf(json->out, "%02x", bytes[i]);
	fputc('"', json->out);
}
