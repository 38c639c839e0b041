// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Values as text.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <luser/error.h>
#include <luser/format.h>

#include "text.h"

void luser_text_add(struct luser_text *text, const char *format, ...)
{
	va_list args;
	size_t room = text->len < text->size ? text->size - text->len : 0;
	int n;

	va_start(args, format);
	n = vsnprintf(room ? text->buf + text->len : NULL, room, format, args);
	va_end(args);
	if (n > 0)
		text->len += (size_t)n;
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c <= 0x7e && c != '\\';
}

static void add_escaped(struct luser_text *text, uint8_t c)
{
	char piece[5];
	size_t len;

	if (is_plain(c))
		snprintf(piece, sizeof(piece), "%c", c);
	else if (c == '\\')
		snprintf(piece, sizeof(piece), "\\\\");
	else
		snprintf(piece, sizeof(piece), "\\x%02x", c);
	len = strlen(piece);
	/* A cut in the middle of an escape would change what it says. */
	if (text->len + len < text->size)
		memcpy(text->buf + text->len, piece, len + 1);
	else if (text->len < text->size)
		text->size = text->len;
	text->len += len;
}

size_t luser_escape(const void *bytes, size_t len, char *buf, size_t size)
{
	struct luser_text text = {.buf = buf, .size = size};
	const uint8_t *at = bytes;

	if (size)
		buf[0] = '\0';
	for (size_t i = 0; i < len; i++)
		add_escaped(&text, at[i]);
	return text.len;
}

static size_t string_length(const uint8_t *at, size_t size)
{
	const uint8_t *end = memchr(at, 0, size);

	return end ? (size_t)(end - at) : size;
}

static void add_flags(struct luser_text *text, const struct luser_names *names,
		      uint64_t value)
{
	const char *between = "";

	for (uint16_t i = 0; i < names->nr_items; i++) {
		const struct luser_name *item = &names->items[i];

		if ((value & item->value) != item->value)
			continue;
		luser_text_add(text, "%s%s", between, item->name);
		value &= ~item->value;
		between = "|";
	}
	if (value || !*between)
		luser_text_add(text, "%s%#" PRIx64, between, value);
}

static void add_enum(struct luser_text *text, const struct luser_names *names,
		     uint64_t value)
{
	for (uint16_t i = 0; i < names->nr_items; i++)
		if (names->items[i].value == value) {
			luser_text_add(text, "%s", names->items[i].name);
			return;
		}
	luser_text_add(text, "%" PRIu64 " (unknown)", value);
}

size_t luser_format_size(uint64_t bytes, char *buf, size_t len)
{
	static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	uint64_t whole = bytes;
	uint64_t tenth = 0;
	size_t unit = 0;

	while (whole >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		tenth = whole % 1024 * 10 / 1024;
		whole /= 1024;
		unit++;
	}
	if (tenth)
		return (size_t)snprintf(buf, len, "%" PRIu64 ".%" PRIu64 " %s",
					whole, tenth, units[unit]);
	return (size_t)snprintf(buf, len, "%" PRIu64 " %s", whole, units[unit]);
}

static void add_bdf(struct luser_text *text, uint64_t value)
{
	luser_text_add(text, "%02x:%02x.%x", (unsigned int)(value >> 8),
		       (unsigned int)(value >> 3 & 0x1f),
		       (unsigned int)(value & 7));
}

static void add_integer(struct luser_text *text,
			const struct luser_field *field, uint64_t value)
{
	if (field->names && field->names->is_flags)
		add_flags(text, field->names, value);
	else if (field->names)
		add_enum(text, field->names, value);
	else if (field->format == LUSER_BDF)
		add_bdf(text, value);
	else if (field->format == LUSER_HEX)
		luser_text_add(text, "0x%" PRIx64, value);
	else
		luser_text_add(text, "%" PRIu64, value);
}

static void add_bytes(struct luser_text *text, const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		luser_text_add(text, "%02x", at[i]);
}

static void add_index(struct luser_text *text, const struct luser_field *field,
		      uint64_t value)
{
	if (field->link->nullable && value == field->link->none)
		luser_text_add(text, "none");
	else
		luser_text_add(text, "%" PRIu64, value);
}

/* A page frame number is told apart from the address that it stands for. */
static void add_phys(struct luser_text *text, const struct luser_field *field,
		     const uint8_t *at, const struct luser_env *env)
{
	uint64_t phys = luser_field_phys(field, at, env);

	if (field->format == LUSER_PFN)
		luser_text_add(text, "0x%" PRIx64 " (0x%" PRIx64 ")",
			       luser_field_get(field, at, 0), phys);
	else
		luser_text_add(text, "0x%" PRIx64, phys);
}

size_t luser_format_value(const struct luser_field *field, const uint8_t *at,
			  uint32_t i, const struct luser_env *env, char *buf,
			  size_t len)
{
	struct luser_text text = {.buf = buf, .size = len};
	const uint8_t *value = at + field->offset + (size_t)i * field->size;

	if (len)
		buf[0] = '\0';
	switch (field->kind) {
	case LUSER_STRING:
		return luser_escape(value, string_length(value, field->size),
				    buf, len);
	case LUSER_PHYS:
		add_phys(&text, field, at, env);
		break;
	case LUSER_POINTER:
		luser_text_add(&text, "0x%" PRIx64,
			       luser_field_get(field, at, i));
		break;
	case LUSER_INDEX:
		add_index(&text, field, luser_field_get(field, at, i));
		break;
	case LUSER_UINT:
		add_integer(&text, field, luser_field_get(field, at, i));
		break;
	default:
		add_bytes(&text, value, field->size);
	}
	return text.len;
}
