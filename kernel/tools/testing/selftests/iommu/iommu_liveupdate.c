// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device keeps its translation across a live update.
 *
 *	iommu_liveupdate --stage 1 BDF		in the old kernel
 *	(kexec)
 *	iommu_liveupdate --stage 2 BDF		in the new one
 *
 * BDF is an edu device of QEMU, alone in its IOMMU group and bound to vfio-pci:
 *
 *	qemu-system-x86_64 -machine q35,kernel-irqchip=split
 *		-device intel-iommu,intremap=on -device pcie-root-port,id=port
 *		-device edu,bus=port,dma_mask=0xffffffff ...
 *
 * Both kernels are booted with kho=on liveupdate=on.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <linux/liveupdate.h>

#include "../kselftest.h"
#include "iommu_liveupdate_utils.h"

#define PAGE		4096u
#define PAGES		4
#define IOVA		0x10000000u
#define SEALS		(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW)
#define SESSION		"iommu-liveupdate"
#define MEMORY_TOKEN	1
#define IOMMUFD_TOKEN	2
#define HWPT_TOKEN	3

static int session, memory, iommufd, device;
static uint32_t device_id;
static void *bar;

/* The rest makes no sense without it. */
static void need(int err, const char *what)
{
	if (err < 0)
		ksft_exit_fail_msg("%s: %s\n", what, strerror(-err));
}

static void check(int err, int expected, const char *what)
{
	if (err != expected)
		ksft_print_msg("%s: %s, expected %s\n", what, strerror(-err),
			       strerror(-expected));
	ksft_test_result(err == expected, "%s\n", what);
}

static int open_errno(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static void fill(unsigned int page, int byte)
{
	char buf[EDU_LENGTH];

	memset(buf, byte, sizeof(buf));
	if (pwrite(memory, buf, sizeof(buf), page * PAGE) != sizeof(buf))
		ksft_exit_fail_perror("memfd");
}

static bool filled(unsigned int page, int byte)
{
	char want[EDU_LENGTH], have[EDU_LENGTH];

	memset(want, byte, sizeof(want));
	if (pread(memory, have, sizeof(have), page * PAGE) != sizeof(have))
		ksft_exit_fail_perror("memfd");
	return !memcmp(want, have, sizeof(want));
}

/* The device reads a page, and writes it back when it is gone. */
static int dma(unsigned int page)
{
	fill(page, 0x5a + page);
	edu_dma(bar, IOVA + page * PAGE, false);
	fill(page, 0);
	edu_dma(bar, IOVA + page * PAGE, true);
	return filled(page, 0x5a + page) ? 0 : -EFAULT;
}

static void enable(void)
{
	uint64_t config, region;

	need(vfio_region(device, VFIO_PCI_CONFIG_REGION_INDEX, &config),
	     "configuration space");
	need(vfio_region(device, VFIO_PCI_BAR0_REGION_INDEX, &region), "BAR 0");
	need(edu_enable(device, config), "bus mastering");
	need(edu_map(device, region, &bar), "map BAR 0");
}

static void open_device(const char *bdf)
{
	device = vfio_open(bdf);
	need(device, "open the VFIO device");
}

static int preserve(int fd, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg),
		.fd = fd,
		.token = token,
	};

	return lu_ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, &arg);
}

static int retrieve(uint64_t token)
{
	struct liveupdate_session_retrieve_fd arg = {
		.size = sizeof(arg),
		.token = token,
	};
	int err = lu_ioctl(session, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg);

	return err ? err : arg.fd;
}

static int finish(void)
{
	struct liveupdate_session_finish arg = { .size = sizeof(arg) };

	return lu_ioctl(session, LIVEUPDATE_SESSION_FINISH, &arg);
}

static void create_session(void)
{
	struct liveupdate_ioctl_create_session arg = {
		.size = sizeof(arg),
		.name = SESSION,
	};
	int luo = open_errno("/dev/liveupdate");

	need(luo, "/dev/liveupdate");
	need(lu_ioctl(luo, LIVEUPDATE_IOCTL_CREATE_SESSION, &arg), "session");
	session = arg.fd;
}

static void retrieve_session(void)
{
	struct liveupdate_ioctl_retrieve_session arg = {
		.size = sizeof(arg),
		.name = SESSION,
	};
	int luo = open_errno("/dev/liveupdate");

	need(luo, "/dev/liveupdate");
	need(lu_ioctl(luo, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, &arg),
	     "retrieve the session");
	session = arg.fd;
}

/* Pages first..first + PAGES - 1, each at the same IOVA in every HWPT. */
static uint32_t new_hwpt(unsigned int first)
{
	uint32_t ioas, hwpt;

	need(iommufd_ioas(iommufd, &ioas), "IOAS");
	need(iommufd_map_file(iommufd, ioas, memory, first * PAGE, PAGES * PAGE,
			      IOVA + first * PAGE), "map the memfd");
	need(iommufd_hwpt(iommufd, device_id, ioas, &hwpt), "HWPT");
	return hwpt;
}

/* What is preserved lasts as long as somebody has it open. */
static void stay(void)
{
	pid_t pid = fork();

	need(pid < 0 ? -errno : 0, "fork");
	if (pid)
		return;
	setsid();
	fclose(stdin);
	fclose(stdout);
	fclose(stderr);
	for (;;)
		pause();
}

static void old_kernel(const char *bdf)
{
	uint32_t hwpt;

	ksft_set_plan(7);
	memory = memfd_create("iommu-liveupdate", MFD_ALLOW_SEALING);
	if (memory < 0 || ftruncate(memory, 2 * PAGES * PAGE) ||
	    fcntl(memory, F_ADD_SEALS, SEALS))
		ksft_exit_fail_perror("memfd");
	iommufd = open_errno("/dev/iommu");
	need(iommufd, "/dev/iommu");
	open_device(bdf);
	need(vfio_bind(device, iommufd, &device_id), "bind");
	hwpt = new_hwpt(0);
	need(vfio_attach(device, hwpt), "attach");
	enable();

	check(dma(0), 0, "DMA");
	check(iommufd_mark(iommufd, hwpt, HWPT_TOKEN), 0, "mark the HWPT");
	check(iommufd_mark(iommufd, hwpt, HWPT_TOKEN), -EEXIST,
	      "mark it again");
	create_session();
	check(preserve(iommufd, IOMMUFD_TOKEN), -EXDEV,
	      "preserve the iommufd before the memfd");
	check(preserve(memory, MEMORY_TOKEN), 0, "preserve the memfd");
	check(preserve(iommufd, IOMMUFD_TOKEN), 0, "preserve the iommufd");
	check(vfio_detach(device), -EBUSY, "detach what is preserved");
	stay();
}

static void new_kernel(const char *bdf)
{
	uint32_t hwpt, other;

	ksft_set_plan(8);
	retrieve_session();
	memory = retrieve(MEMORY_TOKEN);
	need(memory, "retrieve the memfd");
	iommufd = retrieve(IOMMUFD_TOKEN);
	need(iommufd, "retrieve the iommufd");
	open_device(bdf);
	check(vfio_bind(device, iommufd, &device_id), 0, "bind");
	check(iommufd_lookup(iommufd, HWPT_TOKEN, &hwpt), 0,
	      "look up the HWPT");
	check(vfio_attach(device, hwpt), 0, "attach it");
	enable();
	check(dma(0), 0, "DMA without mapping anything again");
	check(finish(), -EBUSY, "finish while it is attached");
	other = new_hwpt(1);
	check(vfio_attach(device, other), 0, "replace it");
	check(dma(PAGES), 0, "DMA to what the old HWPT did not map");
	check(finish(), 0, "finish");
}

int main(int argc, char **argv)
{
	ksft_print_header();
	if (argc != 4 || strcmp(argv[1], "--stage"))
		ksft_exit_fail_msg("usage: %s --stage 1|2 BDF\n", argv[0]);
	if (!strcmp(argv[2], "1"))
		old_kernel(argv[3]);
	else
		new_kernel(argv[3]);
	ksft_finished();
}
