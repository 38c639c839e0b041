// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <vector>

#include "device_generated.h"
#include "peer.h"

static flatbuffers::FlatBufferBuilder builder;

static uint64_t encode(const struct peer_device *devices, uint32_t nr)
{
	std::vector<flatbuffers::Offset<flat::Device>> list;

	builder.Clear();
	list.reserve(nr);
	for (uint32_t i = 0; i < nr; i++) {
		const struct peer_device &in = devices[i];

		list.push_back(flat::CreateDevice(
			builder, in.domain, in.iommu, in.segment, in.bdf,
			in.flags, in.domain_id, in.driver_type, in.pasid_dir,
			in.max_pasid));
	}
	builder.Finish(flat::CreateDevices(builder,
					   builder.CreateVector(list)));
	return builder.GetSize();
}

static uint64_t decode(void)
{
	flatbuffers::Verifier verifier(builder.GetBufferPointer(),
				       builder.GetSize(), 64, UINT32_MAX);
	uint64_t total = 0;

	if (!flat::VerifyDevicesBuffer(verifier))
		return 0;
	for (const flat::Device *device :
	     *flat::GetDevices(builder.GetBufferPointer())->devices())
		total += device->domain_id() +
			 (uint64_t)device->max_pasid();
	return total;
}

static void release(void)
{
	builder.Reset();
}

extern "C" const struct peer peer_flatbuffers = {"flatbuffers", 1000000, encode,
						 decode, release};
