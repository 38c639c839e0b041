#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The debugfs directory of kernels whose subtrees are device trees."""

import struct
import unittest

from image import PAGE, Handover, Image, Node, debugfs, fdt, text, u64
from machine import MachineCase
from tool import objects, run, run_json

TABLE = 16  # pages that a table of sessions has


def luo(image: Image) -> bytes:
    """LUO's device tree, with one session without files."""
    session = text("vm-0", 64) + u64(0) + u64(0)
    table = image.put((u64(1) + session).ljust(TABLE * PAGE, b"\0"))
    node = Node({"compatible": b"luo-session-v2\0",
                 "luo-session-header": u64(table)})
    return fdt(Node({"compatible": b"luo-v1\0",
                     "liveupdate-number": u64(3)}, {b"luo-session": node}))


def memblock(image: Image) -> bytes:
    return fdt(Node({"compatible": b"memblock-v1\0"}, {b"seedmem": Node({
        "compatible": b"reserve-mem-v1\0",
        "start": u64(image.put(b"page")), "size": u64(PAGE)})}))


def early() -> Handover:
    image = Image()
    blobs = {"LUO": luo(image), "memblock": memblock(image)}
    nodes = {name.encode(): Node({"fdt": u64(image.put(blob))})
             for name, blob in blobs.items()}
    bits = bytearray(PAGE)
    root = image.put(bytes(PAGE))
    for phys in image.preserved:
        bits[phys // PAGE // 8] |= 1 << (phys // PAGE & 7)
    record = u64(0) + u64(image.put(bytes(bits), preserve=False))
    chunk = image.put(struct.pack("<QII", 0, 0, 1) + record, preserve=False)
    tree = fdt(Node({"compatible": b"kho-v1\0",
                     "preserved-memory-map": u64(chunk)}, nodes))
    image.set(root, tree)
    return Handover(image, root, tree, b"", blobs)


class Debugfs(MachineCase):
    def test_what_is_handed_over(self) -> None:
        given = early()
        debugfs(self.dir / "kho", "out", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        document = run_json("--memory", memory, self.dir / "kho")
        one, = document["handovers"]
        self.assertEqual(one["tree"][0]["abi"], "kho-v1.page")
        session, = objects(one, type="luo_session_ser", kind="struct")
        self.assertEqual(session["label"], "vm-0")
        self.assertEqual(one["preserved"]["pages"], len(given.image.preserved))
        self.assertTrue(document["sound"])

    def test_without_memory(self) -> None:
        given = early()
        debugfs(self.dir / "kho", "out", given, given.fdt)
        one, = run_json(self.dir / "kho")["handovers"]
        root = next(objects(one, abi="luo-v1", kind="fdt"))
        self.assertEqual(root["fields"]["liveupdate-number"], 3)
        self.assertEqual(list(objects(one, kind="unknown")), [])
        held, = objects(one, type="reservation")
        self.assertEqual(held["fields"]["size"], PAGE)

    def test_before_it_is_finalized(self) -> None:
        given = early()
        root = given.fdt.replace(
            given.fdt[given.fdt.index(b"kho-v1\0") + 20:][:8], bytes(8), 1)
        self.assertNotEqual(root, given.fdt)
        debugfs(self.dir / "kho", "out", given, root)
        document = run_json(self.dir / "kho")
        one, = document["handovers"]
        self.assertIn(("preserved-memory-map", "not-yet"),
                      [(f["field"], f["rule"]) for f in one["findings"]])

    def test_the_new_kernel(self) -> None:
        given = early()
        debugfs(self.dir / "kho", "in", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        result = run("--memory", memory, self.dir / "kho")
        self.assertEqual(result.status, 0)
        self.assertIn("liveupdate-number 3", result.out)
        self.assertRegex(result.out, r"(?m)^ +sessions  stale, not shown")
        self.assertRegex(result.out, r"(?m)^ +preserved_map  stale, not shown")
        self.assertIn("seedmem", result.out)


if __name__ == "__main__":
    unittest.main()
