# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A made-up machine: debugfs, boot parameters and memory."""

import struct
from typing import Any

from image import PAGE, Handover, Node, fdt
from tool import Case, Result, run


class MachineCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.kho = self.dir / "kho"
        self.boot_params = self.dir / "setup_data"
        self.device_tree = self.dir / "fdt"
        self.kcore = self.dir / "kcore"

    def live(self, *args: object, **more: Any) -> Result:
        return run(f"--debugfs={self.kho}", f"--kcore={self.kcore}",
                   f"--boot-params={self.boot_params}",
                   f"--device-tree={self.device_tree}", *args, **more)

    def booted(self, given: Handover) -> None:
        """Boot parameters of a kernel that was handed this."""
        entry = self.boot_params / "0"
        entry.mkdir(parents=True)
        (entry / "type").write_text("0xa\n")
        (entry / "data").write_bytes(
            struct.pack("<QQQQ", given.root, PAGE, 0, 0))

    def chosen(self, given: Handover) -> dict[str, bytes]:
        """What /chosen of an arm64 machine's device tree says of it."""
        return {"linux,kho-fdt": struct.pack(">QQ", given.root, PAGE),
                "linux,kho-scratch": struct.pack(">QQ", 0x40000000, 16)}

    def booted_flat(self, given: Handover, **more: bytes) -> None:
        """The flattened device tree of a kernel that was handed this."""
        cells = {"#address-cells": struct.pack(">I", 2),
                 "#size-cells": struct.pack(">I", 2)}
        self.device_tree.write_bytes(fdt(Node(cells, {
            b"memory": Node(), b"chosen": Node({**self.chosen(given), **more}),
        })))

    def booted_tree(self, given: Handover) -> None:
        """The same as files."""
        chosen = self.device_tree / "chosen"
        chosen.mkdir(parents=True)
        for name in ("#address-cells", "#size-cells"):
            (self.device_tree / name).write_bytes(struct.pack(">I", 2))
        for name, value in self.chosen(given).items():
            (chosen / name).write_bytes(value)
