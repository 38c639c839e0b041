# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Values as luo-dump --json has them."""
from __future__ import annotations

from typing import Any, Dict, List, Optional

from rules import Env
from schema import WORD, Field, Struct

EXACT = 1 << 53
NAME = 80  # with its NUL


def address(value: int) -> Optional[str]:
    return hex(value)


def phys_or_none(value: int) -> Optional[str]:
    return None if value == WORD else hex(value)


def number(value: int) -> Any:
    return value if value <= EXACT else str(value)


def escape(raw: bytes, room: int = 1 << 30) -> str:
    """Printable; what does not fit as a whole is left out."""
    text = ""
    for byte in raw:
        piece = chr(byte) if 0x20 <= byte <= 0x7e else f"\\x{byte:02x}"
        piece = "\\\\" if byte == 0x5c else piece
        if len(text) + len(piece) >= room:
            break
        text += piece
    return text


def of_flags(one: Field, value: int) -> Dict[str, Any]:
    assert one.names
    names = [name for name, bit in one.names.items.items() if value & bit]
    unknown = value & ~sum(one.names.items.values())
    result: Dict[str, Any] = {"value": number(value), "names": names}
    if unknown:
        result["unknown"] = hex(unknown)
    return result


def of_integer(one: Field, value: int) -> Any:
    if one.names and one.names.is_flags:
        return of_flags(one, value)
    if one.names:
        name = next((name for name, item in one.names.items.items()
                     if item == value), None)
        return {"value": number(value), "name": name}
    if one.data.get("format") in ("hex", "bdf"):
        return text_of_integer(one, value)
    return number(value)


def text_of_integer(one: Field, value: int) -> str:
    if one.data.get("format") == "bdf":
        return f"{value >> 8 & WORD >> 32:02x}:{value >> 3 & 0x1f:02x}" \
            f".{value & 7:x}"
    return hex(value) if one.data.get("format") == "hex" else str(value)


def of_bytes(one: Field, raw: bytes) -> str:
    if one.type == "string":
        return escape(raw.split(b"\0")[0])
    return raw.hex()


def none_of(one: Field, abi: Any) -> Optional[int]:
    none = one.data.get("none")
    return None if none is None else abi.number(none)


def element(one: Field, at: bytes, base: int, i: int, env: Env,
            size: int, owner: Struct) -> Any:
    start = base + one.offset + i * one.size
    if one.struct:
        return fields(one.struct, at, start, env, size, None)
    if one.type == "phys":
        raw = one.data.get("format") == "pfn"
        return hex(one.get(at, base) if raw
                   else one.phys(at, base, env.page_shift))
    if one.type == "index":
        value = one.get(at, base, i)
        return None if value == none_of(one, owner.abi) else number(value)
    if one.type == "pointer":
        return hex(one.get(at, base, i))
    if one.type in ("string", "bytes", "pad"):
        return of_bytes(one, at[start:start + one.size])
    return of_integer(one, one.get(at, base, i))


def is_shown(one: Field, at: bytes, base: int, size: int) -> bool:
    """Padding is shown where it is not zero."""
    start = base + one.offset
    if one.type in ("union", "section") or not one.size:
        return False
    if one.holds and one.count is None:
        return False
    count = (size - start) // one.size if one.count is None else one.count
    if start > size or not count or count > (size - start) // one.size:
        return False
    if one.type != "pad":
        return True
    return one.get(at, base) != 0 if one.bits else \
        any(at[start:start + one.size * count])


def fields(struct: Struct, at: bytes, base: int, env: Env, size: int,
           present: Optional[set[str]]) -> Dict[str, Any]:
    """The fields of a struct in @size bytes; of a node those @present."""
    result: Dict[str, Any] = {}
    for one in struct.fields:
        if present is not None and one.name not in present:
            continue
        if not is_shown(one, at, base, size):
            continue
        count = one.count
        if count == 1:
            result[one.name] = element(one, at, base, 0, env, size, struct)
            continue
        if count is None:
            count = (size - base - one.offset) // one.size
        each: List[Any] = [element(one, at, base, i, env, size, struct)
                           for i in range(count)]
        result[one.name] = each
    return result


def key_text(one: Field, at: bytes, base: int, room: int = NAME) -> str:
    """What tells a record apart, or names an ABI."""
    start = base + one.offset
    if one.type in ("string", "bytes"):
        text = of_bytes(one, at[start:start + one.size])
        return escape(at[start:start + one.size].split(b"\0")[0], room) \
            if one.type == "string" else text[:room - 1]
    return text_of_integer(one, one.get(at, base))
