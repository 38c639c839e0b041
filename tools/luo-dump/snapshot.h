/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One handover as it was walked, kept in memory to be compared.
 *
 * An object takes 56 bytes beside its name and its own bytes.
 */
#ifndef LUO_DUMP_SNAPSHOT_H
#define LUO_DUMP_SNAPSHOT_H

#include "diff_tables.h"
#include "dump.h"

#define NOTHING UINT32_MAX

/**
 * struct look - what many objects have in common, see struct luser_node
 */
struct look {
	enum luser_node_kind kind;
	const struct luser_abi *abi;
	const struct luser_struct *type;
	const struct luser_array *array;
	const struct luser_field *field;
};

/**
 * struct object - one object of the walk
 * @parent: number of the object that led here, or NOTHING
 * @end:    number of the first object behind those that are below this one
 * @pair:   the same object in the other handover, or NOTHING
 * @look:   number of its look
 * @index:  as in struct luser_node
 * @phys:   the same
 * @at:     its bytes: where in the snapshot's; of a map, or of page tables,
 *          which one it is
 * @size:   how many
 * @name:   its name, or a record's label: where in the snapshot's names
 */
struct object {
	uint32_t parent;
	uint32_t end;
	uint32_t pair;
	uint32_t look;
	uint64_t index;
	uint64_t phys;
	size_t at;
	size_t size;
	size_t name;
};

/**
 * struct pool - bytes one after the other
 */
struct pool {
	uint8_t *bytes;
	size_t len;
	size_t room;
};

/**
 * struct snapshot - a handover
 * @handover: what dump() says of it
 * @objects:  in the order of the walk: what is below an object is behind it
 * @nr:       how many
 * @looks:    what they look like
 * @bytes:    their bytes; those of a device tree's node follow its @present
 * @names:    their names, each ended by a NUL; the first one is empty
 * @maps:     maps of preserved memory, kept
 * @mapped:   what page tables map
 * @env:      to format values with
 */
struct snapshot {
	struct view view;
	struct handover handover;
	struct object *objects;
	size_t nr;
	struct look *looks;
	size_t nr_looks;
	struct pool bytes;
	struct pool names;
	struct luser_map *maps;
	size_t nr_maps;
	struct mapped *mapped;
	size_t nr_mapped;
	struct luser_env env;

	/* private: the object that is being walked, or NOTHING */
	uint32_t inside;
	bool addresses;
};

/**
 * snapshot_take() - walk a handover and keep it
 * @snapshot: handover's root, mem and live are set, all else is zero; to be
 *            given to snapshot_free()
 * @settings: from the command line; all objects are kept
 *
 * Return: false if the walk could not be finished; why was said.
 */
bool snapshot_take(struct snapshot *snapshot, const struct settings *settings);

void snapshot_free(struct snapshot *snapshot);

const struct look *look_of(const struct snapshot *snapshot, uint32_t object);

/* Name or label; empty if it has none. */
const char *name_of(const struct snapshot *snapshot, uint32_t object);

/* What a map says, or NULL. */
const struct luser_map *map_of(const struct snapshot *snapshot,
			       uint32_t object);

/* What page tables map, or NULL. */
const struct mapped *mapped_of(const struct snapshot *snapshot,
			       uint32_t object);

/* The object as the walk had it, but for its parent, tally and device tree. */
struct luser_node node_of(const struct snapshot *snapshot, uint32_t object);

/*
 * The root's device tree is not to be had: the blobs that it leads to are right
 * below it, under the names of the nodes that they belong to.
 */
bool lacks_root(const struct snapshot *snapshot);

/* As next_below(), for those blobs; their nodes are passed over. */
uint32_t next_blob(const struct snapshot *snapshot, uint32_t after);

/* The name of such a blob, or of its node. */
const char *blob_name(const struct snapshot *snapshot, uint32_t blob);

/* Its path, as luser_path() has it. The caller frees it. */
char *object_path(const struct snapshot *snapshot, uint32_t object);

/**
 * next_below() - the objects below an object, one after the other
 * @after: the last one, or NOTHING for the first
 *
 * Return: NOTHING after the last one.
 */
uint32_t next_below(const struct snapshot *snapshot, uint32_t object,
		    uint32_t after);

#endif /* LUO_DUMP_SNAPSHOT_H */
