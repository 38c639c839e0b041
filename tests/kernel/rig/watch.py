# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A watchpoint on memory, while the machine goes on."""

import threading

from .gdb import Gdb
from .machine import DIRECT


class Watch:
    """Every value that memory has after a write to it, until end()."""

    def __init__(self, gdb: Gdb, phys: int, size: int) -> None:
        """The machine stands, and runs afterwards."""
        self._gdb = gdb
        self._phys, self._size = phys, size
        self._seen: list[bytes] = []
        self._failure: BaseException | None = None
        gdb.watch(DIRECT + phys, size)
        gdb.resume()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        try:
            while self._gdb.wait_stop():
                self._seen.append(self.read())
                self._gdb.resume()
        except BaseException as error:      # told by end()
            self._failure = error

    def read(self) -> bytes:
        """What is there now, while the machine stands."""
        return self._gdb.read(self._phys, self._size)

    def end(self) -> list[bytes]:
        """Nobody writes there now; the machine stands afterwards."""
        self._gdb.interrupt()
        self._thread.join()
        if self._failure:
            raise self._failure
        self._gdb.unwatch(DIRECT + self._phys, self._size)
        return self._seen
