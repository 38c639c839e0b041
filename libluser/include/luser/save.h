/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Keeping what a walk read, as a small ELF dump.
 *
 * The file holds the bytes that were read and no others, each as it was at
 * the first read, so it replays the walk exactly, also of live memory. It is
 * an ordinary ELF core dump: PT_LOAD segments placed by p_paddr, the VMCOREINFO
 * note if its source had one, and a note with owner "luser" that says where it
 * came from. Contents that the walk does not read, such as those of preserved
 * memfds, are not in it.
 *
 * The note (type 0x4c555301) is a flattened device tree:
 *
 *   / {
 *       compatible = "luser-save-v1";
 *       format = "kcore";               what luser_mem_format() said
 *       live;                           if luser_mem_is_live()
 *       page-size = <u32>;              found again as PAGESIZE
 *       root@0 {                        for each root, in order
 *           role = "in";                "in", "out", "old" or "unknown"
 *           why = "...";
 *           phys = <u64>;               if it is known
 *           scratch = <u64 start, u64 len, ...>;
 *           fdt = [...];                if debugfs showed it
 *           blob@0 {                    for each blob that debugfs showed
 *               name = "LUO";
 *               data = [...];
 *           };
 *       };
 *   };
 */
#ifndef LUSER_SAVE_H
#define LUSER_SAVE_H

#include <luser/source.h>

#ifdef __cplusplus
extern "C" {
#endif

struct luser_save;

/**
 * luser_save_open() - begin to keep what is read
 * @path: file to make, mode 0600; never one that is there already, nor a link
 * @mem:  memory whose reads are kept; its observer from here on. NULL if only
 *        roots with their blobs are to be kept
 * @ret:  to be given to luser_save_finish() or luser_save_cancel()
 * @err:  may be NULL
 *
 * What is read before is not kept. Bytes go to an unlinked temporary file in
 * TMPDIR, else in /var/tmp, as they are read; memory is needed for 40 bytes per
 * page.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (@path is there), LUSER_MISSING (its
 * directory is not), LUSER_DENIED, LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_save_open(const char *path, struct luser_mem *mem,
				struct luser_save **ret,
				struct luser_error *err);

/**
 * luser_save_finish() - write the file
 * @save:      released, whatever the result is
 * @roots:     the roots that were walked
 * @nr_roots:  how many
 * @page_size: of the kernel that wrote the memory
 * @err:       may be NULL
 *
 * On failure, also of an earlier write, the file is removed.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (more than the note or 65,000 scattered
 * pieces can take), LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_save_finish(struct luser_save *save,
				  const struct luser_root *roots,
				  size_t nr_roots, uint32_t page_size,
				  struct luser_error *err);

/**
 * luser_save_cancel() - keep nothing: the file is removed
 * @save: may be NULL
 */
void luser_save_cancel(struct luser_save *save);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_SAVE_H */
