// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <capnp/message.h>
#include <capnp/serialize.h>

#include "device.capnp.h"
#include "peer.h"

static kj::Array<capnp::word> words;

static uint64_t encode(const struct peer_device *devices, uint32_t nr)
{
	capnp::MallocMessageBuilder message(nr * 6 + 16);
	auto list = message.initRoot<Devices>().initDevices(nr);

	for (uint32_t i = 0; i < nr; i++) {
		const struct peer_device &in = devices[i];
		auto out = list[i];

		out.setDomain(in.domain);
		out.setIommu(in.iommu);
		out.setSegment(in.segment);
		out.setBdf(in.bdf);
		out.setFlags(in.flags);
		out.setDomainId(in.domain_id);
		out.setDriverType(in.driver_type);
		out.setPasidDir(in.pasid_dir);
		out.setMaxPasid(in.max_pasid);
	}
	words = capnp::messageToFlatArray(message);
	return words.asBytes().size();
}

static uint64_t decode(void)
{
	capnp::ReaderOptions options;
	uint64_t total = 0;

	options.traversalLimitInWords = UINT64_MAX;
	capnp::FlatArrayMessageReader reader(words, options);
	for (auto device : reader.getRoot<Devices>().getDevices())
		total += device.getDomainId() +
			 (uint64_t)device.getMaxPasid();
	return total;
}

static void release(void)
{
	words = nullptr;
}

extern "C" const struct peer peer_capnproto = {"capnproto", 1000000, encode,
					       decode, release};
