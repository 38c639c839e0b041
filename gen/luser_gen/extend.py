# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A schema that appends to another one, as one document."""
from __future__ import annotations

from typing import Any, Dict, Set

from .errors import Report
from .load import Document, Path_

OWN = {"abi", "version", "title", "summary", "doc", "origin", "releases",
       "source", "extends", "feature", "replaces", "uses", "breaks", "kernel"}
GROWS = {"constants", "enums", "flags", "structs"}


class Extension:
    """Merges an extension into a copy of its base."""

    def __init__(self, base: Document, document: Document) -> None:
        self.base = base
        self.document = document
        self.report = Report()

    def merge(self) -> Document:
        """Base and extension together; what was there stays as it was."""
        for key in self.document.data:
            if key not in OWN | GROWS | self.same():
                self.report.error(self.document.where(key),
                                  f"{key} is the base's: an extension adds "
                                  "constants, enums, flags and structs")
        data: Dict[str, Any] = {**self.base.data, "uses": list(self.base.data.get("uses", []))}
        data["uses"] += [item for item in self.document.data.get("uses", [])
                         if item not in data["uses"]]
        for key in OWN - {"uses"}:
            data.pop(key, None)
            if key in self.document.data:
                data[key] = self.document.data[key]
        for key in GROWS & self.document.data.keys():
            data[key] = self.grow(data.get(key, {}),
                                  self.document.data[key], (key,))
        self.report.check()
        return Document(self.document.file, data,
                        {**self.base.marks, **self.document.marks})

    def same(self) -> Set[str]:
        """Keys that say what the base says too."""
        return {key for key, value in self.document.data.items()
                if self.base.data.get(key) == value}

    def grow(self, old: Dict[str, Any], new: Dict[str, Any],
             path: Path_) -> Dict[str, Any]:
        """@old, with what @new adds behind it."""
        result = dict(old)
        for key, value in new.items():
            deeper = len(path) == 1 or key in ("fields", "rules", "hints")
            if key not in old:
                result[key] = value
            elif deeper and isinstance(value, dict):
                result[key] = self.grow(old[key], value, path + (key,))
                if key == "fields":
                    result.pop("size", None)  # it was the base's
            elif value != old[key]:
                self.report.error(self.document.where(*path, key),
                                  f"{key} is the base's, and stays as it is")
        return result
