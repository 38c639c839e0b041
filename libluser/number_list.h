/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lists of numbers that take little room, and none where each number is one
 * more than the one before.
 */
#ifndef LUSER_NUMBER_LIST_H
#define LUSER_NUMBER_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct number_list - numbers, in runs of such as follow each other
 * @bytes:  of each run, how far its first number is from the one before, and
 *          how many follow; of the last run only the former. Seven bits to a
 *          byte, the last one of each without the top bit
 * @nr:     bytes
 * @room:   allocated
 * @last:   the number that was added last
 * @follow: numbers of the last run, but for the first one
 */
struct number_list {
	uint8_t *bytes;
	size_t nr;
	size_t room;
	uint64_t last;
	uint64_t follow;
};

/* For number_list_add() alone. */
bool number_list_begin_run(struct number_list *list, uint64_t number);

/* number_list_add() - append a number; false without memory */
static inline bool number_list_add(struct number_list *list, uint64_t number)
{
	if (!list->nr || number != list->last + 1)
		return number_list_begin_run(list, number);
	list->last++;
	list->follow++;
	return true;
}

/**
 * struct number_list_cursor - where a list is being read; all zero at first
 * @number: the one that was read last
 * @follow: numbers that follow it in its run
 * @at:     where the next run starts
 */
struct number_list_cursor {
	uint64_t number;
	uint64_t follow;
	size_t at;
};

/* number_list_next() - read the next number; false at the end */
bool number_list_next(const struct number_list *list,
		      struct number_list_cursor *cursor);

void number_list_free(struct number_list *list);

#endif /* LUSER_NUMBER_LIST_H */
