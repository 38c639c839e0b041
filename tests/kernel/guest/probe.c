// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands that ask what works here; any answer will do. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "guest.h"

/* probe LABEL FILE: the host hears what open() says, 0 or errno */
static void do_probe(const struct words *w)
{
	int fd = open(w->at[2], O_RDONLY | O_CLOEXEC);

	host_line("exit %s %d", w->at[1], fd < 0 ? errno : 0);
	if (fd >= 0)
		close(fd);
}

const struct command probe_commands[] = {
	{ "probe", 2, .run = do_probe },
	{ 0 }
};
