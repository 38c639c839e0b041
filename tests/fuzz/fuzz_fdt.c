// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The gate in front of libfdt: what it lets pass, libfdt can read. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include <luser/fdt.h>

#include "fuzzer.h"

static void read_properties(const void *fdt, int node)
{
	int property;

	fdt_for_each_property_offset(property, fdt, node) {
		const char *name;
		int len;
		const void *value = fdt_getprop_by_offset(fdt, property, &name,
							  &len);

		if (!value || memchr(name, 0, LUSER_FDT_MAX_NAME + 1) == NULL)
			abort();
		fdt_getprop(fdt, node, name, &len);
	}
}

static void read_nodes(const void *fdt)
{
	int depth = 0;

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		int len;

		if (depth < 0)
			break;
		if (depth > LUSER_FDT_MAX_DEPTH || !fdt_get_name(fdt, node, &len))
			abort();
		read_properties(fdt, node);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of its own, so that a sanitizer sees its ends. */
	void *blob = malloc(size ? size : 1);

	if (size)
		memcpy(blob, data, size);
	if (luser_fdt_check(blob, size, NULL) == LUSER_OK)
		read_nodes(blob);
	free(blob);
	return 0;
}
