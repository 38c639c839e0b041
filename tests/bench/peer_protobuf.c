// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "device.pb-c.h"
#include "peer.h"

static uint8_t *bytes;
static size_t len;

static void fill(Device *to, const struct peer_device *from)
{
	device__init(to);
	to->domain = from->domain;
	to->iommu = from->iommu;
	to->segment = from->segment;
	to->bdf = from->bdf;
	to->flags = from->flags;
	to->domain_id = from->domain_id;
	to->driver_type = from->driver_type;
	to->pasid_dir = from->pasid_dir;
	to->max_pasid = from->max_pasid;
}

static uint64_t encode(const struct peer_device *devices, uint32_t nr)
{
	Device *all = malloc(nr * sizeof(*all));
	Device **list = malloc(nr * sizeof(*list));
	Devices message = DEVICES__INIT;

	free(bytes);
	bytes = NULL;
	len = 0;
	for (uint32_t i = 0; all && list && i < nr; i++) {
		fill(&all[i], &devices[i]);
		list[i] = &all[i];
	}
	message.n_devices = nr;
	message.devices = list;
	if (all && list)
		bytes = malloc(devices__get_packed_size(&message));
	if (bytes)
		len = devices__pack(&message, bytes);
	free(list);
	free(all);
	return len;
}

static uint64_t decode(void)
{
	Devices *message = devices__unpack(NULL, len, bytes);
	uint64_t total = 0;

	if (!message)
		return 0;
	for (size_t i = 0; i < message->n_devices; i++)
		total += message->devices[i]->domain_id +
			 (uint64_t)message->devices[i]->max_pasid;
	devices__free_unpacked(message, NULL);
	return total;
}

static void release(void)
{
	free(bytes);
	bytes = NULL;
}

const struct peer peer_protobuf = {"protobuf-c", 1000000, encode, decode,
				   release};
