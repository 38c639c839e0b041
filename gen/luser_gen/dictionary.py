# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Words that a fuzzer would have to guess, as bytes in memory."""
from __future__ import annotations

from typing import Iterator, List, Optional, Union

from .model import Abi, Array, Field

Word = Union[int, str, None]


def _bytes(word: Word, field: Optional[Field]) -> Optional[bytes]:
    """None where the word is none, or is in some bits of a larger field."""
    if isinstance(word, str):
        return word.encode() + b"\0"
    if word is None or field is None or field.bits or field.size > 8:
        return None
    return word.to_bytes(field.size, "little")


def _of_field(field: Field) -> Iterator[Optional[bytes]]:
    for word in (field.const, field.min, field.max):
        yield _bytes(word, field)
    for item in field.names.items.values() if field.names else ():
        yield _bytes(item.value, field)


def _of_array(array: Array) -> Iterator[Optional[bytes]]:
    for field, value in array.expect:
        yield _bytes(value, field)


def _of_abi(abi: Abi) -> Iterator[Optional[bytes]]:
    yield _bytes(abi.key, None)
    yield _bytes(abi.identity_value, abi.identity)
    for struct in abi.all_structs:
        for field in struct.fields:
            yield from _of_field(field)
    for node in abi.nodes.values():
        for item in node.properties.fields:
            yield _bytes(item.name, None)
        for child in node.children:
            yield _bytes(child.name, None)
    arrays = list(abi.arrays.values())
    for array in arrays + ([abi.root_array] if abi.root_array else []):
        yield from _of_array(array)


def _quoted(word: bytes) -> str:
    """As libFuzzer and AFL++ read it."""
    return '"%s"' % "".join(
        chr(byte) if 0x20 < byte < 0x7f and chr(byte) not in '"\\'
        else f"\\x{byte:02x}" for byte in word)


def words(abis: List[Abi]) -> List[str]:
    """All words, quoted. A single byte is soon guessed."""
    seen = {word for abi in abis for word in _of_abi(abi)
            if word and len(word) > 1}
    return [_quoted(word) for word in sorted(seen)]
