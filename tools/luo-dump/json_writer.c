// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>

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

void json_object(struct json *json, const char *key)
{
	open(json, key, '{');
}

void json_object_end(struct json *json)
{
	end(json, '}');
}

void json_list(struct json *json, const char *key)
{
	open(json, key, '[');
}

void json_list_end(struct json *json)
{
	end(json, ']');
}

static void put_char(FILE *out, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else if (c < 0x20 || c > 0x7e)
		fprintf(out, "\\u%04x", c);
	else
		fputc(c, out);
}

void json_text(struct json *json, const char *key, const char *text)
{
	place(json, key);
	if (!text) {
		fputs("null", json->out);
		return;
	}
	fputc('"', json->out);
	for (; *text; text++)
		put_char(json->out, (unsigned char)*text);
	fputc('"', json->out);
}

void json_address(struct json *json, const char *key, uint64_t address)
{
	place(json, key);
	fprintf(json->out, "\"0x%" PRIx64 "\"", address);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
	const char *quote = number > MAX_EXACT ? "\"" : "";

	place(json, key);
	fprintf(json->out, "%s%" PRIu64 "%s", quote, number, quote);
}

void json_bool(struct json *json, const char *key, bool value)
{
	place(json, key);
	fputs(value ? "true" : "false", json->out);
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
