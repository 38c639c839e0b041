// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A node for each device, a property for each field.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libfdt.h>

#include "peer.h"

/* Bytes of a node with its properties, and then some. */
#define NODE 192

static void *fdt;

static void put(const struct peer_device *device, uint32_t i)
{
	char name[16];

	snprintf(name, sizeof(name), "d%x", i);
	fdt_begin_node(fdt, name);
	fdt_property_u32(fdt, "domain", device->domain);
	fdt_property_u32(fdt, "iommu", device->iommu);
	fdt_property_u32(fdt, "segment", device->segment);
	fdt_property_u32(fdt, "bdf", device->bdf);
	fdt_property_u32(fdt, "flags", device->flags);
	fdt_property_u32(fdt, "domain_id", device->domain_id);
	fdt_property_u32(fdt, "driver_type", device->driver_type);
	fdt_property_u64(fdt, "pasid_dir", device->pasid_dir);
	fdt_property_u32(fdt, "max_pasid", device->max_pasid);
	fdt_end_node(fdt);
}

static uint64_t encode(const struct peer_device *devices, uint32_t nr)
{
	int size = (int)(nr * NODE + 4096);

	free(fdt);
	fdt = malloc((size_t)size);
	if (!fdt || fdt_create(fdt, size) || fdt_finish_reservemap(fdt))
		return 0;
	fdt_begin_node(fdt, "");
	for (uint32_t i = 0; i < nr; i++)
		put(&devices[i], i);
	fdt_end_node(fdt);
	return fdt_finish(fdt) ? 0 : fdt_totalsize(fdt);
}

static uint32_t number(int node, const char *name)
{
	int len;
	const fdt32_t *value = fdt_getprop(fdt, node, name, &len);

	return value && len == sizeof(*value) ? fdt32_ld(value) : 0;
}

static uint64_t decode(void)
{
	uint64_t total = 0;
	int node;

	if (fdt_check_full(fdt, fdt_totalsize(fdt)))
		return 0;
	fdt_for_each_subnode(node, fdt, 0)
		total += number(node, "domain_id") + number(node, "max_pasid");
	return total;
}

static void release(void)
{
	free(fdt);
	fdt = NULL;
}

const struct peer peer_libfdt = {"libfdt", 1000, encode, decode, release};
