#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What --json prints. run_json() holds each document to the JSON Schema."""

import json
import struct
import unittest
from typing import Any

import jsonschema

from image import BASE, PAGE, Handover, handover, u64
from tool import VALIDATOR, Case, objects, run, run_json

SESSIONS = {"vm-0": {0xC0FFEE0000: 3, 0xC0FFEE0001: 6}, "vm-1": {0x17: 9}}


class JsonCase(Case):
    def dump(self, given: Handover, *args: object, status: int = 0) -> Any:
        path = given.image.elf(self.dir / "memory.elf")
        return run_json(*args, f"--root={given.root:#x}", path, status=status)

    def one(self, document: Any, **want: Any) -> Any:
        found = list(objects(document, **want))
        self.assertEqual(len(found), 1, found)
        return found[0]


class Schema(unittest.TestCase):
    def test_is_a_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)

    def test_every_object_is_closed(self) -> None:
        """A misspelt member would otherwise pass."""
        def check(at: Any) -> None:
            if isinstance(at, dict):
                if at.get("type") == "object":
                    self.assertIn("additionalProperties", at)
                for below in at.values():
                    check(below)
            elif isinstance(at, list):
                for below in at:
                    check(below)
        check(VALIDATOR.schema)


class Content(JsonCase):
    def setUp(self) -> None:
        super().setUp()
        self.given = handover(SESSIONS)
        self.document = self.dump(self.given)

    def test_verdict(self) -> None:
        self.assertIs(self.document["sound"], True)
        self.assertIsNone(self.document["incomplete"])
        self.assertEqual(self.document["notes"], [])
        self.assertEqual(self.document["handovers"][0]["findings"], [])

    def test_heading(self) -> None:
        one = self.document["handovers"][0]
        self.assertEqual(one["phys"], hex(self.given.root))
        self.assertEqual(one["memory"], "ELF dump")
        self.assertEqual(one["page_size"], PAGE)
        self.assertIs(one["live"], False)

    def test_preserved(self) -> None:
        pages = len(self.given.image.preserved)
        self.assertEqual(self.document["handovers"][0]["preserved"], {
            "pages": pages, "bytes": pages * PAGE, "ranges": 1,
            "orders": [{"order": 0, "blocks": pages, "pages": pages}],
        })
        tree = self.one(self.document, kind="map")
        self.assertEqual(tree["ranges"],
                         [{"start": hex(BASE), "bytes": pages * PAGE}])

    def test_totals(self) -> None:
        totals = self.document["handovers"][0]["totals"]
        self.assertEqual({one["name"]: one["records"] for one in totals},
                         {"flbs": 0, "sessions": 2, "files": 3, "folios": 18})

    def test_sessions_and_files(self) -> None:
        said = {
            session["label"]: {
                int(file["fields"]["token"], 16):
                    self.one(file, type="memfd_luo_ser")["fields"]["size"]
                for file in objects(session, type="luo_file_ser",
                                    kind="struct")
            }
            for session in objects(self.document, type="luo_session_ser",
                                   kind="struct")
        }
        put = {name: {token: pages * PAGE for token, pages in files.items()}
               for name, files in SESSIONS.items()}
        self.assertEqual(said, put)

    def test_array(self) -> None:
        array = self.one(self.document, kind="array", name="sessions")
        self.assertEqual((array["records"], array["empty"], array["pages"]),
                         (2, 0, 1))
        self.assertEqual((array["stride"], array["capacity"]), (80, 51))
        self.assertEqual([one["index"] for one in array["items"]], [0, 1])

    def test_flags(self) -> None:
        memfd = next(objects(self.document, type="memfd_luo_ser"))
        self.assertEqual(memfd["fields"]["seals"],
                         {"value": 1, "names": ["seal"]})

    def test_nested_struct(self) -> None:
        memfd = next(objects(self.document, type="memfd_luo_ser"))
        self.assertEqual(memfd["fields"]["folios"]["total_pages"], 1)

    def test_all_records_are_there(self) -> None:
        folios = list(objects(self.document, type="memfd_luo_folio_ser",
                              kind="struct"))
        self.assertEqual(len(folios), 18)
        self.assertEqual(folios[0]["fields"]["pfn"], hex(BASE // PAGE))

    def test_same_again(self) -> None:
        self.assertEqual(self.dump(self.given), self.document)


class Options(JsonCase):
    def test_records(self) -> None:
        document = self.dump(handover(SESSIONS), "--records=1")
        array = self.one(document, kind="array", name="sessions")
        self.assertEqual((len(array["items"]), array["records"]), (1, 2))
        totals = document["handovers"][0]["totals"]
        self.assertEqual({one["name"]: one["records"] for one in totals},
                         {"flbs": 0, "sessions": 2, "files": 3, "folios": 18})

    def test_select(self) -> None:
        document = self.dump(handover(SESSIONS), "--select=LUO/sessions[vm-1]")
        tree = document["handovers"][0]["tree"]
        self.assertEqual([one["label"] for one in tree], ["vm-1"])

    def test_select_an_array(self) -> None:
        document = self.dump(handover(SESSIONS), "--select=LUO/sessions")
        tree = document["handovers"][0]["tree"]
        self.assertEqual([one["name"] for one in tree], ["sessions"])
        self.assertEqual(len(tree[0]["items"]), 2)


class Values(JsonCase):
    def metadata(self, data: bytes) -> Any:
        given = handover({}, extra={b"kexec-metadata": data})
        return self.one(self.dump(given), type="kho_kexec_metadata")["fields"]

    def test_strings_are_escaped(self) -> None:
        release = b'\x01"\\\xff</script>\x7f'
        fields = self.metadata(struct.pack("<I65sI", 1, release, 0xFFFFFFFF))
        self.assertEqual(fields["previous_release"],
                         r'\x01"\\\xff</script>\x7f')
        self.assertEqual(fields["kexec_count"], 0xFFFFFFFF)

    def test_numbers_that_doubles_cannot_hold(self) -> None:
        for number, want in ((1 << 53, 1 << 53),
                             ((1 << 53) + 1, str((1 << 53) + 1)),
                             ((1 << 64) - 1, str((1 << 64) - 1))):
            with self.subTest(number):
                given = handover({})
                luo = given.image.memory.index(b"luo-v5") + BASE
                given.image.set(luo + 8, u64(number))
                fields = self.one(self.dump(given), type="luo_ser")["fields"]
                self.assertEqual(fields["liveupdate_num"], want)

    def test_unknown_bytes_are_there(self) -> None:
        given = handover({}, extra={b"newer": bytes(range(256))})
        unknown = self.one(self.dump(given), kind="unknown")
        self.assertEqual(bytes.fromhex(unknown["data"]), bytes(range(256)))
        self.assertEqual(unknown["why"], "newer")

    def test_hostile_names(self) -> None:
        evil = b'\x1b[2J"},{"\\'
        document = self.dump(handover({evil: {}}, extra={evil: b"abc"}))
        escaped = r'\x1b[2J"},{"' + r"\\"
        self.assertEqual(
            next(objects(document, type="luo_session_ser",
                         kind="struct"))["label"], escaped)
        self.assertEqual(self.one(document, name=escaped)["kind"], "fdt")


class Findings(JsonCase):
    def test_error(self) -> None:
        given = handover(SESSIONS)
        session = given.image.memory.index(b"vm-1") + BASE
        given.image.set(session + 72, u64(2))
        document = self.dump(given, status=1)
        self.assertIs(document["sound"], False)
        finding, = document["handovers"][0]["findings"]
        self.assertEqual(finding["severity"], "error")
        self.assertEqual(finding["path"], "LUO/sessions[vm-1]")
        self.assertEqual(finding["field"], "file_set_ser.count")
        self.assertEqual((finding["found"], finding["expected"]), ("2", "1"))

    def test_loop(self) -> None:
        given = handover({f"vm-{i}": {} for i in range(120)})
        first = given.image.memory.index(b"vm-0\0") - 16
        second = given.image.memory.index(b"vm-51\0") - 16
        given.image.set(second + BASE, u64(first + BASE))
        document = self.dump(given, status=1)
        self.assertTrue(any(hex(first + BASE) in one["found"] for one in
                            document["handovers"][0]["findings"]))

    def test_cut_dump(self) -> None:
        given = handover(SESSIONS)
        size = PAGE + given.image.memory.index(b"vm-0") + 32
        result = run("--json", f"--root={given.root:#x}",
                     given.image.elf(self.dir / "cut.elf", size=size))
        self.assertNotEqual(result.status, 0)
        if result.out:
            document = json.loads(result.out)
            VALIDATOR.validate(document)
            self.assertIn("0x", document["incomplete"])

    def test_newer_root(self) -> None:
        document = self.dump(handover({}, compatible="kho-v9"), status=2)
        self.assertEqual(document["handovers"][0]["tree"][0]["kind"],
                         "unknown")
        self.assertIs(document["sound"], False)


if __name__ == "__main__":
    unittest.main()
