# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""As much of gdb's remote protocol as a breakpoint takes."""

import socket

from .say import Failed


class Gdb:
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")

    def _send(self, text: str) -> None:
        data = text.encode()
        self._sock.sendall(b"$%s#%02x" % (data, sum(data) & 0xff))
        if self._file.read(1) != b"+":
            raise Failed(f"gdb stub: no acknowledgement of {text}")

    def _receive(self) -> str:
        if self._file.read(1) != b"$":
            raise Failed("gdb stub: a packet was expected")
        data = bytearray()
        while (byte := self._file.read(1)) != b"#":
            if not byte:
                raise Failed("gdb stub: closed")
            data += byte
        check = int(self._file.read(2), 16)
        if check != sum(data) & 0xff:
            raise Failed("gdb stub: wrong checksum")
        self._sock.sendall(b"+")
        return data.decode()

    def _order(self, text: str) -> None:
        self._send(text)
        answer = self._receive()
        if answer != "OK":
            raise Failed(f"gdb stub: {text}: {answer or 'not supported'}")

    def start_until(self, address: int) -> None:
        """Start; stop when the CPU is about to run what is at address."""
        self._order(f"Z1,{address:x},1")
        self._send("c")

    def wait_stop(self) -> None:
        """Wait until the machine is where start_until() said."""
        stop = self._receive()
        if not stop.startswith("T05"):
            raise Failed(f"gdb stub: stopped with {stop}")

    def detach(self) -> None:
        """Let the machine run on, without a debugger."""
        self._order("D")
