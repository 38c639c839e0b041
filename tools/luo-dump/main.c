// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * luo-dump: shows what one Linux kernel hands to the next.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "describe.h"
#include "diff.h"
#include "dump.h"
#include "help.h"
#include "json.h"
#include "keep.h"
#include "levels.h"
#include "open.h"
#include "options.h"
#include "say.h"
#include "select.h"
#include "text.h"
#include "util.h"

/*
 * What is left over from an earlier kernel is expected to be damaged: it says
 * nothing about the handovers of this one.
 */
static int status_of(const struct handover *handover)
{
	if (handover->root->role == LUSER_ROLE_OLD)
		return EXIT_SOUND;
	if (handover->unknown) {
		complain("the root is of an ABI that --version does not list: "
			 "a newer luo-dump may know it");
		return EXIT_UNUSABLE;
	}
	return handover->findings.count[LUSER_ERROR] ? EXIT_FINDINGS :
						       EXIT_SOUND;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

/**
 * struct show - what showing all handovers has come to
 * @status:    exit status
 * @selected:  objects with the path that was asked for
 * @page_size: of the kernel that wrote the memory
 */
struct show {
	int status;
	uint64_t selected;
	uint64_t page_size;
};

static void show_one(const struct settings *settings, const struct input *input,
		     const struct luser_root *root, struct view *view,
		     struct show *show)
{
	struct handover handover = {
		.root = root,
		.mem = input->mem,
		.live = input->live,
	};
	int status = EXIT_UNUSABLE;

	if (dump(&handover, settings, view))
		status = status_of(&handover);
	show->status = worse(show->status, status);
	show->selected += handover.selected;
	show->page_size = handover.page_size;
	handover_free(&handover);
}

static struct view *view_of(const struct settings *settings,
			    const struct input *input,
			    const struct kernel *kernel,
			    const struct kernel *from)
{
	if (settings->compat)
		return compat_view(settings, kernel,
				   settings->from ? from : NULL);
	if (settings->describe)
		return describe_view(settings);
	return settings->json ? json_view(settings, input) :
				text_view(settings, input);
}

static int show_all(const struct settings *settings, const struct input *input,
		    const struct kernel *kernel, const struct kernel *from)
{
	struct view *view = view_of(settings, input, kernel, from);
	struct show show = { *input->cut ? EXIT_FINDINGS : EXIT_SOUND, 0, 0 };
	struct luser_save *save;

	if (!keep_begin(settings, input, &save)) {
		free(view);
		return EXIT_UNUSABLE;
	}
	view->begin(view);
	for (size_t i = 0; i < input->nr_roots; i++)
		show_one(settings, input, input->roots[i], view, &show);
	if (!show.selected && settings->select) {
		complain_not_selected(settings->select);
		show.status = EXIT_UNUSABLE;
	}
	show.status = view->end(view, show.status);
	free(view);
	if (!keep_end(save, input, show.page_size))
		return EXIT_UNUSABLE;
	return show.status;
}

static int finish_output(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return status;
	complain("cannot write to standard output: %s", strerror(errno));
	return EXIT_UNUSABLE;
}

static int run(const struct settings *settings)
{
	struct input input = { .notes.quiet = settings->quiet };
	struct kernel kernel = { 0 }, from = { 0 };
	int status = EXIT_UNUSABLE;

	if ((!settings->to || kernel_open(settings->to, &kernel)) &&
	    (!settings->from || kernel_open(settings->from, &from)) &&
	    input_open(settings, &input))
		status = show_all(settings, &input, &kernel, &from);
	input_close(&input);
	kernel_close(&kernel);
	kernel_close(&from);
	return status;
}

static int act(const struct settings *settings)
{
	/*
	 * A reader that has seen enough ends the program without a word, but
	 * not before a file that it asked for is whole.
	 */
	signal(SIGPIPE, settings->save ? SIG_IGN : SIG_DFL);
	if (settings->help)
		help_print();
	else if (settings->version)
		version_print();
	else if (settings->list)
		checks_print();
	else if (settings->diff)
		return diff_run(settings);
	else
		return run(settings);
	return EXIT_SOUND;
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status = EXIT_UNUSABLE;

	if (settings_parse(argc, argv, &settings))
		status = finish_output(act(&settings));
	free(settings.levels.v);
	return status;
}
