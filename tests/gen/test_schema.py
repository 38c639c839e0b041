# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The JSON Schema, and what the README says of it."""
import json
import re
import unittest
from typing import Any, Iterator, Tuple

import jsonschema  # type: ignore

from support import ROOT

SCHEMA = json.loads((ROOT / "schema" / "schema.json").read_text())
README = (ROOT / "schema" / "README.md").read_text()


def objects(part: Any, path: str = "") -> Iterator[Tuple[str, Any]]:
    """Every schema inside the schema that describes an object."""
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield path, part
        for key, value in part.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from objects(value, f"{path}/{i}")


class Schema(unittest.TestCase):
    def test_it_is_a_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_nothing_else_is_let_in(self) -> None:
        found = list(objects(SCHEMA))
        self.assertGreater(len(found), 20)
        for path, part in found:
            self.assertIs(part.get("additionalProperties"), False, path)

    def test_every_key_is_described(self) -> None:
        for path, part in objects(SCHEMA):
            self.assertIn("description", part, path)
            keys = {**part.get("properties", {}),
                    **part.get("patternProperties", {})}
            for key, value in keys.items():
                value = SCHEMA["$defs"]["field"] if "$ref" in value else value
                self.assertTrue(value.get("description", "").endswith("."),
                                f"{path}: {key}")

    def test_the_readme_knows_every_key(self) -> None:
        for path, part in objects(SCHEMA):
            for key in part.get("properties", {}):
                pattern = rf"[`{{ :,(]{key}[`: ,}})]"
                self.assertTrue(re.search(pattern, README), f"{path}: {key}")


if __name__ == "__main__":
    unittest.main()
