# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""As much of gdb's remote protocol as break- and watchpoints take.

Memory is read and written by physical address.
"""

import socket
import struct

from .say import Failed

# Bytes that an answer has room for.
PACKET = 1024
# The first of x86-64's, in the order that it is asked for them.
REGISTERS = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9",
             "r10", "r11", "r12", "r13", "r14", "r15", "rip")
FORMAT = f"<{len(REGISTERS)}Q"


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

    def _ask(self, text: str) -> str:
        self._send(text)
        return self._receive()

    def _order(self, text: str) -> None:
        answer = self._ask(text)
        if answer != "OK":
            raise Failed(f"gdb stub: {text}: {answer or 'not supported'}")

    def read(self, phys: int, size: int) -> bytes:
        """Memory of a machine that stands."""
        self._order("Qqemu.PhyMemMode:1")
        data = b"".join(self._read(at, min(PACKET, phys + size - at))
                        for at in range(phys, phys + size, PACKET))
        self._order("Qqemu.PhyMemMode:0")
        return data

    def _read(self, phys: int, size: int) -> bytes:
        answer = self._ask(f"m{phys:x},{size:x}")
        if len(answer) != 2 * size:
            raise Failed(f"gdb stub: {size} bytes at {phys:#x}: {answer}")
        return bytes.fromhex(answer)

    def write(self, phys: int, data: bytes) -> None:
        """Change memory of a machine that stands."""
        self._order("Qqemu.PhyMemMode:1")
        self._order(f"M{phys:x},{len(data):x}:{data.hex()}")
        self._order("Qqemu.PhyMemMode:0")

    def resume(self) -> None:
        self._send("c")

    def breakpoint(self, address: int) -> None:
        """Stop when the CPU is about to run what is at address."""
        self._order(f"Z1,{address:x},1")

    def pass_breakpoint(self, address: int) -> None:
        """Go on from there."""
        self._order(f"z1,{address:x},1")
        self._send("s")
        self.wait_stop()
        self.breakpoint(address)
        self.resume()

    def leave_function(self, result: int) -> None:
        """At a function's first instruction: return without doing it."""
        data = bytearray.fromhex(self._ask("g"))
        regs = dict(zip(REGISTERS, struct.unpack_from(FORMAT, data)))
        regs["rip"], = struct.unpack("<Q", self._read(regs["rsp"], 8))
        regs["rsp"] += 8
        regs["rax"] = result
        struct.pack_into(FORMAT, data, 0, *regs.values())
        self._order(f"G{data.hex()}")

    def interrupt(self) -> None:
        """Make a machine stop that runs; wait_stop() tells that it does."""
        self._sock.sendall(b"\x03")

    def wait_stop(self) -> bool:
        """Wait until the machine stands, at what was said or interrupted.

        Returns false if it was interrupted.
        """
        stop = self._receive()
        if not stop.startswith(("T05", "T02")):
            raise Failed(f"gdb stub: stopped with {stop}")
        return stop.startswith("T05")

    def watch(self, address: int, size: int) -> None:
        """Stop after each write to what is at a virtual address."""
        self._order(f"Z2,{address:x},{size:x}")

    def unwatch(self, address: int, size: int) -> None:
        self._order(f"z2,{address:x},{size:x}")

    def detach(self) -> None:
        """Let the machine run on, without a debugger."""
        self._order("D")
