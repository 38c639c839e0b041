// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "item_text.h"
#include "util.h"

#define COLUMNS 80
#define STEP    2

void paper_style(const struct paper *paper, enum style style)
{
	if (paper->color)
		fputs(style_code(style), paper->out);
}

enum style severity_style(enum luser_severity severity)
{
	static const enum style styles[] = {
		[LUSER_NOTE] = STYLE_DIM,
		[LUSER_WARNING] = STYLE_WARNING,
		[LUSER_ERROR] = STYLE_ERROR,
	};

	return styles[severity];
}

static void put_indent(const struct paper *paper, size_t indent)
{
	fprintf(paper->out, "%*s", (int)indent, "");
}

/* All fields in one text: "name value, name value". */
static char *rows_line(const struct item *item)
{
	struct text_file file;
	const char *between = "";

	text_open(&file);
	for (size_t i = 0; i < item->nr_rows; i++) {
		if (item->rows[i].label)
			continue;
		fprintf(file.out, "%s%s %s", between, item->rows[i].name,
			item->rows[i].value);
		between = ", ";
	}
	return text_close(&file);
}

static size_t rows_width(const struct item *item)
{
	size_t width = 0;

	for (size_t i = 0; i < item->nr_rows; i++) {
		size_t len = strlen(item->rows[i].name);

		if (len > width)
			width = len;
	}
	return width;
}

/* One field to a line, the values below each other. */
static void put_rows(const struct paper *paper, const struct item *item,
		     size_t indent)
{
	size_t width = rows_width(item);
	size_t column = indent + width + 2;

	for (size_t i = 0; i < item->nr_rows; i++) {
		const struct row *row = &item->rows[i];

		put_indent(paper, indent);
		fprintf(paper->out, "%-*s  ", (int)width, row->name);
		print_wrapped(paper->out, column, column, row->value);
		if (!paper->verbose || !row->doc)
			continue;
		put_indent(paper, column);
		paper_style(paper, STYLE_DIM);
		print_wrapped(paper->out, column, column, row->doc);
		paper_style(paper, STYLE_NONE);
	}
}

static void put_block(const struct paper *paper, const char *block,
		      size_t indent)
{
	while (*block) {
		size_t line = strcspn(block, "\n");

		put_indent(paper, indent);
		fprintf(paper->out, "%.*s\n", (int)line, block);
		block += line + 1;
	}
}

static void put_marks(const struct paper *paper, const struct item *item,
		      size_t indent)
{
	for (size_t i = 0; i < item->nr_marks; i++) {
		const struct mark *mark = &item->marks[i];

		put_indent(paper, indent);
		paper_style(paper, severity_style(mark->severity));
		fputs(mark->severity == LUSER_NOTE ? "- " : "! ", paper->out);
		print_wrapped(paper->out, indent + 2, indent + 2, mark->text);
		paper_style(paper, STYLE_NONE);
	}
}

/* Columns to the text beside a title; records' texts are below each other. */
static size_t title_width(const struct item *item)
{
	size_t len = strlen(item->title);

	if (!item->is_record || !item->parent || item->parent->width < len)
		return len;
	return item->parent->width;
}

static void put_title(const struct paper *paper, const struct item *item,
		      size_t width, bool has_text)
{
	paper_style(paper, STYLE_TITLE);
	fputs(item->title, paper->out);
	paper_style(paper, STYLE_NONE);
	if (has_text)
		fprintf(paper->out, "%*s",
			(int)(width + 2 - strlen(item->title)), "");
}

/* Where the fields go. */
enum layout {
	LAYOUT_BESIDE, /* the title */
	LAYOUT_LINE,   /* below it, in one line */
	LAYOUT_ROWS,   /* below it, one to a line */
};

static enum layout choose_layout(const struct paper *paper,
				 const struct item *item, size_t indent,
				 size_t beside, const char *line)
{
	size_t len = strlen(line);

	if (paper->verbose || item->is_table)
		return LAYOUT_ROWS;
	if (item->about)
		return indent + STEP + len <= COLUMNS ? LAYOUT_LINE :
							LAYOUT_ROWS;
	if (item->is_record || beside + len <= COLUMNS)
		return LAYOUT_BESIDE;
	return LAYOUT_ROWS;
}

/* Beside a title of this column or more there is no room for text. */
#define NO_ROOM 56

static void put_beside(const struct paper *paper, size_t indent, size_t beside,
		       const char *text)
{
	if (*text && beside >= NO_ROOM) {
		beside = indent + 2 * STEP;
		fputc('\n', paper->out);
		put_indent(paper, beside);
	}
	print_wrapped(paper->out, beside, beside, text);
}

static void put_head(const struct paper *paper, const struct item *item,
		     size_t indent)
{
	size_t width = title_width(item);
	size_t beside = indent + width + 2;
	char *line = rows_line(item);
	enum layout layout = choose_layout(paper, item, indent, beside,
					   line);
	const char *text = layout == LAYOUT_BESIDE ? line :
			   item->about		   ? item->about : "";

	put_indent(paper, indent);
	put_title(paper, item, width, *text && beside < NO_ROOM);
	put_beside(paper, indent, beside, text);
	if (layout == LAYOUT_ROWS) {
		put_rows(paper, item, indent + STEP);
	} else if (layout == LAYOUT_LINE && *line) {
		put_indent(paper, indent + STEP);
		fprintf(paper->out, "%s\n", line);
	}
	free(line);
}

void item_print(const struct paper *paper, const struct item *item,
		size_t indent)
{
	size_t below = indent + STEP;

	put_head(paper, item, indent);
	if (item->block)
		put_block(paper, item->block, below);
	put_marks(paper, item, below);
	for (size_t i = 0; i < item->nr_children; i++)
		item_print(paper, item->children[i], below);
	if (item->more) {
		char *more = number_text(item->more);

		put_indent(paper, below);
		fprintf(paper->out, "... %s more (--records=all)\n", more);
		free(more);
	}
}
