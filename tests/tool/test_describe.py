#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""From its description, luo-build makes a handover that is equal."""
import json
import unittest
from pathlib import Path
from typing import Any

import yaml

from elf import Dump
from tool import Case, build, build_fails, run

MIX = Path(__file__).parent / "mix.yaml"
OLD = Path(__file__).parent / "old.yaml"
DATA = Path(__file__).resolve().parents[1] / "data"


def describe(*args: object) -> str:
    result = run("--describe", "--quiet", *args)
    assert not result.err, result.err
    return result.out


def tree(*args: object) -> Any:
    return json.loads(run("--json", "--quiet", *args).out)["handovers"]


def places(value: Any, key: str) -> list[Any]:
    """All values of a key, in a description."""
    if isinstance(value, list):
        return [one for item in value for one in places(item, key)]
    if not isinstance(value, dict):
        return []
    own = [value[key]] if key in value else []
    return own + [one for item in value.values() for one in places(item, key)]


class Describe(Case):
    def again(self, path: Path, *args: object) -> Path:
        """The dump made from its description, which has the same one."""
        text = describe(*args, path)
        made = self.dir / "again.elf"
        made.unlink(missing_ok=True)
        (self.dir / "again.yaml").write_text(text)
        build(self.dir / "again.yaml", made, "--capture")
        self.assertEqual(describe(*args, made), text)
        first, second = tree(*args, path), tree(*args, made)
        self.assertEqual(len(first), 1)
        self.assertEqual(first[0]["tree"], second[0]["tree"])
        self.assertEqual(first[0]["findings"], second[0]["findings"])
        self.assertEqual(first[0]["role"], second[0]["role"])
        return made

    def built(self, *args: object, source: Path = MIX, **more: Any) -> Path:
        path = self.dir / "built.elf"
        build({**yaml.safe_load(source.read_text()), **more}, path, *args)
        return path


class Real(Describe):
    def test_memory_of_real_kernels(self) -> None:
        for path in sorted(DATA.glob("*.elf")):
            with self.subTest(path=path.name):
                made = self.again(path)
                self.same_bytes(Dump.read(path), Dump.read(made))

    def same_bytes(self, real: Dump, made: Dump) -> None:
        """All but the root, which the kernel writes in more than one pass,
        and what tells the role and is no part of the handover."""
        text = (self.dir / "again.yaml").read_text()
        described = yaml.load(text, yaml.BaseLoader)
        root = int(described["root"]["$at"], 0)
        root_page = range(root, root + int(described.get("page-size", 4096)))
        different = []
        for start, data in made.memory.items():
            for at in range(start, start + len(data), 64):
                size = min(64, start + len(data) - at)
                if at not in root_page and \
                        real.get(at, size) != made.get(at, size):
                    different.append(hex(at))
        self.assertEqual(different, [])
        known = yaml.safe_load(text)["root"]["preserved-memory-map"]
        chunks = known.get("$chunks", [])
        pages = known.get("$tables", chunks)
        self.assertGreater(len(pages), 4)
        for page in pages:
            self.assertEqual(made.get(page["$at"], 4096),
                             real.get(page["$at"], 4096))
        for bitmap in places(chunks, "bitmaps"):
            self.assertEqual(made.get(bitmap[0]["$at"], 512),
                             real.get(bitmap[0]["$at"], 512))


class Built(Describe):
    def test_all_page_sizes(self) -> None:
        for size in (4096, 16384, 65536):
            for scatter in (0, 9):
                with self.subTest(size=size, scatter=scatter):
                    path = self.built(f"--page-size={size}", scatter=scatter)
                    made = Dump.read(self.again(path))
                    whole = Dump.read(path)
                    for start, data in made.memory.items():
                        self.assertEqual(whole.get(start, len(data)), data)

    def test_old_forms(self) -> None:
        for size in (4096, 16384, 65536):
            with self.subTest(size=size):
                path = self.built(f"--page-size={size}", source=OLD)
                handover = tree(path)[0]
                self.assertEqual(handover["findings"], [])
                self.assertEqual(handover["tree"][0]["abi"], "kho-v1.512")
                made = Dump.read(self.again(path))
                whole = Dump.read(path)
                for start, data in made.memory.items():
                    self.assertEqual(whole.get(start, len(data)), data)

    def test_damaged(self) -> None:
        flb = "LUO/flbs[iommu-v2]"
        path = self.built(damage=[
            {"path": "LUO/sessions[vm-1]", "field": "file_set_ser.count",
             "value": 4},
            {"path": f"{flb}/devices[3]", "field": "iommu", "value": 9000,
             "seal": True},
            {"path": "LUO/flbs[iommu-v1]/devices[00:00.0]", "value": 0x123,
             "field": "domain_iommu_ser.domain_phys"},
            {"path": "LUO/sessions[vm-0]/files[0xc0ffee0000]", "value": 5,
             "field": "nr_folios"},
            {"path": "kexec-metadata", "offset": 4, "bytes": "1b 00 41"},
        ])
        self.again(path)

    def test_blocks_of_an_order_that_cannot_be(self) -> None:
        file = "LUO/sessions[vm-0]/files[0xc0ffee0000]"
        for order in (29, 64, 65535):
            with self.subTest(order=order):
                path = self.built(damage=[
                    {"path": file, "field": "folios.order", "value": order}])
                said = yaml.safe_load(describe(path))
                self.assertIn(order, places(said, "order"))

    def test_roles(self) -> None:
        given = self.dir / "small.elf"
        build({**yaml.safe_load(MIX.read_text()), "role": "in"}, given,
              "--capture")
        self.again(given, "--early")

    def test_device_tree_in_another_order(self) -> None:
        document = yaml.safe_load(MIX.read_text())
        node = document["root"]["$nodes"]["newer"]
        node["$unknown"] = {"later": "01 02"}
        node["$properties"] = ["later", "blob-size", "preserved-data"]
        document["root"]["compatible"] = "kho-v4"
        path = self.dir / "built.elf"
        build(document, path)
        self.again(path)

    def test_only_zeros(self) -> None:
        document = yaml.safe_load(MIX.read_text())
        document["root"]["$nodes"]["newer"] = {
            "preserved-data": {"$fill": 7, "$size": 9000}}
        path = self.dir / "built.elf"
        build(document, path)
        self.again(path)
        again = yaml.safe_load(describe(path))["root"]["$nodes"]["newer"]
        self.assertEqual(again["preserved-data"]["$fill"], 7)

    def test_short(self) -> None:
        """What is worked out is not said."""
        text = describe(self.built())
        for word in ("blob-size", "nr_devices", "total_pages", "$header:\n",
                     "next"):
            self.assertNotIn(word, text)

    def test_references_are_numbers(self) -> None:
        document = yaml.safe_load(describe(self.built()))
        self.assertEqual(set(places(document, "domain_phys")), {2})


class Usage(Describe):
    def test_alone(self) -> None:
        path = self.built()
        for other in ("--json", "--hex", "--select=LUO", "--records=3"):
            result = run("--describe", other, path)
            self.assertEqual(result.status, 2, other)
            self.assertIn("--describe goes with no other way", result.err)

    def test_two_handovers_are_two_documents(self) -> None:
        text = describe(self.built())
        self.assertIn("more than one document",
                      build_fails(text + text, self.dir / "no.elf"))


if __name__ == "__main__":
    unittest.main()
