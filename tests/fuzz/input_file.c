// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include "input_file.h"

uint8_t *input_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long end;

	if (!file || fseek(file, 0, SEEK_END) || (end = ftell(file)) < 0 ||
	    fseek(file, 0, SEEK_SET) || !(data = malloc((size_t)end + 1)) ||
	    fread(data, 1, (size_t)end, file) != (size_t)end) {
		perror(path);
		exit(2);
	}
	fclose(file);
	*size = (size_t)end;
	return data;
}
