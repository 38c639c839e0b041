// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "peer.h"
#include "peers.h"

static const struct peer *const peers[NR_PEERS] = {
	&peer_flatbuffers, &peer_capnproto, &peer_protobuf, &peer_libfdt,
};

/**
 * struct given - what one peer works on
 */
struct given {
	const struct peer *peer;
	const struct bench *b;
	struct peer_device *devices;
};

static struct given givens[NR_PEERS];

static struct peer_device *convert(const struct bench *b)
{
	uint32_t nr = b->state.spec.devices;
	struct peer_device *devices = calloc(nr, sizeof(*devices));

	for (uint32_t i = 0; devices && i < nr; i++) {
		const struct luser_iommu_v2_device *in = &b->devices[i];

		devices[i] = (struct peer_device){
			.domain = in->domain,
			.iommu = in->iommu,
			.segment = in->segment,
			.bdf = in->bdf,
			.flags = in->flags,
			.domain_id = in->domain_id,
			.driver_type = in->driver_type,
			.pasid_dir = in->driver.intel.pasid_dir,
			.max_pasid = in->driver.intel.max_pasid,
		};
	}
	return devices;
}

static uint64_t decode(void *ctx)
{
	const struct given *given = ctx;

	return given->peer->decode();
}

/* What it writes must have room for the fields, at least. */
static uint64_t encode(void *ctx)
{
	const struct given *given = ctx;
	uint32_t nr = given->b->state.spec.devices;
	uint64_t bytes = given->peer->encode(given->devices, nr);

	return bytes > nr * UINT64_C(8) ? given->b->total : 0;
}

static size_t add(const struct bench *b, struct bench_pass *passes,
		  uint64_t (*run)(void *ctx))
{
	uint32_t nr = b->state.spec.devices;
	size_t added = 0;

	for (size_t i = 0; i < NR_PEERS; i++) {
		free(givens[i].devices);
		givens[i].devices = NULL;
		peers[i]->free();
		if (nr > peers[i]->most)
			continue;
		givens[i] = (struct given){peers[i], b, convert(b)};
		if (!givens[i].devices)
			continue;
		peers[i]->encode(givens[i].devices, nr);
		passes[added++] = (struct bench_pass){
			peers[i]->name, BENCH_ROW, run, &givens[i]};
	}
	return added;
}

size_t peers_decode(const struct bench *b, struct bench_pass *passes)
{
	return add(b, passes, decode);
}

size_t peers_encode(const struct bench *b, struct bench_pass *passes)
{
	return add(b, passes, encode);
}
