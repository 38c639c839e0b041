// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>

#include "open.h"
#include "progress.h"
#include "util.h"

/* What is behind addresses needs memory; without it the rest is shown. */
static void open_memory(const char *path, const struct settings *settings,
			struct input *input, const char *hint)
{
	struct luser_error err;

	if (luser_mem_open(path, settings->base, &input->mem, &err) !=
	    LUSER_OK)
		note(&input->notes,
		     "%s. What addresses lead to is not shown%s", err.message,
		     hint);
}

static bool required_memory(const char *path, const struct settings *settings,
			    struct input *input)
{
	struct luser_error err;

	if (luser_mem_open(path, settings->base, &input->mem, &err) ==
	    LUSER_OK)
		return true;
	complain("%s", err.message);
	return false;
}

static bool open_boot_params(const struct settings *settings,
			     struct input *input)
{
	struct luser_error err, tree;

	if (luser_source_boot_params(settings->boot_params, &input->source,
				     &err) == LUSER_OK)
		return true;
	if (luser_source_device_tree(settings->device_tree, &input->source,
				     &tree) == LUSER_OK)
		return true;
	complain("%s", err.message);
	complain("%s", tree.message);
	complain("no handover of this machine can be read. If debugfs is not "
		 "mounted: mount -t debugfs none /sys/kernel/debug. 'luo-dump "
		 "/proc/kcore' searches the memory itself");
	return false;
}

static const char *memory_path(const struct settings *settings)
{
	return settings->memory ? settings->memory : settings->kcore;
}

/* What debugfs has no root FDT of is not lost. */
static void note_search(const struct settings *settings, struct input *input,
			const struct luser_root *root)
{
	char *path = escaped(memory_path(settings));

	note(&input->notes,
	     "there is no root FDT of the %s handover, so that its map of "
	     "preserved memory is not found. A kernel that KHO booted does not "
	     "show it. 'luo-dump %s' searches the memory for it",
	     root->role == LUSER_ROLE_OUT ? "outgoing" : "incoming", path);
	free(path);
}

static bool open_live(const struct settings *settings, struct input *input)
{
	struct luser_error err;

	input->live = true;
	if (luser_source_debugfs(settings->debugfs, &input->source, &err) !=
	    LUSER_OK) {
		note(&input->notes, "%s. Only what the kernel was booted with "
		     "is looked for, in its boot parameters", err.message);
		if (!open_boot_params(settings, input))
			return false;
	}
	open_memory(memory_path(settings), settings, input,
		    ": run as root, or give a dump with --memory");
	return true;
}

static bool is_debugfs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == DEBUGFS_MAGIC;
}

/* A copy may have been made of the directory above. */
static bool open_directory(const struct settings *settings,
			   struct input *input)
{
	char *below = xprintf("%s/kho", settings->path);
	struct stat st;
	const char *dir = !stat(below, &st) ? below : settings->path;
	struct luser_error err;
	enum luser_code code;

	code = luser_source_debugfs(dir, &input->source, &err);
	input->live = is_debugfs(dir);
	free(below);
	if (code != LUSER_OK) {
		complain("%s", err.message);
		return false;
	}
	if (settings->memory)
		return required_memory(settings->memory, settings, input);
	if (input->live)
		open_memory(settings->kcore, settings, input,
			    ": run as root, or give a dump with --memory");
	else
		note(&input->notes,
		     "a copy of a debugfs directory has no memory with it. "
		     "What addresses lead to is not shown: give a dump with "
		     "--memory");
	return true;
}

static bool scan(const struct settings *settings, struct input *input)
{
	struct progress progress = { .what = "searching" };
	struct luser_error err;
	enum luser_code code;

	code = luser_source_scan(input->mem,
				 settings->quiet ? NULL : progress_show,
				 &progress, &input->source, &err);
	progress_clear(&progress);
	if (code != LUSER_OK)
		complain("%s", err.message);
	return code == LUSER_OK;
}

static bool open_file(const struct settings *settings, struct input *input)
{
	if (settings->memory) {
		complain("--memory goes with a debugfs directory; PATH is "
			 "memory itself");
		return false;
	}
	if (!required_memory(settings->path, settings, input))
		return false;
	return settings->root != NOT_GIVEN || scan(settings, input);
}

bool path_is_directory(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool open_path(const struct settings *settings, struct input *input)
{
	if (!settings->path)
		return open_live(settings, input);
	if (path_is_directory(settings->path))
		return open_directory(settings, input);
	return open_file(settings, input);
}

static bool is_wanted(const struct settings *settings,
		      const struct luser_root *root)
{
	if (!settings->in && !settings->out)
		return !settings->compat || (root->role != LUSER_ROLE_IN &&
					     root->role != LUSER_ROLE_OLD);
	return (settings->in && root->role == LUSER_ROLE_IN) ||
	       (settings->out && root->role == LUSER_ROLE_OUT);
}

static void add_root(struct input *input, const struct luser_root *root)
{
	input->roots = grow(input->roots, input->nr_roots,
			    sizeof(*input->roots));
	input->roots[input->nr_roots++] = root;
}

/* Whether there is anything to start with at the root. */
static bool is_readable(const struct input *input,
			const struct luser_root *root)
{
	struct luser_error err;
	uint8_t byte;

	if (root->fdt.data || root->nr_blobs)
		return true;
	if (!input->mem)
		complain("the root FDT is at 0x%" PRIx64
			 ", and there is no memory to read it from",
			 root->phys);
	else if (luser_mem_read(input->mem, root->phys, &byte, 1, &err) !=
		 LUSER_OK)
		complain("no root FDT can be read: %s", err.message);
	else
		return true;
	return false;
}

static bool take_given(const struct settings *settings, struct input *input)
{
	input->given = (struct luser_root){
		.role = settings->in  ? LUSER_ROLE_IN :
			settings->out ? LUSER_ROLE_OUT :
					LUSER_ROLE_UNKNOWN,
		.why = "Its address is given with --root.",
		.phys = settings->root,
	};
	add_root(input, &input->given);
	return is_readable(input, &input->given);
}

static bool take_found(const struct settings *settings, struct input *input)
{
	const struct luser_root *roots;
	bool wanted = false;
	size_t found;

	roots = luser_source_roots(input->source, &found);
	for (size_t i = 0; i < found; i++) {
		if (!is_wanted(settings, &roots[i]))
			continue;
		wanted = true;
		if (!is_readable(input, &roots[i]))
			continue;
		add_root(input, &roots[i]);
		if (!roots[i].fdt.data && roots[i].phys == LUSER_NO_PHYS)
			note_search(settings, input, &roots[i]);
	}
	if (!wanted)
		complain("there is no %s handover",
			 settings->in ? "incoming" : "outgoing");
	return input->nr_roots;
}

bool input_open(const struct settings *settings, struct input *input)
{
	struct luser_error err;

	if (!open_path(settings, input))
		return false;
	if (input->mem && luser_mem_complete(input->mem, &err) != LUSER_OK)
		memcpy(input->cut, err.message, sizeof(input->cut));
	if (input->mem && luser_mem_is_live(input->mem))
		input->live = true;
	return settings->root != NOT_GIVEN ? take_given(settings, input) :
					     take_found(settings, input);
}

void input_close(struct input *input)
{
	notes_free(&input->notes);
	free(input->roots);
	luser_source_close(input->source);
	luser_mem_close(input->mem);
}
