/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What is asked of who calls isa-l, whose checksum is any number.
 */
#ifndef PROOF_CRC_H
#define PROOF_CRC_H

/*@ requires all: len == 0 || \valid_read(bytes + (0 .. len - 1));
  @ requires len >= 0;
  @ assigns \result \from bytes[0 .. len - 1], crc;
  @*/
unsigned int crc32_iscsi(unsigned char *bytes, int len, unsigned int crc);

#endif /* PROOF_CRC_H */
