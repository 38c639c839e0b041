// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands on an iommufd, and on memory that it maps. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "iommu_liveupdate_utils.h"

#define PAGE 4096u

/* memory NAME PAGES SEALS: a memfd of zeros */
static void do_memory(const struct words *w)
{
	int seals = (int)words_number(w->at[3]);
	struct object *memory = object_new(w->at[1]);

	memory->fd = memfd_create(w->at[1], MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (memory->fd < 0 ||
	    ftruncate(memory->fd, (off_t)(words_number(w->at[2]) * PAGE)) ||
	    fcntl(memory->fd, F_ADD_SEALS, seals))
		fail("%s: %s", w->at[1], strerror(errno));
}

/* punch MEMORY PAGE PAGES: give back pages of a memfd */
static int do_punch(const struct words *w)
{
	return fallocate(object_find(w->at[1])->fd,
			 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			 (off_t)(words_number(w->at[2]) * PAGE),
			 (off_t)(words_number(w->at[3]) * PAGE)) ? -errno : 0;
}

/* iommufd NAME */
static void do_iommufd(const struct words *w)
{
	struct object *iommufd = object_new(w->at[1]);

	iommufd->fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (iommufd->fd < 0)
		fail("/dev/iommu: %s", strerror(errno));
}

/* ioas NAME IOMMUFD */
static int do_ioas(const struct words *w)
{
	struct object *iommufd = object_find(w->at[2]);
	uint32_t id;
	int err = iommufd_ioas(iommufd->fd, &id);

	return object_in(iommufd, w->at[1], id, err);
}

/* map IOAS MEMORY PAGE PAGES IOVA */
static int do_map(const struct words *w)
{
	struct object *ioas = object_find(w->at[1]);

	return iommufd_map_file(ioas->iommufd->fd, ioas->id,
				object_find(w->at[2])->fd,
				words_number(w->at[3]) * PAGE,
				words_number(w->at[4]) * PAGE,
				words_number(w->at[5]));
}

/* map-user IOAS PAGES IOVA: memory that is no file */
static int do_map_user(const struct words *w)
{
	struct object *ioas = object_find(w->at[1]);
	uint64_t length = words_number(w->at[2]) * PAGE;
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return iommufd_map_user(ioas->iommufd->fd, ioas->id, memory, length,
				words_number(w->at[3]));
}

/* unmap IOAS PAGES IOVA */
static int do_unmap(const struct words *w)
{
	struct object *ioas = object_find(w->at[1]);

	return iommufd_unmap(ioas->iommufd->fd, ioas->id,
			     words_number(w->at[3]),
			     words_number(w->at[2]) * PAGE);
}

/* hwpt NAME DEVICE IOAS */
static int do_hwpt(const struct words *w)
{
	struct object *device = object_find(w->at[2]);
	uint32_t id;
	int err = iommufd_hwpt(device->iommufd->fd, device->id,
			       object_find(w->at[3])->id, &id);

	return object_in(device->iommufd, w->at[1], id, err);
}

/* destroy OBJECT */
static int do_destroy(const struct words *w)
{
	struct object *object = object_find(w->at[1]);
	int err = iommufd_destroy(object->iommufd->fd, object->id);

	if (!err)
		object_drop(object);
	return err;
}

const struct command iommufd_commands[] = {
	{ "memory", 3, .run = do_memory },
	{ "punch", 3, .attempt = do_punch },
	{ "iommufd", 1, .run = do_iommufd },
	{ "ioas", 2, .attempt = do_ioas },
	{ "map", 5, .attempt = do_map },
	{ "map-user", 3, .attempt = do_map_user },
	{ "unmap", 3, .attempt = do_unmap },
	{ "hwpt", 3, .attempt = do_hwpt },
	{ "destroy", 1, .attempt = do_destroy },
	{ 0 }
};
