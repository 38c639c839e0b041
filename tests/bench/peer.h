/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Other ways to write records to memory, on the same records.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct peer_device - a device as a program has it
 */
struct peer_device {
	uint32_t domain;
	uint32_t iommu;
	uint32_t segment;
	uint16_t bdf;
	uint16_t flags;
	uint32_t domain_id;
	uint16_t driver_type;
	uint64_t pasid_dir;
	uint32_t max_pasid;
};

/**
 * struct peer - one of them
 * @most:   records that it is measured with, or it takes too long
 * @encode: to memory of its own; says how many bytes
 * @decode: tests what was encoded last, as far as it can, and looks at
 *          domain_id and max_pasid, which it adds up
 * @free:   its memory
 */
struct peer {
	const char *name;
	uint32_t most;
	uint64_t (*encode)(const struct peer_device *devices, uint32_t nr);
	uint64_t (*decode)(void);
	void (*free)(void);
};

extern const struct peer peer_flatbuffers;
extern const struct peer peer_protobuf;
extern const struct peer peer_capnproto;
extern const struct peer peer_libfdt;

#ifdef __cplusplus
}
#endif

#endif /* PEER_H */
