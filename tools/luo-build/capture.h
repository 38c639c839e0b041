/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef LUO_BUILD_CAPTURE_H
#define LUO_BUILD_CAPTURE_H

#include <luser/image.h>

#include "document.h"

/**
 * capture_save() - the small dump that luo-dump --save would make
 * @doc:   says which handover it is
 * @image: the memory
 * @root:  where to start
 * @path:  file to make
 * @err:   what went wrong
 */
enum luser_code capture_save(const struct document *doc,
			     struct luser_image *image, uint64_t root,
			     const char *path, struct luser_error *err);

#endif /* LUO_BUILD_CAPTURE_H */
