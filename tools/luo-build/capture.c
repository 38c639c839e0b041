// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <luser/save.h>
#include <luser/walk.h>

#include "capture.h"
#include "say.h"

static enum luser_role role_of(const struct document *doc)
{
	const yaml_node_t *role = lookup(doc, document_top(doc), "role");

	if (!role)
		return LUSER_ROLE_UNKNOWN;
	if (is_scalar(role, "in"))
		return LUSER_ROLE_IN;
	if (is_scalar(role, "out"))
		return LUSER_ROLE_OUT;
	fail_at(doc, role, "a role is in or out");
}

/* What is read of it on the way is what is kept. */
static enum luser_code keep(struct luser_mem *mem,
			    const struct luser_root *root, uint32_t page_size,
			    const char *path, struct luser_error *err)
{
	static const struct luser_visitor visitor;
	struct luser_walk_options options = {
		.page_size = page_size,
		.early = true,
	};
	struct luser_save *save;
	enum luser_code code = luser_save_open(path, mem, &save, err);

	if (code != LUSER_OK)
		return code;
	code = luser_walk(mem, root, &options, &visitor, NULL, err);
	if (code == LUSER_OK)
		return luser_save_finish(save, root, 1, page_size, err);
	luser_save_cancel(save);
	return code;
}

/* A dump in memory has holes where the image has none of its own. */
enum luser_code capture_save(const struct document *doc,
			     struct luser_image *image, uint64_t root_phys,
			     const char *path, struct luser_error *err)
{
	struct luser_root root = {
		.role = role_of(doc),
		.why = "It was built like this.",
		.phys = root_phys,
	};
	int fd = memfd_create("luo-build", MFD_CLOEXEC);
	struct luser_mem *mem;
	enum luser_code code;
	char dump[40];

	if (fd < 0) {
		complain("cannot make a temporary file");
		exit(EXIT_UNUSABLE);
	}
	snprintf(dump, sizeof(dump), "/proc/self/fd/%d", fd);
	code = luser_image_save(image, dump, err);
	if (code == LUSER_OK)
		code = luser_mem_open(dump, 0, &mem, err);
	if (code == LUSER_OK) {
		code = keep(mem, &root, luser_image_page_size(image), path,
			    err);
		luser_mem_close(mem);
	}
	close(fd);
	return code;
}
