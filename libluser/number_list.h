/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lists of numbers that take little room.
 */
#ifndef LUSER_NUMBER_LIST_H
#define LUSER_NUMBER_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct number_list - numbers, each as its distance from the one before
 * @bytes: seven bits to a byte, the last one of a number without the top bit
 * @nr:    bytes
 * @room:  allocated
 * @last:  the number that was added, or read, last
 */
struct number_list {
	uint8_t *bytes;
	size_t nr;
	size_t room;
	uint64_t last;
};

/* Bytes of the longest number. */
#define NUMBER_LIST_LONGEST 10

/* For number_list_add() alone. */
bool number_list_grow(struct number_list *list);

/* number_list_add() - append a number; false without memory */
static inline bool number_list_add(struct number_list *list, uint64_t number)
{
	/* What is a little less is near too: the sign goes to the lowest bit. */
	uint64_t step = number - list->last;
	uint64_t left = step << 1 ^ -(step >> 63);

	if (list->room - list->nr < NUMBER_LIST_LONGEST &&
	    !number_list_grow(list))
		return false;
	for (; left > 127; left >>= 7)
		list->bytes[list->nr++] = (uint8_t)(left | 128);
	list->bytes[list->nr++] = (uint8_t)left;
	list->last = number;
	return true;
}

/**
 * number_list_next() - read a list again
 * @at:   where the next number starts; 0 at first
 * @last: the number; 0 at first
 *
 * Return: false at the end.
 */
bool number_list_next(const struct number_list *list, size_t *at, uint64_t *last);

void number_list_free(struct number_list *list);

#endif /* LUSER_NUMBER_LIST_H */
