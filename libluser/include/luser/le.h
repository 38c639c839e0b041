/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Little-endian integers in memory, at any alignment, on any host.
 *
 * KHO exists on little-endian machines only, so what they leave behind is
 * little-endian, whichever machine reads it.
 */
#ifndef LUSER_LE_H
#define LUSER_LE_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LUSER_SWAP(bits, value) __builtin_bswap##bits(value)
#else
#define LUSER_SWAP(bits, value) (value)
#endif

/* luser_le8() - read one byte, named like its wider siblings */
static inline uint8_t luser_le8(const uint8_t *at)
{
	return at[0];
}

/* luser_le16() - read two bytes */
static inline uint16_t luser_le16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return LUSER_SWAP(16, value);
}

/* luser_le32() - read four bytes */
static inline uint32_t luser_le32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return LUSER_SWAP(32, value);
}

/* luser_le64() - read eight bytes */
static inline uint64_t luser_le64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return LUSER_SWAP(64, value);
}

/* luser_set_le8() - write one byte */
static inline void luser_set_le8(uint8_t *at, uint8_t value)
{
	at[0] = value;
}

/* luser_set_le16() - write two bytes */
static inline void luser_set_le16(uint8_t *at, uint16_t value)
{
	value = LUSER_SWAP(16, value);
	memcpy(at, &value, sizeof(value));
}

/* luser_set_le32() - write four bytes */
static inline void luser_set_le32(uint8_t *at, uint32_t value)
{
	value = LUSER_SWAP(32, value);
	memcpy(at, &value, sizeof(value));
}

/* luser_set_le64() - write eight bytes */
static inline void luser_set_le64(uint8_t *at, uint64_t value)
{
	value = LUSER_SWAP(64, value);
	memcpy(at, &value, sizeof(value));
}

#ifdef __cplusplus
}
#endif

#endif /* LUSER_LE_H */
