/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Where to start: the root FDTs that a kernel was given or will give.
 *
 * A source finds roots. It does not decode them: that is luser_walk()'s. A
 * root may come as a physical address (the rest is in memory), as a blob that
 * debugfs exposes, or as both.
 */
#ifndef LUSER_SOURCE_H
#define LUSER_SOURCE_H

#include <luser/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum luser_role - which handover a root describes, seen from the kernel
 * that owned the memory
 * @LUSER_ROLE_IN:       what this kernel was handed at its boot
 * @LUSER_ROLE_OUT:      what this kernel hands, or will hand, to the next one
 * @LUSER_ROLE_OLD:      not in use: left over from an earlier kernel, or a mere
 *                       copy of another root; @why of the root says which
 * @LUSER_ROLE_UNKNOWN:  nothing in the source tells
 */
enum luser_role {
	LUSER_ROLE_IN,
	LUSER_ROLE_OUT,
	LUSER_ROLE_OLD,
	LUSER_ROLE_UNKNOWN,
};

/**
 * struct luser_blob - bytes that debugfs exposes, by name
 * @name: subtree name; for the root itself "fdt"
 * @data: the bytes
 * @len:  how many
 */
struct luser_blob {
	const char *name;
	const void *data;
	size_t len;
};

/**
 * struct luser_root - one place to start from
 * @role:     which handover this is
 * @why:      how the role was told, one sentence; bytes that came from memory or
 *            a file are already escaped in it
 * @phys:     address of the root FDT, or LUSER_NO_PHYS if only the blob is
 *            known
 * @fdt:      the root FDT as debugfs shows it; data is NULL if it has to be
 *            read from memory at @phys
 * @blobs:    the subtree blobs that debugfs shows beside it
 * @nr_blobs: how many
 * @scratch:  the scratch areas, if the source tells them
 * @nr_scratch: how many
 */
struct luser_root {
	enum luser_role role;
	const char *why;
	uint64_t phys;
	struct luser_blob fdt;
	const struct luser_blob *blobs;
	size_t nr_blobs;
	const struct luser_range *scratch;
	size_t nr_scratch;
};

struct luser_source;

/**
 * luser_source_debugfs() - roots of a debugfs kho directory, or a copy of one
 * @dir: for example "/sys/kernel/debug/kho"
 * @ret: to be given back to luser_source_close()
 * @err: may be NULL
 *
 * Reads in/fdt, in/sub_fdts/, out/fdt, out/sub_fdts/ and out/scratch_* as far
 * as they exist (kernel/liveupdate/kexec_handover_debugfs.c). A directory of
 * sub_fdts without its fdt still gives a root: 6.19 to 7.3 never make out/fdt
 * on a kernel that was itself booted by KHO.
 *
 * The blobs are sorted by name, and are what the files hold: neither they nor
 * their names are checked. A root FDT may be cut short: 7.1 to 7.3 show of
 * out/fdt only what it had early in the boot. A file that is there and cannot
 * be read (no plain file, larger than 16 MiB, not permitted) is left out, and
 * the root's @why says so. Scratch areas of size zero are left out.
 *
 * Return: LUSER_OK, LUSER_MISSING (no such directory, or nothing in it),
 * LUSER_DENIED, LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_source_debugfs(const char *dir, struct luser_source **ret,
				     struct luser_error *err);

/**
 * luser_source_boot_params() - the root an x86 kernel was booted with
 * @dir: for example "/sys/kernel/boot_params/setup_data"
 * @ret: to be given back to luser_source_close()
 * @err: may be NULL
 *
 * Takes the entry of type 10, SETUP_KEXEC_KHO (asm/setup_data.h); needs no
 * debugfs. Gives one root, its role LUSER_ROLE_IN.
 *
 * Return: LUSER_OK, LUSER_MISSING (no such directory, or the kernel was not
 * booted by KHO), LUSER_DENIED, LUSER_INVALID (the entry has a wrong size),
 * LUSER_FORMAT, LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_source_boot_params(const char *dir,
					 struct luser_source **ret,
					 struct luser_error *err);

/**
 * luser_source_device_tree() - the root an arm64 kernel was booted with
 * @path: a device tree as files, for example "/proc/device-tree", or flattened,
 *        for example "/sys/firmware/fdt"
 * @ret:  to be given back to luser_source_close()
 * @err:  may be NULL
 *
 * Takes linux,kho-fdt of /chosen, if linux,kho-scratch is there too
 * (early_init_dt_check_kho() of drivers/of/fdt.c). Gives one root, its role
 * LUSER_ROLE_IN.
 *
 * Return: LUSER_OK, LUSER_MISSING (there is no device tree, or it names no
 * handover), LUSER_DENIED, LUSER_INVALID or LUSER_FORMAT (a damaged one),
 * LUSER_SYSTEM, LUSER_NOMEM.
 */
enum luser_code luser_source_device_tree(const char *path,
					 struct luser_source **ret,
					 struct luser_error *err);

/**
 * typedef luser_progress - told how far long work has come
 * @ctx:   as given with it
 * @done:  bytes looked at
 * @total: bytes in all
 *
 * Return: false to stop.
 */
typedef bool luser_progress(void *ctx, uint64_t done, uint64_t total);

/**
 * luser_source_scan() - look for root FDTs at every page of a memory
 * @mem:      what to search
 * @progress: may be NULL
 * @ctx:      handed to @progress
 * @ret:      to be given back to luser_source_close()
 * @err:      may be NULL
 *
 * A file that luser_save wrote names its roots itself: then nothing is
 * searched, and the roots are as they were when it was written.
 *
 * A root FDT passes luser_fdt_check() and has the compatible string of a root
 * that a schema knows, or one that differs from it in the number at its end
 * alone, as an unknown newer one will.
 *
 * Several may be found; each says which it is and why. An x86 kernel is handed
 * its root in a boot record (struct setup_data of type 10): one that lies where
 * it was made for tells the incoming root, one that kexec keeps for the next
 * kernel tells the outgoing one. On arm64 it is the machine's device tree, and
 * the seed that a kernel takes out of it when it boots. Beside them counts the number of the handover,
 * which a schema marks as such in a subtree's struct. Identical copies, such as
 * files of debugfs in the page cache, are told as LUSER_ROLE_OLD. Where nothing
 * tells, the role is LUSER_ROLE_UNKNOWN. Pages that cannot be read are passed
 * over; where the system refused to read what is there, @why says so.
 *
 * The scratch areas are those of the boot record.
 *
 * Return: LUSER_OK, LUSER_MISSING, LUSER_STOPPED, LUSER_NOMEM, LUSER_INVALID
 * (so many roots that no kernel can have made them, or a damaged saved file),
 * or why no page of the memory could be read.
 */
enum luser_code luser_source_scan(struct luser_mem *mem,
				  luser_progress *progress, void *ctx,
				  struct luser_source **ret,
				  struct luser_error *err);

/**
 * luser_source_roots() - the roots that were found
 * @src:   a source
 * @count: number of roots
 *
 * Return: the roots, in the order IN, OUT, OLD, UNKNOWN; owned by @src.
 */
const struct luser_root *luser_source_roots(const struct luser_source *src,
					    size_t *count);

/**
 * luser_source_close() - release a source and all it found
 * @src: may be NULL
 */
void luser_source_close(struct luser_source *src);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_SOURCE_H */
