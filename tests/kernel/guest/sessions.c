// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands on live update sessions; they act on the session named last. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/liveupdate.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"

static int device = -1;
static int session = -1;
static char name[LIVEUPDATE_SESSION_NAME_LENGTH];

static void open_device(void)
{
	if (device >= 0)
		return;
	device = open("/dev/liveupdate", O_RDWR | O_CLOEXEC);
	if (device < 0)
		fail("/dev/liveupdate: %s", strerror(errno));
}

static void set_name(const char *text)
{
	if (strlen(text) >= sizeof(name))
		fail("session name is too long: %s", text);
	strcpy(name, text);
}

/* session NAME */
static void do_session(const struct words *w)
{
	struct liveupdate_ioctl_create_session arg = { .size = sizeof(arg) };

	open_device();
	set_name(w->at[1]);
	strcpy((char *)arg.name, name);
	if (ioctl(device, LIVEUPDATE_IOCTL_CREATE_SESSION, &arg))
		fail("session %s: %s", name, strerror(errno));
	session = arg.fd;
}

/* retrieve NAME */
static void do_retrieve(const struct words *w)
{
	struct liveupdate_ioctl_retrieve_session arg = { .size = sizeof(arg) };

	open_device();
	set_name(w->at[1]);
	strcpy((char *)arg.name, name);
	if (ioctl(device, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, &arg))
		fail("retrieve %s: %s", name, strerror(errno));
	session = arg.fd;
}

static struct memfd_spec spec_of(const struct words *w)
{
	return (struct memfd_spec){
		.token = words_number(w->at[1]),
		.size = words_number(w->at[2]),
		.pos = words_number(w->at[3]),
		.seals = (unsigned int)words_number(w->at[4]),
	};
}

/* memfd TOKEN SIZE POS SEALS: make one and preserve it */
static void do_memfd(const struct words *w)
{
	struct liveupdate_session_preserve_fd arg = { .size = sizeof(arg) };
	struct memfd_spec spec = spec_of(w);

	arg.fd = memfd_make(name, &spec);
	arg.token = spec.token;
	if (ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, &arg))
		fail("%s: preserve %" PRIx64 ": %s", name, spec.token,
		     strerror(errno));
	close(arg.fd);
}

/* check TOKEN SIZE POS SEALS: take it back and compare */
static void do_check(const struct words *w)
{
	struct liveupdate_session_retrieve_fd arg = { .size = sizeof(arg) };
	struct memfd_spec spec = spec_of(w);

	arg.token = spec.token;
	if (ioctl(session, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg))
		fail("%s: retrieve %" PRIx64 ": %s", name, spec.token,
		     strerror(errno));
	memfd_check(name, &spec, arg.fd);
	close(arg.fd);
}

/* finish */
static void do_finish(const struct words *w)
{
	struct liveupdate_session_finish arg = { .size = sizeof(arg) };

	(void)w;
	if (ioctl(session, LIVEUPDATE_SESSION_FINISH, &arg))
		fail("finish %s: %s", name, strerror(errno));
	close(session);
}

const struct command session_commands[] = {
	{ "session", 1, do_session },
	{ "retrieve", 1, do_retrieve },
	{ "memfd", 4, do_memfd },
	{ "check", 4, do_check },
	{ "finish", 0, do_finish },
	{ 0 }
};
