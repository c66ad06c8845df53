"""The encoding of a file, and the repair of text that was once decoded wrongly.

The text is `data.decode(encoding)`, line ends and all, so source offsets count its code points.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from corpus.draft import FaultySource
from corpus.offset_map import Edit

_BOMS = (  # UTF-32 first: its little-endian mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"SQLite format 3\0")
_UNAMBIGUOUS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")  # other bytes do not decode as these
_SAMPLE = 65_536  # bytes, or characters, from which an encoding is guessed or checked
_LEGACY = "cp1252 cp1250 cp1251 koi8_r cp1253 cp1254 cp1255 cp1256 cp1257 cp932 euc_jp gb18030 big5 cp949 cp874".split()
_WESTERN = frozenset("àâäáãåæçéèêëíîïñóôöõœúùûüßÀÁÂÄÅÆÇÉÈÊÍÑÓÔÖÚÜ«»‘’“”„‹›–—…€£°©®·•¿¡ªº§½¼\xa0\xad")
_HINT = re.compile(
    r"utf-?8|us-ascii|ascii|latin-?1|(?:windows|cp|x-cp)-?\d{3,4}|iso-?8859-?\d+|koi8-[ru]|gbk|gb2312|gb18030|big5(?:-hkscs)?|"
    r"euc-(?:jp|kr|tw)|shift[-_]jis|x-sjis|iso-2022-jp|tis-620|macintosh",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,30})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text == data.decode(encoding)`, without a byte order mark."""

    text: str
    encoding: str


class UndecodableText(FaultySource):
    """These bytes are not text; name the file for what it is, or save it as UTF-8."""


def decode(data: bytes, hint: str | None = None) -> Decoded:
    """The text of `data`; `hint` names the encoding that was stated for it (a web page's charset).

    Tried in this order: byte order mark, UTF-16 by its NULs, UTF-8, the hint, a guess among the usual older encodings,
    Windows-1252. UndecodableText where none gives a text.
    """
    if data.startswith(_MAGIC):
        raise UndecodableText("it holds binary data, not text; give it the suffix of its format")
    for encoding in _candidates(data, hint):
        with suppress(UnicodeDecodeError, LookupError):
            text = data.decode(encoding)
            if _is_text(text, encoding in _UNAMBIGUOUS):
                return Decoded(text, encoding)
    raise UndecodableText("its bytes are not text in any known encoding; open it in an editor and save it as UTF-8")


def meta_charset(html: bytes) -> str | None:
    """The encoding that a web page states in its first 4,096 bytes."""
    found = _META_CHARSET.search(html[:4096])
    return found[1].decode("ascii", "replace") if found else None


def _candidates(data: bytes, hint: str | None) -> Iterator[str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            yield encoding
            return
    wide = _wide(data)
    if wide and data.count(0) * 5 > len(data):
        yield wide
    stated = _stated(hint)
    if stated == "iso2022_jp":  # all its bytes are ASCII, so UTF-8 would take them
        yield stated
    yield "utf-8"
    if wide:
        yield wide
    if stated:
        yield stated
    if guess := _guess(data):
        yield guess
    yield "cp1252"
    yield "latin-1"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte is NUL in Latin letters and line ends."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or even + odd == 0 or min(even, odd) * 20 > even + odd:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _stated(hint: str | None) -> str | None:
    if not hint or not _HINT.fullmatch(hint.strip()):
        return None
    label = re.sub(r"^x-(?=cp|sjis)", "", hint.strip().lower())
    try:
        name = codecs.lookup({"sjis": "cp932", "macintosh": "mac_roman"}.get(label, label)).name
    except LookupError:
        return None
    return _AS_BROWSERS_DO.get(name, name)


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    if sum(byte > 127 for byte in sample) < 4 or _is_western(sample):
        return None
    best = from_bytes(sample, cp_isolation=_LEGACY, preemptive_behaviour=False).best()
    return best.encoding if best else None


def _is_western(sample: bytes) -> bool:
    """Whether the sample is mostly ASCII and the rest are usual letters and marks of Western Europe."""
    high = re.sub(rb"[\x00-\x7f]+", b"", sample)
    return len(high) * 4 < len(sample) and _WESTERN.issuperset(high.decode("cp1252", "replace"))


def _is_text(text: str, is_sure: bool) -> bool:
    """Whether at most one character in fifty is a control or, where the encoding is a guess, unassigned."""
    sample = text[:_SAMPLE]
    if is_sure:  # C1 controls are text that was once decoded wrongly
        odd = len(_C0.findall(sample))
    else:
        odd = sum(not char.isprintable() and unicodedata.category(char) in ("Cc", "Cn") for char in sample)
        odd -= sum(map(sample.count, "\t\n\r\f"))
    return odd * 50 <= len(sample)


# --- Mojibake: UTF-8 that was read as Windows-1252 or Latin-1 ---


def _read_wrongly(low: int, high: int) -> str:
    """The characters that bytes `low..high` become in Windows-1252 or Latin-1, for a regular expression's class."""
    chars = {bytes([byte]).decode(codec, "ignore") for byte in range(low, high + 1) for codec in ("cp1252", "latin-1")}
    return "".join(map(re.escape, sorted(chars)))


_TAIL = f"[{_read_wrongly(0x80, 0xBF)}]"
_SEQUENCE = (
    f"(?:[{_read_wrongly(0xC2, 0xDF)}]{_TAIL}|[{_read_wrongly(0xE0, 0xEF)}]{_TAIL}{{2}}|"
    f"[{_read_wrongly(0xF0, 0xF4)}]{_TAIL}{{3}})"
)
_MOJIBAKE = re.compile(f"{_SEQUENCE}+")
_ONE = re.compile(_SEQUENCE)
_C0 = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_C1 = re.compile("[\x80-\x9f]")
# Marks that may well follow a capital letter in correct text, and so prove nothing after one.
_MAY_FOLLOW = frozenset("\xa0\xad«»ªº‘’“”‚„‹›…–—•™†‡€")


def mojibake_edits(text: str) -> list[Edit]:
    """Edits that restore characters whose UTF-8 bytes were read as Windows-1252.

    What may be correct text (a capital before a closing quote) is only changed in a text with damage beyond doubt.
    """
    runs = [(match.start(), match.group()) for match in _MOJIBAKE.finditer(text)]
    damaged = any(_beyond_doubt(run, text[start - 1 : start]) for start, run in runs)
    return [edit for start, run in runs for edit in _repairs(start, run)] if damaged else []


def surrogate_edits(text: str) -> list[Edit]:
    """Edits that replace lone surrogates, which no file and no database can hold, by U+FFFD."""
    return [Edit(match.start(), match.end(), "\ufffd") for match in re.finditer("[\ud800-\udfff]", text)]


def _beyond_doubt(run: str, before: str) -> bool:
    restored = _restored(run)
    if restored is None:
        return False
    if _C1.search(run) or len(run) >= 6 or run.startswith(("â€", "â‚¬", "â„¢", "ðŸ")):
        return True
    return run[0] in "ÃÂ" and not before.isupper() and not _MAY_FOLLOW.intersection(run[1:])


def _repairs(start: int, run: str) -> Iterable[Edit]:
    restored = _restored(run)
    again = _restored(restored) if restored and _beyond_doubt(restored, "") else None
    if again:  # damaged twice over: the run is one unit
        return [Edit(start, start + len(run), again)]
    pieces = ((match, _restored(match.group())) for match in _ONE.finditer(run))
    return [Edit(start + piece.start(), start + piece.end(), char) for piece, char in pieces if char]


def _restored(run: str) -> str | None:
    """The characters whose UTF-8 bytes these are, or None where these are not printable text."""
    try:
        restored = b"".join(map(_byte, run)).decode("utf-8")
    except UnicodeError:
        return None
    return restored if all(char.isprintable() or char in "\xa0\xad\ufeff\u200d\u200b" for char in restored) else None


def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")
