# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Kernel images that are nothing but constants, made by hand."""

import bz2
import gzip
import lzma
import struct
import subprocess
from pathlib import Path

X86, ARM64 = 62, 183
ALLOC, EXEC = 2, 4
PROGBITS, STRTAB = 1, 3

KNOWN = ["kho-v4", "kexec-metadata", "LUO", "luo-v5", "memfd-v2"]


def constants(strings: list[str], release: str | None = "7.3.4") -> bytes:
    """Read-only data of a kernel that knows these strings."""
    banner = f"Linux version {release} (someone@somewhere) #1\n"
    texts = ["Linux version %s", *([banner] if release else []), *strings]
    return b"\0" + b"".join(text.encode() + b"\0" for text in texts)


def elf(sections: dict[str, tuple[int, bytes]], machine: int = X86) -> bytes:
    """An ELF file with sections: flags and bytes by name."""
    names = b"\0" + b"".join(n.encode() + b"\0" for n in sections) + \
        b".shstrtab\0"
    entries = [(n, PROGBITS, flags, data)
               for n, (flags, data) in sections.items()]
    entries.append((".shstrtab", STRTAB, 0, names))
    body, table = b"", bytes(64)
    for name, kind, flags, data in entries:
        table += struct.pack("<IIQQQQIIQQ", names.index(name.encode() + b"\0"),
                             kind, flags, 0, 64 + len(body), len(data), 0, 0,
                             1, 0)
        body += data
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, machine,
                       1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64,
                       len(entries) + 1, len(entries))
    return head + body + table


def vmlinux(strings: list[str], release: str | None = "7.3.4",
            btf: bytes = b"", code: bytes = b"") -> bytes:
    sections = {".text": (ALLOC | EXEC, code or b"\x90"),
                ".rodata": (ALLOC, constants(strings, release))}
    if btf:
        sections[".BTF"] = (ALLOC, btf)
    return elf(sections)


def image(data: bytes, page_bits: int = 1) -> bytes:
    """An arm64 Image; page_bits: 1 is 4 KiB, 2 is 16 KiB."""
    return struct.pack("<IIQQQQQQ4sI", 0, 0, 0, len(data), page_bits << 1, 0, 0,
                       0, b"ARM\x64", 0) + data


def through(program: list[str], data: bytes) -> bytes:
    return subprocess.run(program, input=data, capture_output=True,
                          check=True).stdout


def compressed(how: str, data: bytes) -> bytes:
    """As the kernel's build does it."""
    if how == "gzip":
        return gzip.compress(data)
    if how == "bzip2":
        return bz2.compress(data)
    if how == "lzma":
        return lzma.compress(data, format=lzma.FORMAT_ALONE)
    if how == "xz":
        return lzma.compress(data, check=lzma.CHECK_CRC32)
    if how == "lz4":
        return through(["lz4", "-l", "-9", "-"], data)
    return through(["zstd", "-22", "--ultra", "-c"], data)


def payload(how: str, data: bytes) -> bytes:
    """With the size behind it, where the format has no place for it."""
    size = b"" if how == "gzip" else struct.pack("<I", len(data))
    return compressed(how, data) + size


def bz_image(packed: bytes, sects: int = 2) -> bytes:
    setup = bytearray(((sects or 4) + 1) * 512)  # 0 is from before 1995
    setup[0x1f1] = sects
    setup[0x202:0x206] = b"HdrS"
    loader = bytes(100)
    struct.pack_into("<II", setup, 0x248, len(loader), len(packed))
    return bytes(setup) + loader + packed + bytes(64)


def zboot(packed: bytes) -> bytes:
    head = struct.pack("<4s4sII", b"MZ\0\0", b"zimg", 128, len(packed))
    return head.ljust(128, b"\0") + packed + bytes(64)


def btf_of(path: Path, source: str) -> bytes:
    """The types of C, as BTF."""
    code, out = path / "types.c", path / "types.o"
    code.write_text("typedef unsigned int __u32;\n"
                    "typedef unsigned long long __u64;\n" + source)
    subprocess.run(["clang", "-target", "bpf", "-g", "-O2", "-c", code, "-o",
                    out], check=True)
    return section_of(out.read_bytes(), b".BTF")


def btf_endless() -> bytes:
    """Types that never end: kho_vmalloc is full of itself, and of a loop."""
    strings = b"\0kho_vmalloc\0"
    loop = struct.pack("<III", 1, 8 << 24, 1)
    own = struct.pack("<III", 1, 4 << 24 | 50000, 16)
    types = loop + own + struct.pack("<III", 0, 1, 0) + \
        struct.pack("<III", 0, 2, 0) * 49999
    return struct.pack("<HBBIIIII", 0xeb9f, 1, 0, 24, 0, len(types),
                       len(types), len(strings)) + types + strings


def section_of(data: bytes, name: bytes) -> bytes:
    """The bytes of a section of an ELF file."""
    table, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3a)
    headers = [struct.unpack_from("<IIQQQQ", data, table + i * size)
               for i in range(count)]
    strings = headers[names][4]
    for start, _kind, _flags, _address, offset, length in headers:
        at = strings + start
        if data[at:data.index(b"\0", at)] == name:
            return data[offset:offset + length]
    raise KeyError(name)
