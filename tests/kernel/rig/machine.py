# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A machine with VT-d and devices that do DMA on command (QEMU's edu)."""

from dataclasses import dataclass

# KASAN's shadow and the sanitized kernel need room, and KHO's areas must hold
# all that the next kernel allocates before it frees memory: with less, KHO
# switches itself off.
MEMORY = "2G"
# no_timer_check: a loaded host fails the check of the timer.
# nokaslr and the next two: symbols, and all memory, are at known addresses.
CMDLINE = ("console=ttyS0 panic=-1 kho=on liveupdate=on "
           "kho_scratch=32M,400M,400M no_timer_check nokaslr nopti no5lvl")
# Where all memory is mapped.
DIRECT = 0xffff888000000000
# Ports in one slot of the root bus.
PORTS = 8
FIRST_SLOT = 4
# A CPU has some 200 interrupt vectors, and the services of a port take one.
MANY = 150


@dataclass(frozen=True)
class Machine:
    """Devices are numbered from 0; each is alone behind a root port."""
    devices: int = 2
    twins: bool = False         # the last device has a second function
    scalable: bool = False

    def bdf(self, device: int, function: int = 0) -> str:
        return f"0000:{device + 1:02x}:00.{function}"

    def argv(self) -> list[str]:
        mode = ",x-scalable-mode=on" if self.scalable else ""
        argv = ["-machine", "kernel-irqchip=split",
                "-device", "intel-iommu,intremap=on" + mode]
        for n in range(self.devices):
            argv += self._port(n) + self._edu(n)
        if self.twins:
            argv += self._edu(self.devices - 1, 1)
        return argv

    def _port(self, n: int) -> list[str]:
        slot, function = FIRST_SLOT + n // PORTS, n % PORTS
        more = "" if function else ",multifunction=on"
        return ["-device", f"pcie-root-port,id=port{n},chassis={n + 1},"
                f"addr={slot:#x}.{function},io-reserve=0{more}"]

    def _edu(self, n: int, function: int = 0) -> list[str]:
        more = ",multifunction=on" if self.twins else ""
        return ["-device", f"edu,bus=port{n},addr=0.{function},"
                f"dma_mask=0xffffffff{more}"]

    @property
    def cmdline(self) -> str:
        ports = " pcie_ports=compat" if self.devices > MANY else ""
        return CMDLINE + ports + (" intel_iommu=on,sm_on" if self.scalable
                                  else " intel_iommu=on,sm_off")
