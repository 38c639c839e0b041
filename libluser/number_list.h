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

/* number_list_add() - append a number; false without memory */
bool number_list_add(struct number_list *list, uint64_t number);

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
