# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The line on which the guest talks to the host."""

import socket
from pathlib import Path


# A guest that never comes to an end may go on complaining for ever.
MOST_WAITS = 12


class HostLine:
    """A guest that says nothing here may still be busy: its console grows."""

    def __init__(self, sock: socket.socket, console: Path) -> None:
        self._sock, self._console = sock, console
        self._got = bytearray()

    def _said(self) -> int:
        return self._console.stat().st_size if self._console.exists() else 0

    def _receive(self) -> bool:
        """Wait for more; False at the end, TimeoutError if nothing moves."""
        for _ in range(MOST_WAITS):
            said = self._said()
            try:
                more = self._sock.recv(1 << 16)
            except TimeoutError:
                if self._said() == said:
                    raise
                continue
            self._got += more
            return bool(more)
        raise TimeoutError

    def _take(self, size: int) -> bytes:
        taken = bytes(self._got[:size])
        del self._got[:size]
        return taken

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        while len(self._got) < size and self._receive():
            pass
        return self._take(size)

    def words(self) -> list[str]:
        """Those of the next line; none at the end."""
        while b"\n" not in self._got and self._receive():
            pass
        return self._take(self._got.find(b"\n") + 1).decode().split()

    def answer(self) -> None:
        """The guest goes on."""
        self._sock.sendall(b"\n")
