# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Each file in bad/ has one mistake, and says which messages it earns.

Comments at its start: `expect: [FILE:]LINE:COLUMN: error: TEXT` for each
message, `with: ID` for another schema that it needs, `file: NAME` if it is not
to be called as it should.
"""
import re
import unittest
from typing import Dict, List

from support import HERE, Case, call, run

BAD = HERE / "bad"
FIXTURES = sorted(path for path in BAD.glob("*.yaml")
                  if "# expect:" in path.read_text(encoding="utf-8"))


def directives(text: str) -> Dict[str, List[str]]:
    found: Dict[str, List[str]] = {"expect": [], "with": [], "file": []}
    for line in text.splitlines():
        match = re.match(r"# (\w+): (.*)", line)
        if match and match[1] in found:
            found[match[1]].append(match[2])
    return found


class Bad(Case):
    def test_each_mistake_is_found(self) -> None:
        for path in FIXTURES:
            with self.subTest(path.stem):
                folder = self.dir / path.stem
                folder.mkdir()
                text = path.read_text(encoding="utf-8")
                wanted = directives(text)
                name = (wanted["file"] or ["bad-v1.yaml"])[0]
                (folder / name).write_text(text, encoding="utf-8")
                for other in wanted["with"]:
                    there = BAD / f"{other}.yaml"
                    (folder / there.name).write_bytes(there.read_bytes())
                expected = [line if ".yaml:" in line else f"{name}:{line}"
                            for line in wanted["expect"]]
                result = call("lint", "--schema", ".", cwd=folder)
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.splitlines(), expected)

    def test_each_lint_rule_has_a_mistake(self) -> None:
        help_text = run("lint", "--help").stdout
        rules = re.findall(r"^  ([a-z-]+) +\w", help_text.split("rules:")[1],
                           re.M)
        self.assertGreater(len(rules), 10)
        texts = "\n".join(path.read_text(encoding="utf-8")
                          for path in FIXTURES)
        for rule in rules:
            self.assertRegex(texts, rf"# expect: .*\({rule}: ")

    def test_there_are_many(self) -> None:
        self.assertGreater(len(FIXTURES), 40)


if __name__ == "__main__":
    unittest.main()
