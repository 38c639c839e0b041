// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands that run a program, or hand over to the host. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static void redirect(const char *path, int to)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

static void become(unsigned int id)
{
	if (setgroups(0, NULL) || setgid(id) || setuid(id))
		_exit(125);
}

static void child(unsigned int id, char *const argv[])
{
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, 0) < 0)
		_exit(126);
	redirect("/stdout", 1);
	redirect("/stderr", 2);
	if (id)
		become(id);
	execve(argv[0], argv, (char *[]){ "PATH=/bin", "TERM=dumb", NULL });
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void send_output(const char *label, const char *which, const char *path)
{
	char name[128];

	snprintf(name, sizeof(name), "%s.%s", label, which);
	host_file(name, path);
}

/* run LABEL UID PROGRAM...: its output and exit status go to the host */
static void do_run(const struct words *w)
{
	const char *label = w->at[1];
	unsigned int id = (unsigned int)words_number(w->at[2]);
	pid_t pid = fork();
	int status;

	if (!pid)
		child(id, w->at + 3);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("%s: %s", w->at[3], strerror(errno));
	send_output(label, "stdout", "/stdout");
	send_output(label, "stderr", "/stderr");
	host_line("exit %s %d", label,
		  WIFEXITED(status) ? WEXITSTATUS(status) : 128 + status);
}

static bool is_parent;

/* Whether a child of "fork" did what follows; asked once. */
bool forked(void)
{
	bool was = is_parent;

	is_parent = false;
	return was;
}

/* fork: a child goes on, up to "die"; then this process does, after it */
static void do_fork(const struct words *w)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		return;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("%s: %s", w->at[0], strerror(errno));
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail("%s: the child ended with %#x", w->at[0], status);
	is_parent = true;
}

/* die: as a process that is killed */
static void do_die(const struct words *w)
{
	host_drain();
	raise(SIGKILL);
	fail("%s: not the child of a fork", w->at[0]);
}

static pid_t aside;

static void write_text(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	_exit(fd < 0 || write(fd, text, len) != (ssize_t)len);
}

/*
 * aside FILE TEXT: write in the background, up to "join". The writer has none
 * of what the script has open: the kernel may wait for that to be closed.
 */
static void do_aside(const struct words *w)
{
	aside = fork();
	if (!aside) {
		objects_drop();
		close_range(3, ~0U, 0);
		write_text(w->at[1], w->at[2]);
	}
	if (aside < 0)
		fail("%s: %s", w->at[0], strerror(errno));
}

/* join */
static void do_join(const struct words *w)
{
	int status;

	if (waitpid(aside, &status, 0) != aside || status)
		fail("%s: what was done aside failed", w->at[0]);
}

/* wait LABEL */
static void do_wait(const struct words *w)
{
	host_wait(w->at[1]);
}

const struct command process_commands[] = {
	{ "run", 3, .run = do_run },
	{ "fork", 0, .run = do_fork },
	{ "die", 0, .run = do_die },
	{ "aside", 2, .run = do_aside },
	{ "join", 0, .run = do_join },
	{ "wait", 1, .run = do_wait },
	{ 0 }
};
