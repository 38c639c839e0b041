# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Small pieces of C text: names, strings, lines of 80 columns."""
from __future__ import annotations

import re
from typing import List

TAB = 8
WIDTH = 80
KEYWORDS = frozenset("""
    auto bool break case char const continue default do double else enum extern
    false float for goto if inline int long register restrict return short
    signed sizeof static struct switch true typedef union unsigned void
    volatile while at env err root broken class new private template this
    """.split())


def ident(text: str) -> str:
    """A C identifier for a name with dashes or dots."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


def local(text: str) -> str:
    """The same, for a local variable or a member."""
    name = ident(text)
    return name + "_" if name in KEYWORDS else name


def one_line(text: str) -> str:
    return " ".join(text.split())


def escape(text: str) -> str:
    """The inside of a C string."""
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return "".join(c if " " <= c <= "~" else
                   "".join(f"\\{b:03o}" for b in c.encode()) for c in out)


def width_of(text: str) -> int:
    """Columns that @text takes, with tabs of eight."""
    column = 0
    for char in text:
        column += TAB - column % TAB if char == "\t" else 1
    return column


def tabs(columns: int) -> str:
    return "\t" * (columns // TAB) + " " * (columns % TAB)


def cstr(text: str, indent: str = "", before: str = "") -> str:
    """A string literal behind @before, in as many pieces as lines."""
    rest = escape(one_line(text))
    if width_of(indent + before) + len(rest) + 4 <= WIDTH:
        return f' "{rest}"'
    inner = indent + "\t"
    room = WIDTH - width_of(inner) - 3
    pieces: List[str] = []
    while len(rest) > room:
        cut = rest.rfind(" ", 0, room) + 1
        cut = cut if cut > 0 else room
        pieces.append(rest[:cut])
        rest = rest[cut:]
    pieces.append(rest)
    return "".join(f'\n{inner}"{piece}"' for piece in pieces)


def split_words(text: str) -> List[str]:
    """The places where a line may be broken: blanks outside of strings."""
    return re.findall(r'(?:"(?:\\.|[^"])*"|[^\s"])+', text)


def fill(text: str, indent: str, hang: str) -> str:
    """Break a statement into lines; all but the first start with @hang."""
    lines: List[str] = []
    line, blank = indent, ""
    for word in split_words(text):
        if blank and width_of(line + blank + word) > WIDTH:
            lines.append(line)
            line, blank = hang, ""
        line += blank + word
        blank = " "
    return "\n".join(lines + [line])


def signature(before: str, args: List[str], after: str = "") -> str:
    """A function's head, its arguments aligned behind the parenthesis."""
    kind, _, name = before.rpartition(" ")
    lines = [f"{before}("]
    if width_of(f"{before}({max(args, key=len)},") > WIDTH:
        stars = len(name) - len(name.lstrip("*"))
        lines = [f"{kind} {'*' * stars}".rstrip(), f"{name[stars:]}("]
    hang = tabs(width_of(lines[-1]))
    lines[-1] += args[0]
    for arg in args[1:]:
        if width_of(f"{lines[-1]}, {arg},") > WIDTH:
            lines[-1] += ","
            lines.append(hang + arg)
        else:
            lines[-1] += ", " + arg
    return "\n".join(lines) + ")" + after


def comment(text: str, indent: str = "") -> str:
    """Prose as the inside of a block comment."""
    blocks = re.split(r"\n\s*\n", text.strip())
    lead = indent + " * "
    return f"\n{indent} *\n".join(
        fill(one_line(block), lead, lead) for block in blocks)


def argument(text: str) -> str:
    """A kernel-doc line about an argument or a member."""
    return fill(one_line(text), " * ", " *   ")
