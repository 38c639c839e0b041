// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands on files: mount, umount, write, send, tree. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

/* mount TYPE DIR */
static void do_mount(const struct words *w)
{
	mkdir(w->at[2], 0755);
	if (mount(w->at[1], w->at[2], w->at[1], 0, NULL))
		fail("mount %s: %s", w->at[2], strerror(errno));
}

/* umount DIR */
static void do_umount(const struct words *w)
{
	if (umount(w->at[1]))
		fail("umount %s: %s", w->at[1], strerror(errno));
}

/* write FILE TEXT */
static int do_write(const struct words *w)
{
	size_t len = strlen(w->at[2]);
	int fd = open(w->at[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, w->at[2], len) != (ssize_t)len)
		err = -errno;
	close(fd);
	return err;
}

/* send LABEL FILE */
static void do_send(const struct words *w)
{
	host_file(w->at[1], w->at[2]);
}

/* tree LABEL DIR: every file below DIR, as LABEL/... */
static void do_tree(const struct words *w)
{
	char *const dirs[] = { w->at[2], NULL };
	FTS *walk = fts_open(dirs, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t skip = strlen(w->at[2]);
	char label[256];
	FTSENT *entry;

	if (!walk)
		fail("%s: %s", w->at[2], strerror(errno));
	while ((entry = fts_read(walk))) {
		if (entry->fts_info != FTS_F)
			continue;
		snprintf(label, sizeof(label), "%s%s", w->at[1],
			 entry->fts_path + skip);
		host_file(label, entry->fts_path);
	}
	fts_close(walk);
}

const struct command file_commands[] = {
	{ "mount", 2, .run = do_mount },
	{ "umount", 1, .run = do_umount },
	{ "write", 2, .attempt = do_write },
	{ "send", 2, .run = do_send },
	{ "tree", 2, .run = do_tree },
	{ 0 }
};
