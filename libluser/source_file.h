/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Small files of sysfs and debugfs, or of a copy that anybody may have made. */
#ifndef LUSER_SOURCE_FILE_H
#define LUSER_SOURCE_FILE_H

#include "source_internal.h"

/**
 * luser_source_read_file() - read a whole file
 * @src:  keeps the bytes
 * @dir:  descriptor of a directory
 * @name: a file in it; links are not followed, only plain files are read
 * @data: receives the bytes, with a NUL behind them
 * @len:  receives how many
 *
 * The size that the file system tells is not believed: debugfs tells none.
 *
 * Return: LUSER_OK, LUSER_MISSING, LUSER_DENIED, LUSER_FORMAT (no plain file,
 * or larger than LUSER_SOURCE_BLOB_MAX), LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_source_read_file(struct luser_source *src, int dir,
				       const char *name, const void **data,
				       size_t *len, struct luser_error *err);

/** luser_source_open_dir() - a directory in @dir; -1 with errno */
int luser_source_open_dir(int dir, const char *name);

#endif /* LUSER_SOURCE_FILE_H */
