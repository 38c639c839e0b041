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
static int do_retrieve(const struct words *w)
{
	struct liveupdate_ioctl_retrieve_session arg = { .size = sizeof(arg) };

	open_device();
	set_name(w->at[1]);
	strcpy((char *)arg.name, name);
	if (ioctl(device, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, &arg))
		return -errno;
	session = arg.fd;
	return 0;
}

int session_preserve(int fd, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg),
		.fd = fd,
		.token = token,
	};

	return ioctl(session, LIVEUPDATE_SESSION_PRESERVE_FD, &arg) ? -errno : 0;
}

int session_take(uint64_t token, int *fd)
{
	struct liveupdate_session_retrieve_fd arg = {
		.size = sizeof(arg),
		.token = token,
	};

	if (ioctl(session, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg))
		return -errno;
	*fd = arg.fd;
	return 0;
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
	struct memfd_spec spec = spec_of(w);
	int fd = memfd_make(name, &spec);
	int err = session_preserve(fd, spec.token);

	if (err)
		fail("%s: preserve %" PRIx64 ": %s", name, spec.token,
		     strerror(-err));
	close(fd);
}

/* check TOKEN SIZE POS SEALS: take it back and compare */
static void do_check(const struct words *w)
{
	struct memfd_spec spec = spec_of(w);
	int fd = -1;
	int err = session_take(spec.token, &fd);

	if (err)
		fail("%s: retrieve %" PRIx64 ": %s", name, spec.token,
		     strerror(-err));
	memfd_check(name, &spec, fd);
	close(fd);
}

/* finish */
static int do_finish(const struct words *w)
{
	struct liveupdate_session_finish arg = { .size = sizeof(arg) };

	(void)w;
	if (ioctl(session, LIVEUPDATE_SESSION_FINISH, &arg))
		return -errno;
	close(session);
	session = -1;
	return 0;
}

/* close-session: without finishing it */
static void do_close_session(const struct words *w)
{
	(void)w;
	close(session);
	session = -1;
}

/* keep-session NAME, use-session NAME: put the session aside, and back */
static void do_keep_session(const struct words *w)
{
	object_new(w->at[1])->fd = session;
	session = -1;
}

static void do_use_session(const struct words *w)
{
	struct object *object = object_find(w->at[1]);

	session = object->fd;
	object->fd = -1;
	object_drop(object);
}

const struct command session_commands[] = {
	{ "session", 1, .run = do_session },
	{ "retrieve", 1, .attempt = do_retrieve },
	{ "memfd", 4, .run = do_memfd },
	{ "check", 4, .run = do_check },
	{ "finish", 0, .attempt = do_finish },
	{ "close-session", 0, .run = do_close_session },
	{ "keep-session", 1, .run = do_keep_session },
	{ "use-session", 1, .run = do_use_session },
	{ 0 }
};
