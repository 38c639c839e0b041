/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The program that is init in the test machine. It does what /script says,
 * one command per line, and tells the host over the second serial port.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_WORDS 64

/* One line of the script, split at blanks, %XX replaced. */
struct words {
	int count;
	char *at[MAX_WORDS + 1];
};

struct command {
	const char *name;
	int args;	/* words after the name, at least */
	void (*run)(const struct words *w);	/* cannot fail, or */
	int (*attempt)(const struct words *w);	/* returns 0 or -errno */
};

/* Commands, by what they deal with; each table ends with a NULL name. */
extern const struct command file_commands[];
extern const struct command session_commands[];
extern const struct command process_commands[];
extern const struct command power_commands[];
extern const struct command object_commands[];
extern const struct command iommufd_commands[];
extern const struct command device_commands[];
extern const struct command mark_commands[];
extern const struct command probe_commands[];

/* words.c */
void words_split(struct words *w, char *line);
uint64_t words_number(const char *text);

/* processes.c */
bool forked(void);

/* sessions.c: with the session named last; 0 or -errno */
int session_preserve(int fd, uint64_t token);
int session_take(uint64_t token, int *fd);

/* objects.c: what a script has open, by name */
struct object {
	char name[24];
	int fd;			/* -1 if it is only a number */
	uint32_t id;		/* in its iommufd */
	struct object *iommufd;	/* whose object it is, or NULL */
	void *bar;		/* of a device */
};

struct object *object_new(const char *name);
struct object *object_find(const char *name);
int object_in(struct object *iommufd, const char *name, uint32_t id, int err);
void object_drop(struct object *object);
void objects_drop(void);

/* host.c: the line to the host */
void host_open(void);
void host_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void host_file(const char *label, const char *path);
void host_wait(const char *label);
void host_drain(void);
void fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* memfd.c: the contents that a memfd carries over */
struct memfd_spec {
	uint64_t token;
	uint64_t size;
	uint64_t pos;
	unsigned int seals;
};

int memfd_make(const char *session, const struct memfd_spec *spec);
void memfd_check(const char *session, const struct memfd_spec *spec, int fd);

#endif /* GUEST_H */
