# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""YAML files as plain data, with the place of every key and value."""
from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Tuple, Union

import jsonschema  # type: ignore
import yaml  # type: ignore

from .errors import Report, SchemaError, Where

Key = Union[str, int]
Path_ = Tuple[Key, ...]


@dataclass
class Document:
    """One schema file: its data, and where each part of it is."""

    file: str
    data: Dict[str, Any] = field(default_factory=dict)
    marks: Dict[Path_, Where] = field(default_factory=dict)

    def where(self, *path: Key) -> Where:
        """The place of the deepest part of @path that exists."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Where(self.file, 1, 1))

    def find_all(self, key: str) -> Iterator[Tuple[Where, Any]]:
        """Every value under @key, at any depth, and where it is."""
        def search(data: Any, path: Path_) -> Iterator[Tuple[Where, Any]]:
            items: Iterable[Tuple[Key, Any]] = \
                data.items() if isinstance(data, dict) else \
                enumerate(data) if isinstance(data, list) else ()
            for name, value in items:
                if name == key and isinstance(value, str):
                    yield self.where(*path, name), value
                yield from search(value, path + (name,))
        return search(self.data, ())


class _Reader:
    """Turns a YAML node tree into data, and notes marks on the way."""

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.report = report
        self.scalars = yaml.SafeLoader("")

    def where(self, node: yaml.Node) -> Where:
        mark = node.start_mark
        return Where(self.document.file, mark.line + 1, mark.column + 1)

    def read(self, node: yaml.Node, path: Path_) -> Any:
        self.document.marks.setdefault(path, self.where(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, path + (i,))
                    for i, item in enumerate(node.value)]
        return self.scalars.construct_object(node)

    def mapping(self, node: yaml.MappingNode, path: Path_) -> Dict[str, Any]:
        result: Dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.scalars.construct_object(key_node)
            if not isinstance(key, str):
                self.report.error(self.where(key_node),
                                  f"key {key_node.value} is no string: "
                                  "put it in quotes")
            elif key in result:
                self.report.error(self.where(key_node),
                                  f"key {key} is there twice")
            else:
                self.document.marks[path + (key,)] = self.where(key_node)
                result[key] = self.read(value_node, path + (key,))
        return result


def _parse(text: str, document: Document) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report = Report()
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        report.error(Where(document.file, line, column),
                     f"not YAML: {error.problem or error.context}")
        report.check()
    if node is None:
        report = Report()
        report.error(Where(document.file, 1, 1), "the file is empty")
        report.check()
    return node


def _say(error: jsonschema.ValidationError) -> str:
    """What the JSON Schema holds against a value, in plain words."""
    value, limit = error.instance, error.validator_value
    if error.validator == "required":
        missing = [key for key in limit if key not in value]
        return f"{missing[0]} is missing"
    if error.validator == "enum":
        return (f"{value!r} is none of "
                + ", ".join(str(item) for item in limit))
    if error.validator == "pattern":
        return f"{value!r} does not look like {limit}"
    if error.validator == "type":
        kinds = limit if isinstance(limit, list) else [limit]
        return f"{value!r} is no {' or '.join(kinds)}"
    if error.validator in ("oneOf", "anyOf"):
        hint = error.schema.get("description", "")
        return f"{value!r} is not what is meant here: {hint}"
    return str(error.message)


def _hint(key: str, known: List[str], patterns: List[str]) -> str:
    if not known:
        return f"names here look like {' or '.join(patterns)}"
    close = difflib.get_close_matches(key, known, 1)
    return f"did you mean {close[0]}?" if close \
        else f"known here: {', '.join(sorted(known))}"


def _unknown_keys(error: jsonschema.ValidationError) -> Dict[str, str]:
    """The keys that `additionalProperties: false` does not let pass."""
    if error.validator != "additionalProperties":
        return {}
    known = list(error.schema.get("properties", {}))
    patterns = list(error.schema.get("patternProperties", {}))
    return {key: f"unknown key {key}; {_hint(key, known, patterns)}"
            for key in error.instance if key not in known
            and not any(re.search(p, key) for p in patterns)}


def _is_the_bases(document: Document, path: Path_, kind: str) -> bool:
    """An extension does not repeat what its base says of a struct."""
    return "extends" in document.data and kind == "required" \
        and len(path) == 2 and path[0] == "structs"


def validate(document: Document, schema: Dict[str, Any],
             merged: bool = False) -> None:
    """Hold @document, or an extension with its base, to the JSON Schema."""
    report = Report()
    validator = jsonschema.Draft202012Validator(schema)
    for error in validator.iter_errors(document.data):
        path = tuple(error.absolute_path)
        unknown = _unknown_keys(error)
        for key, text in unknown.items():
            report.error(document.where(*path, key), text)
        if not unknown and (merged or not _is_the_bases(
                document, path, error.validator)):
            report.error(document.where(*path), _say(error))
    report.check()


def read_document(path: Path, schema: Dict[str, Any]) -> Document:
    """Load one schema file; SchemaError says what is wrong with it."""
    document = Document(str(path))
    report = Report()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        report.error(Where(document.file, 1, 1), f"not UTF-8: {error.reason}")
        raise SchemaError(report.problems) from error
    data = _Reader(document, report).read(_parse(text, document), ())
    report.check()
    if not isinstance(data, dict):
        report.error(document.where(), "a schema is a mapping")
    report.check()
    document.data = data
    validate(document, schema)
    return document


def read_json_schema(path: Path) -> Dict[str, Any]:
    """The JSON Schema that the schema files are held to."""
    with path.open(encoding="utf-8") as stream:
        schema: Dict[str, Any] = json.load(stream)
    return schema
