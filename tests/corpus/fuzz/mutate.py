"""Mutants: a valid file with something done to it that a careful reader may not expect."""

import gzip
import random
import re
import zlib
from collections.abc import Iterator

from tests.corpus.fuzz.seeds import parts_of, seeds, zipped

LOADERS = (".txt", ".md", ".html", ".pdf", ".docx", ".jsonl", ".jsonl.gz")
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"127",
    b"65536",
    b"2147483647",
    b"4294967296",
    b"-2147483648",
    b"1e308",
    b"99999999999999999999",
    b"0.000001",
)
_ANY = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n" * 50,
    b" " * 500,
    b"\xed\xa0\x80",
    "\u2028".encode(),
    "\u0301".encode() * 300,
    "\u202e".encode(),
    b"%s%n",
    b"A" * 3000,
    b"\x1b[2J",
)
_TOKENS = {
    ".txt": (b"---\n", b"+++\n", b"By ", b"12 March 2024", b"&", b"*", b"....", "Ã©".encode(), "â€™".encode(), b"Sources:\n"),
    ".md": (b"---\n", b"```\n", b"`", b"[", b"](", b"![", b"*", b"_", b"<", b"<!--", b"-->", b"> ", b"|", b"&a", b"*a", b"!!python/object:os.system", b"\\", b"# ", b"- ", b"[[", b"]]", b"{{<", b"{%", b"%%", b"==", b"^[", b"$", b"<sup>", b"<table>", b":::", b"!!! a\n    ", b"{: .a}", b"| |\n|-|-|\n"),
    ".html": (b"<p>", b"</p>", b"<div>", b"<table><tr><td>", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"</script>", b"<title>", b"&#x110000;", b"&#0;", b"&nbsp", b"'", b'"', b"<", b">", b"<svg>", b"<template>", b"<body>", b"<base href=x>", b'<a href="', b"<meta charset=utf-7>"),
    ".pdf": (b"<<", b">>", b"[", b"]", b"(", b")", b"stream\n", b"endstream", b"endobj", b"obj", b" 0 R", b"2 0 R", b"3 0 R", b"/Kids", b"/Parent", b"/Filter /FlateDecode", b"/Prev 9", b"BT", b"ET", b"Tj", b"q", b"/X1 Do", b"xref", b"trailer", b"startxref"),
    ".docx": (b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:r>", b"<w:t>", b"<w:sdt>", b"<w:ins>", b"<w:tr><w:tc>", b"<w:gridSpan w:val='9'/>", b"<w:vMerge/>", b"<w:vanish/>", b"<w:fldChar w:fldCharType='begin'/>", b"<m:sSup>", b"<w:footnoteReference w:id='1'/>", b"<!DOCTYPE x>", b"&x;", b"<![CDATA[", b"xmlns:w=", b"<?xml", b"rId1", b"../", b"http://x.example/"),
    ".jsonl": (b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u", b"\\ud800", b",", b":", b"null", b"NaN", b"1e999", b'"text"', b'"_id"', b'"date": "', b"\n"),
}  # fmt: skip
_TOKENS[".jsonl.gz"] = _TOKENS[".jsonl"]


def mutants(suffix: str, seed: int) -> Iterator[bytes]:
    """Files of a format, without end and always the same for a seed; every tenth is also packed wrongly or cut."""
    rng = random.Random(f"{suffix}-{seed}")
    valid = seeds(suffix)
    while True:
        yield _mutant(rng, suffix, rng.choice(valid), rng.choice(valid))


def _mutant(rng: random.Random, suffix: str, data: bytes, other: bytes) -> bytes:
    if suffix == ".docx" and rng.random() < 0.8:
        return _in_parts(rng, parts_of(data))
    if suffix == ".jsonl.gz" and rng.random() < 0.7:
        packed = gzip.compress(_changed(rng, suffix, gzip.decompress(data), gzip.decompress(other)), 1, mtime=0)
        return packed if rng.random() < 0.9 else packed + rng.choice((packed, b"\0" * 99, b"junk"))
    if suffix == ".pdf" and rng.random() < 0.2:
        data = _with_packed_streams(data)
    return _changed(rng, suffix, data, other)


def _changed(rng: random.Random, suffix: str, data: bytes, other: bytes) -> bytes:
    """One to eight changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 8))):
        data = rng.choice(_CHANGES)(rng, suffix, data, other)
    return data[: 2**20]


def _in_parts(rng: random.Random, parts: dict[str, bytes]) -> bytes:
    """A Word document with a change inside one of its parts, or with parts that went missing, doubled or astray."""
    names = sorted(parts)
    name = rng.choice([*names, *["word/document.xml"] * len(names)])
    kind = rng.random()
    if kind < 0.05:
        del parts[name]
    elif kind < 0.1:
        parts[rng.choice(names)] = parts[name]
    elif kind < 0.15:
        parts[f"../{name}"] = parts[name]
    else:
        parts[name] = _changed(rng, ".docx", parts[name], parts[rng.choice(names)])
    return zipped(parts)


def _with_packed_streams(data: bytes) -> bytes:
    def pack(match: re.Match[bytes]) -> bytes:
        packed = zlib.compress(match[2])
        return b"%b/Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (match[1], len(packed), packed)

    return re.sub(rb"(<<[^\n]*?)/Length \d+ >>\nstream\n(.*?)\nendstream", pack, data, flags=re.DOTALL)


def _place(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(2 ** rng.uniform(0, 9)))


def _flip(rng, suffix, data, other):
    if not data:
        return data
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 40))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(rng, suffix, data, other):
    start, end = _place(rng, data)
    return data[:start] + rng.randbytes(min(end - start, 64)) + data[end:]


def _truncate(rng, suffix, data, other):
    return data[: rng.randrange(len(data) + 1)]


def _delete(rng, suffix, data, other):
    start, end = _place(rng, data)
    return data[:start] + data[end:]


def _repeat(rng, suffix, data, other):
    start, end = _place(rng, data)
    return data[:start] + data[start:end] * rng.choice((2, 3, 10, 300)) + data[end:]


def _splice(rng, suffix, data, other):
    (start, _), (from_, to) = _place(rng, data), _place(rng, other)
    return rng.choice((data[:start] + other[from_:], data[:start] + other[from_:to] + data[start:]))


def _insert(rng, suffix, data, other):
    start, _ = _place(rng, data)
    return (
        data[:start]
        + rng.choice((*_ANY, *_TOKENS[suffix], *_TOKENS[suffix])) * rng.choice((1, 1, 2, 50, 2000))
        + data[start:]
    )


def _renumber(rng, suffix, data, other):
    """Another number in the place of one that stands there: a length, a count, a reference, a day."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    at = rng.choice(found)
    number = rng.choice((*_NUMBERS, rng.choice(found).group(), rng.choice(found).group()))
    return data[: at.start()] + number + data[at.end() :]


def _move(rng, suffix, data, other):
    start, end = _place(rng, data)
    rest = data[:start] + data[end:]
    to = rng.randrange(len(rest) + 1)
    return rest[:to] + data[start:end] + rest[to:]


_CHANGES = (_flip, _overwrite, _truncate, _delete, _repeat, _splice, _insert, _insert, _renumber, _renumber, _move)
