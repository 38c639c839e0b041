# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""QEMU's monitor: commands as JSON, one per line."""

import json
import socket
from pathlib import Path
from typing import Any

from .say import Failed


class Qmp:
    def __init__(self, sock: socket.socket) -> None:
        self._file = sock.makefile("rw")
        self._read()
        self.command("qmp_capabilities")

    def _read(self) -> dict[str, Any]:
        line = self._file.readline()
        if not line:
            raise Failed("QEMU closed its monitor")
        message: dict[str, Any] = json.loads(line)
        return message

    def command(self, name: str, **arguments: Any) -> Any:
        message = {"execute": name, "arguments": arguments}
        self._file.write(json.dumps(message) + "\n")
        self._file.flush()
        while True:
            answer = self._read()
            if "error" in answer:
                raise Failed(f"QEMU: {name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def dump(self, path: Path) -> None:
        """All of the guest's memory as an ELF core, by physical address."""
        self.command("dump-guest-memory", paging=False,
                     protocol=f"file:{path}")
