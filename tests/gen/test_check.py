# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The checks for a kernel: which ABIs can have one, and what is said of others.

What the checks do is tested in tests/validator.
"""
import unittest
from pathlib import Path

from support import HERE, Case, call

SCHEMA = HERE.parent.parent / "schema"
VALIDATOR = "  validator: drivers/iommu/liveupdate-check.c\n"


class Check(Case):
    def emit(self, old: str, new: str) -> str:
        """Change iommu-v2; what the generator says about its check."""
        folder = self.dir / "schema"
        folder.mkdir()
        for name in ("sealed-page/sealed-page-v1", "iommu/iommu-v2"):
            path = SCHEMA / f"{name}.yaml"
            text = path.read_text(encoding="utf-8")
            if name.startswith("iommu"):
                self.assertIn(old, text)
                text = text.replace(old, new, 1)
            (folder / path.name).write_text(text, encoding="utf-8")
        result = call("emit", "--schema", "schema", "--out", "out",
                      "--only", "check", "--only", "check-header",
                      cwd=self.dir)
        self.assertEqual(result.returncode, 1 if result.stderr else 0)
        return result.stderr

    def made(self) -> list[Path]:
        return sorted((self.dir / "out").glob("**/*.?"))

    def test_source_and_header_at_their_kernel_paths(self) -> None:
        self.assertEqual(self.emit("", ""), "")
        self.assertEqual([str(path.relative_to(self.dir / "out"))
                          for path in self.made()],
                         ["kernel/drivers/iommu/liveupdate-check.c",
                          "kernel/drivers/iommu/liveupdate-check.h"])

    def test_none_where_none_is_wanted(self) -> None:
        self.assertEqual(self.emit(VALIDATOR, ""), "")
        self.assertEqual(self.made(), [])

    def test_field_that_is_not_built(self) -> None:
        said = self.emit(" ecap: {type: u64, format: hex,",
                         " ecap: {type: string, size: 8,")
        self.assertIn("validators are not built for fields like ecap", said)

    def test_array_without_seals(self) -> None:
        said = self.emit("    full: all-but-last\n", "")
        self.assertIn("a validator checks chains of sealed pages, and iommus "
                      "is none", said)

    def test_rule_that_is_not_built(self) -> None:
        said = self.emit('that: "granule_shift +',
                         'that: "va_bits // granule_shift +')
        self.assertIn("validators are not built for rules like levels-cover",
                      said)

    def test_arrays_that_refer_to_each_other(self) -> None:
        said = self.emit("nr_tables: {type: u32, min: 1,",
                         "nr_tables: {type: index, of: devices,")
        self.assertIn("a validator cannot check arrays that refer to each "
                      "other", said)


if __name__ == "__main__":
    unittest.main()
