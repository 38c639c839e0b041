/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The note of a saved dump: <luser/save.h> shows what is in it. */
#ifndef LUSER_SAVE_NOTE_H
#define LUSER_SAVE_NOTE_H

#include <luser/source.h>

#define SAVE_NOTE_COMPATIBLE "luser-save-v1"

/**
 * luser_save_note_make() - build the note
 * @mem:   what was saved, or NULL
 * @ret:   receives the note, to be freed whatever the result is
 * @len:   receives its bytes
 */
enum luser_code luser_save_note_make(const struct luser_mem *mem,
				     const struct luser_root *roots,
				     size_t nr_roots, uint32_t page_size,
				     void **ret, size_t *len,
				     struct luser_error *err);

/** luser_save_note_check() - LUSER_OK if @note is one, sound and whole */
enum luser_code luser_save_note_check(const void *note, size_t len,
				      struct luser_error *err);

/**
 * luser_save_note_apply() - let @mem be what it was when it was saved
 * @mem: just opened, with a note or without
 *
 * Live memory stays live, and PAGESIZE is found as if in VMCOREINFO.
 *
 * Return: LUSER_OK or LUSER_NOMEM; a damaged note is left to
 * luser_source_saved().
 */
enum luser_code luser_save_note_apply(struct luser_mem *mem,
				      struct luser_error *err);

/** luser_save_note_role() - the word for a role */
const char *luser_save_note_role(enum luser_role role);

#endif /* LUSER_SAVE_NOTE_H */
