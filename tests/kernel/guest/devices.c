// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands on a device that does DMA: QEMU's edu. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "iommu_liveupdate_utils.h"

/* vfio NAME BDF: open it, after vfio-pci has it */
static int do_vfio(const struct words *w)
{
	int fd = vfio_open(w->at[2]);

	if (fd < 0)
		return fd;
	object_new(w->at[1])->fd = fd;
	return 0;
}

/* bind DEVICE IOMMUFD */
static int do_bind(const struct words *w)
{
	struct object *device = object_find(w->at[1]);
	struct object *iommufd = object_find(w->at[2]);
	int err = vfio_bind(device->fd, iommufd->fd, &device->id);

	if (!err)
		device->iommufd = iommufd;
	return err;
}

/* attach DEVICE HWPT */
static int do_attach(const struct words *w)
{
	return vfio_attach(object_find(w->at[1])->fd,
			   object_find(w->at[2])->id);
}

/* detach DEVICE */
static int do_detach(const struct words *w)
{
	return vfio_detach(object_find(w->at[1])->fd);
}

/* enable DEVICE: memory and bus mastering on, through VFIO */
static int do_enable(const struct words *w)
{
	struct object *device = object_find(w->at[1]);
	uint64_t config, bar;
	int err = vfio_region(device->fd, VFIO_PCI_CONFIG_REGION_INDEX,
			      &config);

	if (!err)
		err = vfio_region(device->fd, VFIO_PCI_BAR0_REGION_INDEX, &bar);
	if (!err)
		err = edu_enable(device->fd, config);
	if (!err && !device->bar)
		err = edu_map(device->fd, bar, &device->bar);
	return err;
}

static int open_file(const char *bdf, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bdf, name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

/* sysfs NAME BDF: memory and bus mastering on, behind everybody's back */
static int do_sysfs(const struct words *w)
{
	struct object *device = object_new(w->at[1]);
	int config = open_file(w->at[2], "config");
	int err = edu_enable(config, 0);

	close(config);
	device->fd = open_file(w->at[2], "resource0");
	return err ? err : edu_map(device->fd, 0, &device->bar);
}

/* container BDF: let a VFIO container have it for a moment */
static int do_container(const struct words *w)
{
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int group = vfio_group_open(w->at[1]);
	int err = group < 0 ? group : 0;

	if (container < 0)
		fail("/dev/vfio/vfio: %s", strerror(errno));
	if (!err)
		err = lu_ioctl(group, VFIO_GROUP_SET_CONTAINER, &container);
	if (!err && ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		err = -errno;
	close(group);
	close(container);
	return err;
}

static void fill(int memory, uint64_t offset, int byte)
{
	char buf[EDU_LENGTH];

	memset(buf, byte, sizeof(buf));
	if (pwrite(memory, buf, sizeof(buf), (off_t)offset) != sizeof(buf))
		fail("memory at %#llx: %s", (unsigned long long)offset,
		     strerror(errno));
}

static bool filled(int memory, uint64_t offset, int byte)
{
	char want[EDU_LENGTH], have[EDU_LENGTH];

	memset(want, byte, sizeof(want));
	if (pread(memory, have, sizeof(have), (off_t)offset) != sizeof(have))
		fail("memory at %#llx: %s", (unsigned long long)offset,
		     strerror(errno));
	return !memcmp(want, have, sizeof(want));
}

/*
 * dma DEVICE IOVA MEMORY OFFSET: the device reads what is there, and writes it
 * back when it is gone; EFAULT if it did not
 */
static int do_dma(const struct words *w)
{
	void *bar = object_find(w->at[1])->bar;
	uint64_t iova = words_number(w->at[2]);
	int memory = object_find(w->at[3])->fd;
	uint64_t offset = words_number(w->at[4]);
	static unsigned char byte = 1;

	byte += 2;
	fill(memory, offset, byte);
	edu_dma(bar, iova, false);
	fill(memory, offset, 0);
	edu_dma(bar, iova, true);
	return filled(memory, offset, byte) ? 0 : -EFAULT;
}

const struct command device_commands[] = {
	{ "vfio", 2, .attempt = do_vfio },
	{ "bind", 2, .attempt = do_bind },
	{ "attach", 2, .attempt = do_attach },
	{ "detach", 1, .attempt = do_detach },
	{ "enable", 1, .attempt = do_enable },
	{ "sysfs", 2, .attempt = do_sysfs },
	{ "container", 1, .attempt = do_container },
	{ "dma", 4, .attempt = do_dma },
	{ 0 }
};
