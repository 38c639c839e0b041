/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef INPUT_FILE_H
#define INPUT_FILE_H

#include <stddef.h>
#include <stdint.h>

/* What is in a file, to be freed. Ends the program if it cannot be read. */
uint8_t *input_file(const char *path, size_t *size);

#endif /* INPUT_FILE_H */
