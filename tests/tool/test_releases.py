#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Handovers of real kernels, one for each way in which Linux has written them:
what was put in is what is shown, in the tree and in JSON."""

import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tool import Case, objects, run, run_json

DATA = Path(__file__).resolve().parents[1] / "data"
RESERVED = ("seedmem", 65536)
# What tests/kernel/sample puts in: pages by token, by session.
SESSIONS = {f"vm-{i}": {0xC0FFEE0000 + 256 * i + j: 3 * (2 * i + j + 1)
                        for j in range(2)} for i in range(3)}


@dataclass(frozen=True)
class Kernel:
    name: str
    root: str               # ABIs
    luo: str | None
    memfd: str | None
    test: str
    preserved: int          # pages
    page: int = 4096

    @property
    def dump(self) -> Path:
        return DATA / f"linux-{self.name}-handover.elf"

    @property
    def sessions(self) -> dict[str, dict[int, int]]:
        """Bytes by token, by session."""
        return {name: {token: pages * self.page
                       for token, pages in files.items()}
                for name, files in SESSIONS.items() if self.luo}


KERNELS = (
    Kernel("6.17", "kho-v1.512", None, None, "kho-test-v1.fdt", 276),
    Kernel("6.18", "kho-v1.page", None, None, "kho-test-v1.list", 278),
    Kernel("6.19", "kho-v1.page", "luo-v1", "memfd-v1", "kho-test-v1.list",
           382),
    Kernel("7.1", "kho-v3", "luo-v1", "memfd-v2", "kho-test-v1.list", 384),
    Kernel("7.3", "kho-v4", "luo-v5", "memfd-v2", "kho-test-v1.list", 2158),
    Kernel("7.3-arm64", "kho-v4", "luo-v5", "memfd-v2", "kho-test-v1.list",
           162, 16384),
)


def number(value: Any) -> int:
    return value if isinstance(value, int) else int(value, 0)


def shown_sessions(handover: Any, memfd: str | None) -> Any:
    return {
        one["fields"]["name"]: {
            number(record["fields"]["token"]):
                number(next(objects(record["children"], abi=memfd,
                                    kind="struct"))["fields"]["size"])
            for record in objects(one, type="luo_file_ser", kind="struct")}
        for one in objects(handover, type="luo_session_ser", kind="struct")}


class Releases(Case):
    def handover(self, kernel: Kernel) -> Any:
        (handover,) = run_json(kernel.dump)["handovers"]
        self.assertEqual(handover["role"], "out")
        return handover

    def test_content(self) -> None:
        for kernel in KERNELS:
            with self.subTest(kernel=kernel.name):
                handover = self.handover(kernel)
                self.assertEqual(handover["page_size"], kernel.page)
                self.assertEqual(shown_sessions(handover, kernel.memfd),
                                 kernel.sessions)
                (held,) = objects(handover, type="reservation")
                self.assertEqual(
                    (held["name"], number(held["fields"]["size"])), RESERVED)

    def test_abis(self) -> None:
        for kernel in KERNELS:
            with self.subTest(kernel=kernel.name):
                handover = self.handover(kernel)
                self.assertEqual(handover["tree"][0]["abi"], kernel.root)
                found = {one["abi"] for one in objects(handover)
                         if one.get("abi")}
                for abi in (kernel.luo, kernel.memfd, kernel.test):
                    if abi:
                        self.assertIn(abi, found)

    def test_totals(self) -> None:
        for kernel in KERNELS:
            with self.subTest(kernel=kernel.name):
                handover = self.handover(kernel)
                total = handover["preserved"]
                self.assertEqual(number(total["pages"]), kernel.preserved)
                self.assertEqual(number(total["bytes"]),
                                 kernel.preserved * kernel.page)
                (tree,) = objects(handover, kind="map")
                self.assertEqual(sum(number(one["bytes"])
                                     for one in tree["ranges"]),
                                 kernel.preserved * kernel.page)

    def test_tree(self) -> None:
        for kernel in KERNELS:
            with self.subTest(kernel=kernel.name):
                text = " ".join(run(kernel.dump).out.split())
                self.assertIn(f"{kernel.preserved:,} pages, "
                              f"{kernel.preserved * kernel.page:,} bytes", text)
                at = 0
                for words in tree_words(kernel):
                    self.assertIn(words, text[at:])
                    at = text.index(words, at)


def tree_words(kernel: Kernel) -> list[str]:
    """What the tree says of sessions, in its order."""
    words = []
    for name, files in kernel.sessions.items():
        words.append(f" {name} ")
        for token, size in files.items():
            words += [f" {token:#x} ", f" size {size:,} bytes"]
    return words


if __name__ == "__main__":
    unittest.main()
