# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
@0xd1b2c3a49e5f6071;

struct Device {
  domain @0 :UInt32;
  iommu @1 :UInt32;
  segment @2 :UInt32;
  bdf @3 :UInt16;
  flags @4 :UInt16;
  domainId @5 :UInt32;
  driverType @6 :UInt16;
  pasidDir @7 :UInt64;
  maxPasid @8 :UInt32;
}

struct Devices {
  devices @0 :List(Device);
}
