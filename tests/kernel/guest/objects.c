// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What a script has open, by name; and handing it over. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "iommu_liveupdate_utils.h"

#define MAX_OBJECTS 2048

static struct object objects[MAX_OBJECTS];

static struct object *find(const char *name)
{
	for (size_t i = 0; i < MAX_OBJECTS; i++)
		if (!strcmp(objects[i].name, name))
			return &objects[i];
	return NULL;
}

struct object *object_new(const char *name)
{
	struct object *object = find("");

	if (!object || strlen(name) >= sizeof(object->name))
		fail("no room for %s", name);
	if (find(name))
		fail("%s is there already", name);
	strcpy(object->name, name);
	object->fd = -1;
	return object;
}

struct object *object_find(const char *name)
{
	struct object *object = *name ? find(name) : NULL;

	if (!object)
		fail("no object %s in the script", name);
	return object;
}

/* Something in an iommufd, named if it could be made; returns err. */
int object_in(struct object *iommufd, const char *name, uint32_t id, int err)
{
	struct object *object;

	if (err)
		return err;
	object = object_new(name);
	object->iommufd = iommufd;
	object->id = id;
	return 0;
}

void object_drop(struct object *object)
{
	if (object->bar)
		munmap(object->bar, EDU_BAR_SIZE);
	if (object->fd >= 0)
		close(object->fd);
	memset(object, 0, sizeof(*object));
}

/* All of them: a child of fork() has what its parent has open, and mapped. */
void objects_drop(void)
{
	for (size_t i = 0; i < MAX_OBJECTS; i++)
		if (*objects[i].name)
			object_drop(&objects[i]);
}

/* close OBJECT */
static void do_close(const struct words *w)
{
	object_drop(object_find(w->at[1]));
}

/* preserve OBJECT TOKEN */
static int do_preserve(const struct words *w)
{
	return session_preserve(object_find(w->at[1])->fd,
				words_number(w->at[2]));
}

/* take OBJECT TOKEN */
static int do_take(const struct words *w)
{
	int fd = -1;
	int err = session_take(words_number(w->at[2]), &fd);

	if (!err)
		object_new(w->at[1])->fd = fd;
	return err;
}

const struct command object_commands[] = {
	{ "close", 1, .run = do_close },
	{ "preserve", 2, .attempt = do_preserve },
	{ "take", 2, .attempt = do_take },
	{ 0 }
};
