#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Would a kernel accept a handover? Kernels and handovers are made up."""

import json
import unittest
from pathlib import Path
from typing import Any

import jsonschema

from image import Handover, bitmap_handover, handover
from kernel import (ALLOC, EXEC, KNOWN, bz_image, btf_endless, btf_of,
                    compressed, constants, elf, image, payload, vmlinux, zboot)
from tool import SOURCE, Case, Result, build, run

SCHEMA = json.loads((SOURCE / "luo-dump-compat.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
YES, NO, UNUSABLE, UNTOLD = 0, 1, 2, 3
FILE = "LUO/sessions[vm-0]/files[0x17]"
METHODS = ["gzip", "bzip2", "lzma", "xz", "lz4", "zstd"]

# The structs of memfd-v2 and kho-vmalloc-v1, as Linux 7.3 has them.
MEMFD = """
struct kho_vmalloc { __u64 first; __u32 total_pages; unsigned short flags;
    unsigned short order; };
struct memfd_luo_folio_ser { __u64 pfn:52; __u64 flags:12; __u64 index; };
struct memfd_luo_ser { __u64 pos; SIZE; __u32 seals; __u32 flags;
    __u64 nr_folios; struct kho_vmalloc folios; } memfd;
struct memfd_luo_folio_ser folio;
"""

# The tracker of kho-v1, which is the same with bitmaps of either size.
CHUNK = """
struct khoser_mem_chunk_hdr { __u64 next; __u32 order; __u32 num_elms; } head;
struct khoser_mem_bitmap_ptr { __u64 phys_start; __u64 bitmap; } element;
"""


class CompatCase(Case):
    given: Handover

    def setUp(self) -> None:
        super().setUp()
        self.take(handover({"vm-0": {0x17: 3}}))

    def take(self, given: Handover) -> None:
        self.given = given
        self.path = given.image.elf(self.dir / "memory.elf")

    def kernel(self, data: bytes) -> Path:
        path = self.dir / "kernel"
        path.write_bytes(data)
        return path

    def ask(self, data: bytes, *args: object) -> Result:
        return run("compat", "--to", self.kernel(data), *args,
                   f"--root={self.given.root:#x}", self.path)

    def json(self, status: int, data: bytes, *args: object) -> Any:
        result = self.ask(data, "--json", *args)
        self.assertEqual(result.status, status, result.out + result.err)
        document = json.loads(result.out)
        VALIDATOR.validate(document)
        return document

    def verdicts(self, status: int, data: bytes) -> dict[str, str]:
        (one,) = self.json(status, data)["handovers"]
        return {o["path"]: o["verdict"] for o in one["objects"]}

    def object(self, status: int, data: bytes, path: str) -> Any:
        (one,) = self.json(status, data)["handovers"]
        return next(o for o in one["objects"] if o["path"] == path)


class Strings(CompatCase):
    def test_a_kernel_that_knows_all(self) -> None:
        self.assertEqual(self.verdicts(YES, vmlinux(KNOWN)), {
            "": "accepted", "LUO": "accepted", "kexec-metadata": "accepted",
            FILE: "accepted"})
        result = self.ask(vmlinux(KNOWN))
        self.assertRegex(result.out, r"\nyes: 4 accepted\n$")
        self.assertLessEqual(max(map(len, result.out.splitlines())), 80)

    def test_another_root(self) -> None:
        known = ["kho-v3", *KNOWN[1:]]
        found = self.verdicts(NO, vmlinux(known))
        self.assertEqual(found.pop(""), "refused")
        self.assertEqual(set(found.values()), {"lost"})
        root = self.object(NO, vmlinux(known), "")
        self.assertIn("boots as if nothing had been handed over",
                      root["effect"])

    def test_another_file(self) -> None:
        kernel = vmlinux([*KNOWN[:-1], "memfd-v3"])
        self.assertEqual(self.verdicts(NO, kernel), {
            "": "accepted", "LUO": "accepted", "kexec-metadata": "accepted",
            FILE: "refused"})
        refused = self.object(NO, kernel, FILE)
        self.assertEqual(refused["key"], "memfd-v2")
        self.assertEqual(refused["registry"], "luo-file")
        self.assertIn("/dev/liveupdate fails with EIO", refused["effect"])
        text = self.ask(kernel).out
        self.assertIn(f"refused     memfd-v2: {FILE}\n", text)
        self.assertIn("/dev/liveupdate fails with EIO", " ".join(text.split()))
        self.assertRegex(text, r"\nno: 1 refused, 3 accepted\n$")

    def test_a_subtree_that_nobody_asks_for(self) -> None:
        known = [s for s in KNOWN if s not in ("LUO", "luo-v5")]
        found = self.verdicts(NO, vmlinux(known))
        self.assertEqual((found["LUO"], found[FILE]), ("refused", "lost"))
        self.assertIn("Nobody asks for it",
                      self.object(NO, vmlinux(known), "LUO")["effect"])

    def test_only_whole_strings_count(self) -> None:
        for wrong in ("memfd-v21", "a-memfd-v2"):
            with self.subTest(wrong):
                kernel = vmlinux([*KNOWN[:-1], wrong])
                self.assertEqual(self.verdicts(NO, kernel)[FILE], "refused")

    def test_code_is_no_constant(self) -> None:
        kernel = vmlinux(KNOWN[:-1], code=b"\0memfd-v2\0")
        self.assertEqual(self.verdicts(NO, kernel)[FILE], "refused")

    def test_a_constant_in_a_struct(self) -> None:
        data = constants(KNOWN[:-1]) + b"\xff\xffmemfd-v2\0"
        kernel = elf({".data": (ALLOC | EXEC | 1, data)})
        self.assertEqual(self.verdicts(YES, kernel)[FILE], "accepted")


class Modules(CompatCase):
    def setUp(self) -> None:
        super().setUp()
        self.take(handover({}, extra={b"mine": b"state"}))

    def test_a_module_may_know_what_no_schema_does(self) -> None:
        kernel = vmlinux([*KNOWN, "kho_retrieve_subtree"])
        self.assertEqual(self.verdicts(UNTOLD, kernel)["mine"], "unknown")
        why = self.object(UNTOLD, kernel, "mine")["why"]
        self.assertIn("exports kho_retrieve_subtree()", why)
        self.assertIn("\ncannot tell: 1 unknown", self.ask(kernel).out)

    def test_it_cannot_where_nothing_is_exported(self) -> None:
        self.assertEqual(self.verdicts(NO, vmlinux(KNOWN))["mine"], "refused")

    def test_a_name_without_a_schema(self) -> None:
        self.assertEqual(
            self.verdicts(UNTOLD, vmlinux([*KNOWN, "mine"]))["mine"],
            "unknown")


class OneNameTwoLayouts(CompatCase):
    """Linux 6.18 made the bitmaps of kho-v1 larger."""

    OLD = ["kho-v1", "memblock", "memblock-v1", "reserve-mem-v1"]

    def root(self, status: int, release: str | None) -> tuple[str, str, str]:
        kernel = vmlinux(self.OLD, release)
        found = self.verdicts(status, kernel)
        one = self.object(status, kernel, "")
        self.assertEqual(one["key"], "kho-v1")
        return one["abi"], one["verdict"], found["memblock"]

    def test_bitmaps_of_512_bytes(self) -> None:
        self.take(bitmap_handover(512))
        for release in ("6.16.0", "6.17.8"):
            self.assertEqual(self.root(YES, release),
                             ("kho-v1.512", "accepted", "accepted"))
        for release in ("6.18.15", "6.19.11"):
            self.assertEqual(self.root(NO, release),
                             ("kho-v1.512", "misread", "lost"))

    def test_bitmaps_of_a_page(self) -> None:
        self.take(bitmap_handover(4096))
        self.assertEqual(self.root(YES, "6.18.0"),
                         ("kho-v1.page", "accepted", "accepted"))
        self.assertEqual(self.root(NO, "6.17.8"),
                         ("kho-v1.page", "misread", "lost"))
        kernel = vmlinux(self.OLD, "6.17.8")
        found = self.object(NO, kernel, "")
        self.assertIn("Linux 6.17.8 has the layout kho-v1.512", found["why"])
        self.assertIn("reads 512 bytes", found["effect"])

    def test_an_image_that_names_no_release(self) -> None:
        self.take(bitmap_handover(512))
        self.assertEqual(self.root(UNTOLD, None)[1], "unknown")
        self.assertEqual(self.root(UNTOLD, "7.3.4")[1], "unknown")

    def test_types_that_both_layouts_have(self) -> None:
        self.take(bitmap_handover(512))
        types = btf_of(self.dir, CHUNK)
        for release, status in (("6.17.8", YES), ("6.18.0", NO)):
            kernel = vmlinux(self.OLD, release, types)
            self.assertTrue(self.json(status, kernel)["kernel"]["btf"])

    def test_what_is_in_it(self) -> None:
        self.take(bitmap_handover(512))
        found = self.object(NO, vmlinux(self.OLD[:-1], "6.17.8"), "memblock")
        self.assertEqual(found["verdict"], "refused")
        self.assertIn("not reserve-mem-v1", found["why"])
        self.assertIn("reserves new, empty memory", found["effect"])


class Possible(CompatCase):
    """What the running kernel may still write."""

    def setUp(self) -> None:
        super().setUp()
        self.take(handover({}))
        self.source = self.dir / "from"

    def files(self, status: int, known: list[str],
              running: bytes) -> list[tuple[str, str, str]]:
        self.source.write_bytes(running)
        (one,) = self.json(status, vmlinux(known), "--from",
                           self.source)["handovers"]
        return [(o["path"], o["abi"], o["verdict"]) for o in one["objects"]
                if o["possible"]]

    def test_what_it_knows(self) -> None:
        running = vmlinux(KNOWN)
        self.assertEqual(self.files(YES, KNOWN, running),
                         [("LUO/files", "memfd-v2", "accepted")])
        self.assertEqual(self.files(UNTOLD, KNOWN[:-1], running),
                         [("LUO/files", "memfd-v2", "unknown")])
        text = self.ask(vmlinux(KNOWN[:-1]), "--from", self.source).out
        self.assertIn("perhaps memfd-v2: LUO/files", text)
        self.assertIn("It matters if one is there", text)

    def test_what_it_does_not_know(self) -> None:
        self.assertEqual(self.files(YES, KNOWN, vmlinux(KNOWN[:-1])), [])
        self.assertEqual(
            self.files(YES, KNOWN, vmlinux(KNOWN, "6.19.1")), [])

    def test_what_is_there_is_not_only_possible(self) -> None:
        self.take(handover({"vm-0": {0x17: 3}}))
        self.assertEqual(self.files(YES, KNOWN, vmlinux(KNOWN)), [])


class Layout(CompatCase):
    def btf(self, size: str) -> bytes:
        return btf_of(self.dir, MEMFD.replace("SIZE", size))

    def test_one_that_agrees(self) -> None:
        kernel = vmlinux(KNOWN, btf=self.btf("__u64 size"))
        document = self.json(YES, kernel)
        self.assertTrue(document["kernel"]["btf"])
        self.assertIn("has its layout", self.object(YES, kernel, FILE)["why"])

    def test_one_that_does_not(self) -> None:
        for size, why in (("__u32 size", "bits"), ("__u64 bytes", "no member"),
                          ("__u64 more; __u64 size", "56 bytes, not 48")):
            with self.subTest(size):
                kernel = vmlinux(KNOWN, btf=self.btf(size))
                found = self.object(NO, kernel, FILE)
                self.assertEqual(found["verdict"], "misread")
                self.assertIn(why, found["why"])
                self.assertIn("contents", found["effect"])

    def test_names_of_types_are_no_constants(self) -> None:
        types = self.btf("__u64 size") + b"\0memfd-v2\0"
        data = image(constants(KNOWN[:-1]) + self.btf("__u64 LUO"))
        self.assertEqual(self.verdicts(
            NO, vmlinux(KNOWN[:-1], btf=types))[FILE], "refused")
        self.assertTrue(self.json(NO, data)["kernel"]["btf"])
        without = constants([s for s in KNOWN if s != "LUO"])
        self.assertEqual(self.verdicts(
            NO, image(without + self.btf("__u64 LUO")))["LUO"], "refused")

    def test_types_without_an_end(self) -> None:
        for kernel in (vmlinux(KNOWN, btf=btf_endless()),
                       image(constants(KNOWN) + btf_endless())):
            found = self.object(NO, kernel, FILE)
            self.assertIn("no member", found["why"])

    def test_types_of_programs_in_the_kernel(self) -> None:
        small = btf_of(self.dir, "struct kho_vmalloc { __u64 other; } one;")
        kernel = image(constants(KNOWN) + small + self.btf("__u64 size"))
        self.assertIn("has its layout", self.object(YES, kernel, FILE)["why"])

    def test_page_size(self) -> None:
        self.assertEqual(self.verdicts(YES, image(constants(KNOWN)))[""],
                         "accepted")
        kernel = image(constants(KNOWN), page_bits=2)
        self.assertEqual(self.json(NO, kernel)["kernel"]["page_size"], 16384)
        found = self.object(NO, kernel, "")
        self.assertEqual(found["verdict"], "misread")
        self.assertIn("4096 bytes; those of the image have 16384",
                      found["why"])


class Images(CompatCase):
    def told(self, data: bytes) -> tuple[str, str | None, str | None]:
        kernel = self.json(YES, data)["kernel"]
        self.assertFalse(kernel["btf"])
        return kernel["format"], kernel["compression"], kernel["release"]

    def test_vmlinux(self) -> None:
        self.assertEqual(self.told(vmlinux(KNOWN)), ("vmlinux", None, "7.3.4"))

    def test_bz_image(self) -> None:
        for how in METHODS:
            with self.subTest(how):
                data = bz_image(payload(how, vmlinux(KNOWN)))
                self.assertEqual(self.told(data)[::2], ("bzImage", "7.3.4"))
        self.told(bz_image(payload("gzip", vmlinux(KNOWN)), sects=0))

    def test_image(self) -> None:
        data = image(constants(KNOWN, "6.19.0-rc1+"))
        self.assertEqual(self.told(data), ("Image", None, "6.19.0-rc1+"))
        for how in METHODS:
            with self.subTest(how):
                found = self.told(compressed(how, data))
                self.assertEqual(found[::2], ("Image", "6.19.0-rc1+"))
                self.assertIsNotNone(found[1])

    def test_zboot(self) -> None:
        data = image(constants(KNOWN))
        for how in ("gzip", "zstd"):
            with self.subTest(how):
                found = self.told(zboot(payload(how, data)))
                self.assertEqual(found[0], "zboot")

    def test_no_release(self) -> None:
        self.assertEqual(self.told(vmlinux(KNOWN, None))[2], None)
        self.assertIn("of an unknown release",
                      " ".join(self.ask(vmlinux(KNOWN, None)).out.split()))

    def test_no_kernel(self) -> None:
        whole = bz_image(payload("gzip", vmlinux(KNOWN)))
        for name, data in (("nothing", b""), ("text", b"text\n" * 100),
                           ("cut", whole[:1800]), ("elf", b"\x7fELF"),
                           ("packed text", compressed("gzip", b"text"))):
            with self.subTest(name):
                result = self.ask(data)
                self.assertEqual((result.status, result.out), (UNUSABLE, ""))
                self.assertIn("kernel", result.err)
        result = run("compat", "--to", self.dir / "none", self.path)
        self.assertEqual(result.status, UNUSABLE)
        self.assertIn("No such file", result.err)


class Handovers(CompatCase):
    def test_damage_is_never_accepted(self) -> None:
        self.given.image.set(self.given.root + 4096, bytes(8))
        damaged = handover({"vm-0": {0x17: 3}}, luo_name="luo-v5")
        memory = damaged.image.memory
        at = memory.index(b"vm-0") + 72  # the number of files
        memory[at] = 9
        self.take(damaged)
        document = self.json(UNTOLD, vmlinux(KNOWN))
        self.assertEqual(document["verdict"], "unknown")
        self.assertGreater(document["handovers"][0]["errors"], 0)
        self.assertIn("damaged", self.ask(vmlinux(KNOWN)).out)

    def test_only_what_goes_out_is_judged(self) -> None:
        result = run("compat", "--to", self.kernel(vmlinux(KNOWN)), "--in",
                     f"--root={self.given.root:#x}", self.path, "--json")
        self.assertEqual(json.loads(result.out)["handovers"][0]["role"], "in")

    def built(self, files: list[dict[str, Any]]) -> None:
        """A handover with files that have no data."""
        self.path = self.dir / "built.elf"
        build({"root": {"$abi": "kho-v4", "$nodes": {"LUO": {
            "preserved-data": {"$abi": "luo-v5", "sessions_pa": [{
                "name": "vm-0", "file_set_ser": {"files": files}}]}}}}},
              self.path)

    def ask(self, data: bytes, *args: object) -> Result:
        if self.path.name != "built.elf":
            return super().ask(data, *args)
        return run("compat", "--to", self.kernel(data), *args, self.path)

    def test_more_files_than_are_kept(self) -> None:
        self.built([{"$repeat": 65600, "compatible": "memfd-v2", "data": 0,
                     "token": {"$first": 0}}])
        result = self.ask(vmlinux(KNOWN), "--json")
        self.assertEqual(result.status, UNTOLD)
        (one,) = json.loads(result.out)["handovers"]
        self.assertEqual(one["left_out"] + len(one["objects"]), 65602)
        self.assertIn("which were only counted", self.ask(vmlinux(KNOWN)).out)

    def test_more_names_than_are_shown(self) -> None:
        self.built([{"compatible": f"made-up-{i}", "data": 0, "token": i}
                    for i in range(300)])
        self.assertEqual(len(self.json(NO, vmlinux(KNOWN))["handovers"][0][
            "objects"]), 302)
        text = self.ask(vmlinux(KNOWN)).out
        self.assertIn("46 objects more, which --json lists", text)

    def test_many_files(self) -> None:
        self.take(handover({"vm-0": {token: 1 for token in range(100)}}))
        text = self.ask(vmlinux(KNOWN)).out
        self.assertIn("yes: 103 accepted", text)
        self.assertIn("and 92 more", text)


class Usage(CompatCase):
    def test_what_goes_with_what(self) -> None:
        kernel = self.kernel(vmlinux(KNOWN))
        for args in (["compat", self.path], ["--to", kernel, self.path],
                     ["--from", kernel, self.path],
                     ["compat", "--from", kernel, self.path],
                     ["compat", "--to", kernel, "--hex", self.path],
                     ["compat", "--to", kernel, "--records=4", self.path],
                     ["compat", "--to", kernel, "--select=LUO", self.path]):
            result = run(*args)
            self.assertEqual((result.status, result.out), (UNUSABLE, ""))
            self.assertIn("compat", result.err)

    def test_help(self) -> None:
        self.assertIn("luo-dump compat --to=KERNEL", run("--help").out)
        self.assertEqual(run("compat", "--help").out, run("--help").out)

    def test_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)


if __name__ == "__main__":
    unittest.main()
