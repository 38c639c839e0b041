# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What is made of sample/ is what is in golden/, wherever and whenever.

To refresh golden/ after a change that is meant, and to look at the change:

    gen/luser-gen emit --schema tests/gen/sample --out tests/gen/golden \\
        --only tables --only registry --only shared --only types
    git diff tests/gen/golden
"""
import unittest

from support import GOLDEN, ONLY, SAMPLE, Case, files

ODD_PLACES = {
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 2": {"PYTHONHASHSEED": "2"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
}


class Golden(Case):
    def test_output_is_as_before(self) -> None:
        self.ok("emit", "--schema", SAMPLE, "--out", self.dir, *ONLY)
        got, wanted = files(self.dir), files(GOLDEN)
        self.assertEqual(sorted(got), sorted(wanted))
        for name, data in wanted.items():
            self.assertMultiLineEqual(got[name].decode(), data.decode(), name)

    def test_output_depends_on_nothing_else(self) -> None:
        for name, env in ODD_PLACES.items():
            with self.subTest(name):
                out = self.dir / name
                self.ok("emit", "--schema", SAMPLE, "--out", out, *ONLY,
                        env=env)
                self.assertEqual(files(out), files(GOLDEN))

    def test_output_does_not_depend_on_the_folder(self) -> None:
        copy = self.dir / "deep" / "er"
        copy.mkdir(parents=True)
        for name, data in files(SAMPLE).items():
            (copy / name).write_bytes(data)
        self.ok("emit", "--schema", "er", "--out", "out", *ONLY,
                cwd=copy.parent)
        self.assertEqual(files(copy.parent / "out"), files(GOLDEN))


if __name__ == "__main__":
    unittest.main()
