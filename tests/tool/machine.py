# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A made-up machine: debugfs, boot parameters and memory."""

import struct
from typing import Any

from image import PAGE, Handover
from tool import Case, Result, run


class MachineCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.kho = self.dir / "kho"
        self.boot_params = self.dir / "setup_data"
        self.kcore = self.dir / "kcore"

    def live(self, *args: object, **more: Any) -> Result:
        return run(f"--debugfs={self.kho}", f"--kcore={self.kcore}",
                   f"--boot-params={self.boot_params}", *args, **more)

    def booted(self, given: Handover) -> None:
        """Boot parameters of a kernel that was handed this."""
        entry = self.boot_params / "0"
        entry.mkdir(parents=True)
        (entry / "type").write_text("0xa\n")
        (entry / "data").write_bytes(
            struct.pack("<QQQQ", given.root, PAGE, 0, 0))
