/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Which objects --select means. */
#ifndef LUO_DUMP_SELECT_H
#define LUO_DUMP_SELECT_H

/* From far to near. */
enum place {
	PLACE_OUTSIDE, /* neither here nor below */
	PLACE_ABOVE,   /* leads to the selected object */
	PLACE_INSIDE,  /* the selected object, or below it */
};

/**
 * place_of() - where an object is, as seen from the selected one
 * @path:     the object's path
 * @selected: the path asked for, or NULL for all
 */
enum place place_of(const char *path, const char *selected);

/* Says that no object has the path that was asked for. */
void complain_not_selected(const char *path);

#endif /* LUO_DUMP_SELECT_H */
