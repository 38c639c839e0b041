// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * luo-build: makes the memory of a handover from a description of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "capture.h"
#include "help.h"
#include "options.h"
#include "say.h"

static int build(const struct settings *settings)
{
	struct luser_image *image;
	struct luser_error err;
	struct document doc;
	enum luser_code code;
	uint64_t root;

	document_read(&doc, settings->path);
	image = build_handover(&doc, (uint32_t)settings->page_size,
			       &root);
	if (settings->capture)
		code = capture_save(&doc, image, root, settings->output, &err);
	else
		code = luser_image_save(image, settings->output, &err);
	if (code != LUSER_OK)
		complain("%s", err.message);
	luser_image_free(image);
	document_free(&doc);
	return code == LUSER_OK ? EXIT_SOUND : EXIT_UNUSABLE;
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status = EXIT_SOUND;

	if (!settings_parse(argc, argv, &settings))
		return EXIT_UNUSABLE;
	if (settings.help)
		help_print();
	else if (settings.version)
		version_print();
	else
		return build(&settings);
	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write to standard output: %s",
			 strerror(errno));
		status = EXIT_UNUSABLE;
	}
	return status;
}
