// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A raw image: the bytes of memory from a base address on, nothing else. */
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "error_internal.h"
#include "mem_file_internal.h"

enum luser_code luser_mem_open_raw(int fd, const char *name, uint64_t base,
				   struct luser_mem **ret,
				   struct luser_error *err)
{
	struct mem_file *file = luser_mem_file_new(fd, "raw image");
	enum luser_code code;
	uint64_t size;
	off_t end;

	if (!file)
		return luser_fail_nomem(err);
	end = lseek(fd, 0, SEEK_END);
	size = (uint64_t)end;
	if (end < 0)
		code = luser_fail_errno(err, errno, "cannot find the size of %s",
					name);
	else if (size > UINT64_MAX - base)
		code = luser_fail(err, LUSER_ARGUMENT, base,
				  "%s does not fit above address 0x%" PRIx64,
				  name, base);
	else
		code = luser_mem_file_add(file, base, 0, size, err);
	if (code == LUSER_OK)
		code = luser_mem_file_seal(file, size, err);
	if (code == LUSER_OK)
		*ret = &file->mem;
	else
		luser_mem_close(&file->mem);
	return code;
}
