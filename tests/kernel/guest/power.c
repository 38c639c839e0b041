// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands that end a script: kexec into the next kernel, or stop. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

static int open_image(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

/* load CMDLINE: /next/kernel with /next/initramfs */
static void do_load(const struct words *w)
{
	const char *cmdline = w->at[1];
	int kernel = open_image("/next/kernel");
	int initramfs = open_image("/next/initramfs");

	if (syscall(SYS_kexec_file_load, kernel, initramfs,
		    strlen(cmdline) + 1, cmdline, 0UL))
		fail("kexec_file_load: %s", strerror(errno));
	close(kernel);
	close(initramfs);
}

/* kexec CMDLINE: load it, and go there; returns if it fails */
static int do_kexec(const struct words *w)
{
	do_load(w);
	host_line("kexec");
	host_drain();
	reboot(RB_KEXEC);
	return -errno;
}

/* done */
static void do_done(const struct words *w)
{
	(void)w;
	host_line("done");
	host_drain();
	for (;;)
		pause();
}

const struct command power_commands[] = {
	{ "load", 1, .run = do_load },
	{ "kexec", 1, .attempt = do_kexec },
	{ "done", 0, .run = do_done },
	{ 0 }
};
