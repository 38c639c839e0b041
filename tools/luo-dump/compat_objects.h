/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the next kernel has to know of a handover: its root, and each blob that
 * some subsystem or handler is asked for by name.
 */
#ifndef LUO_DUMP_COMPAT_OBJECTS_H
#define LUO_DUMP_COMPAT_OBJECTS_H

#include <luser/walk.h>

#include "kernel.h"

/* Sorted: what is worse comes later. */
enum verdict {
	VERDICT_ACCEPTED,
	VERDICT_UNKNOWN, /* it cannot be told */
	VERDICT_LOST,    /* it is below an object that is not accepted */
	VERDICT_REFUSED, /* the kernel notices that it does not know it */
	VERDICT_MISREAD, /* the kernel takes it for what it is not */
};

#define NO_OBJECT SIZE_MAX

/* Hostile memory can hold millions of records. */
#define OBJECTS_KEPT 65536

/**
 * struct object - one object of the handover
 * @path:     where it is
 * @registry: the family of ABIs that it is looked up in
 * @key:      its name there; of the root, what its identity says, or NULL
 * @abi:      what describes it, or NULL
 * @dispatch: how it was found; NULL for the root
 * @above:    number of the object that leads to it, or NO_OBJECT
 * @needs:    further strings in it that the kernel must know, ended by NULL,
 *            or NULL
 * @nr_needs: how many
 * @possible: it is not there, but may be when the reboot starts
 * @verdict, @why, @effect: see judge()
 */
struct object {
	char *path;
	const char *registry;
	char *key;
	const struct luser_abi *abi;
	const struct luser_dispatch *dispatch;
	size_t above;
	const char **needs;
	size_t nr_needs;
	bool possible;
	enum verdict verdict;
	char *why;
	const char *effect;
};

/**
 * struct objects - all of one handover
 * @list: the objects, each behind the one that leads to it
 * @nr:   how many
 * @left_out: how many are only counted
 */
struct objects {
	struct object *list;
	size_t nr;
	size_t left_out;

	/* private: for each object that was entered and not left */
	struct place_below {
		size_t within; /* the object that this is a part of */
		size_t first;  /* of the objects that it leads to itself */
		size_t nr;
	} *open;
	size_t depth;
};

/* As struct luser_visitor has them. */
void objects_enter(struct objects *objects, const struct luser_node *node);
void objects_leave(struct objects *objects);

/**
 * objects_add_possible() - what a kernel may still write
 * @objects: of one handover, complete
 * @from:    the kernel that writes it
 *
 * Wherever the handover has a table of blobs by name, those are added that the
 * kernel knows, and that are not there.
 */
void objects_add_possible(struct objects *objects, const struct kernel *from);

/* Ready for the next handover. */
void objects_free(struct objects *objects);

#endif /* LUO_DUMP_COMPAT_OBJECTS_H */
