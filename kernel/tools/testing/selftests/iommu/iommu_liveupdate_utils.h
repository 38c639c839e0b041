/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iommufd, VFIO and a device that does DMA on command, as little of them as a
 * test of IOMMU live update takes. What can fail returns 0 or a negative errno.
 */
#ifndef __SELFTEST_IOMMU_LIVEUPDATE_UTILS_H
#define __SELFTEST_IOMMU_LIVEUPDATE_UTILS_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/iommufd.h>
#include <linux/vfio.h>

/* QEMU's edu device: docs/specs/edu.txt */
#define EDU_BAR_SIZE	0x100000
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_RUN	0x1
#define EDU_DMA_TO_RAM	0x2
#define EDU_BUFFER	0x40000
#define EDU_LENGTH	2048

#define PCI_COMMAND		4
#define PCI_COMMAND_ON		0x6	/* memory, bus master */

static inline int lu_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

/* A character device of VFIO by the PCI address of its device. */
static inline int vfio_open(const char *bdf)
{
	char path[320];
	struct dirent *entry;
	int fd = -ENOENT;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", bdf);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/dev/vfio/devices/%s",
			 entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			fd = -errno;
	}
	closedir(dir);
	return fd;
}

/* The group of a device, for a VFIO container. */
static inline int vfio_group_open(const char *bdf)
{
	char path[320], group[256];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group",
		 bdf);
	len = readlink(path, group, sizeof(group) - 1);
	if (len < 0)
		return -errno;
	group[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(group, '/') + 1);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* @id receives the id that the device has in the iommufd. */
static inline int vfio_bind(int device, int iommufd, uint32_t *id)
{
	struct vfio_device_bind_iommufd arg = {
		.argsz = sizeof(arg),
		.iommufd = iommufd,
	};
	int err = lu_ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &arg);

	*id = arg.out_devid;
	return err;
}

static inline int vfio_attach(int device, uint32_t id)
{
	struct vfio_device_attach_iommufd_pt arg = {
		.argsz = sizeof(arg),
		.pt_id = id,
	};

	return lu_ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &arg);
}

static inline int vfio_detach(int device)
{
	struct vfio_device_detach_iommufd_pt arg = { .argsz = sizeof(arg) };

	return lu_ioctl(device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &arg);
}

static inline int vfio_region(int device, uint32_t index, uint64_t *offset)
{
	struct vfio_region_info arg = { .argsz = sizeof(arg), .index = index };
	int err = lu_ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &arg);

	*offset = arg.offset;
	return err;
}

static inline int iommufd_ioas(int iommufd, uint32_t *id)
{
	struct iommu_ioas_alloc arg = { .size = sizeof(arg) };
	int err = lu_ioctl(iommufd, IOMMU_IOAS_ALLOC, &arg);

	*id = arg.out_ioas_id;
	return err;
}

static inline int iommufd_map_file(int iommufd, uint32_t ioas, int memfd,
				   uint64_t start, uint64_t length,
				   uint64_t iova)
{
	struct iommu_ioas_map_file arg = {
		.size = sizeof(arg),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_WRITEABLE |
			 IOMMU_IOAS_MAP_READABLE,
		.ioas_id = ioas,
		.fd = memfd,
		.start = start,
		.length = length,
		.iova = iova,
	};

	return lu_ioctl(iommufd, IOMMU_IOAS_MAP_FILE, &arg);
}

static inline int iommufd_map_user(int iommufd, uint32_t ioas, void *memory,
				   uint64_t length, uint64_t iova)
{
	struct iommu_ioas_map arg = {
		.size = sizeof(arg),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_WRITEABLE |
			 IOMMU_IOAS_MAP_READABLE,
		.ioas_id = ioas,
		.user_va = (uintptr_t)memory,
		.length = length,
		.iova = iova,
	};

	return lu_ioctl(iommufd, IOMMU_IOAS_MAP, &arg);
}

static inline int iommufd_unmap(int iommufd, uint32_t ioas, uint64_t iova,
				uint64_t length)
{
	struct iommu_ioas_unmap arg = {
		.size = sizeof(arg),
		.ioas_id = ioas,
		.iova = iova,
		.length = length,
	};

	return lu_ioctl(iommufd, IOMMU_IOAS_UNMAP, &arg);
}

static inline int iommufd_hwpt(int iommufd, uint32_t device, uint32_t ioas,
			       uint32_t *id)
{
	struct iommu_hwpt_alloc arg = {
		.size = sizeof(arg),
		.dev_id = device,
		.pt_id = ioas,
	};
	int err = lu_ioctl(iommufd, IOMMU_HWPT_ALLOC, &arg);

	*id = arg.out_hwpt_id;
	return err;
}

static inline int iommufd_destroy(int iommufd, uint32_t id)
{
	struct iommu_destroy arg = { .size = sizeof(arg), .id = id };

	return lu_ioctl(iommufd, IOMMU_DESTROY, &arg);
}

#ifdef IOMMU_LIVEUPDATE_MARK

static inline int iommufd_mark(int iommufd, uint32_t hwpt, uint64_t token)
{
	struct iommu_liveupdate_mark arg = {
		.size = sizeof(arg),
		.hwpt_id = hwpt,
		.token = token,
	};

	return lu_ioctl(iommufd, IOMMU_LIVEUPDATE_MARK, &arg);
}

static inline int iommufd_unmark(int iommufd, uint32_t hwpt)
{
	struct iommu_liveupdate_unmark arg = {
		.size = sizeof(arg),
		.hwpt_id = hwpt,
	};

	return lu_ioctl(iommufd, IOMMU_LIVEUPDATE_UNMARK, &arg);
}

static inline int iommufd_lookup(int iommufd, uint64_t token, uint32_t *hwpt)
{
	struct iommu_liveupdate_lookup arg = {
		.size = sizeof(arg),
		.token = token,
	};
	int err = lu_ioctl(iommufd, IOMMU_LIVEUPDATE_LOOKUP, &arg);

	*hwpt = arg.out_hwpt_id;
	return err;
}

#endif /* IOMMU_LIVEUPDATE_MARK */

static inline uint64_t edu_get(void *bar, unsigned int reg)
{
	return __atomic_load_n((uint64_t *)((char *)bar + reg),
			       __ATOMIC_ACQUIRE);
}

static inline void edu_set(void *bar, unsigned int reg, uint64_t value)
{
	__atomic_store_n((uint64_t *)((char *)bar + reg), value,
			 __ATOMIC_RELEASE);
}

/* EDU_LENGTH bytes from its buffer to an address of its own, or from there. */
static inline void edu_dma(void *bar, uint64_t iova, bool to_ram)
{
	edu_set(bar, EDU_DMA_SRC, to_ram ? EDU_BUFFER : iova);
	edu_set(bar, EDU_DMA_DST, to_ram ? iova : EDU_BUFFER);
	edu_set(bar, EDU_DMA_COUNT, EDU_LENGTH);
	edu_set(bar, EDU_DMA_CMD, EDU_DMA_RUN | (to_ram ? EDU_DMA_TO_RAM : 0));
	while (edu_get(bar, EDU_DMA_CMD) & EDU_DMA_RUN)
		usleep(1000);
}

/* Let it respond, and do DMA; its configuration is in a file. */
static inline int edu_enable(int config, uint64_t offset)
{
	uint16_t command = PCI_COMMAND_ON;

	if (pwrite(config, &command, sizeof(command),
		   (off_t)(offset + PCI_COMMAND)) != sizeof(command))
		return -errno;
	return 0;
}

static inline int edu_map(int fd, uint64_t offset, void **bar)
{
	*bar = mmap(NULL, EDU_BAR_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    (off_t)offset);
	return *bar == MAP_FAILED ? -errno : 0;
}

#endif /* __SELFTEST_IOMMU_LIVEUPDATE_UTILS_H */
