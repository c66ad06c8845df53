"""Texts folded, so that words that look the same are the same: for searching and comparing, never for quoting.

Folded are compatibility forms (ligatures, full-width and mathematical letters, roman numeral signs, Arabic presentation
forms, "…"), quotation marks and apostrophes, dashes and minus signs, spaces, and signs that have no width (soft
hyphens, zero-width spaces, marks of direction). Case, accents and white space as such stay. The map to the text as it
was comes with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from corpus.offset_map import Edit, MappedText

# Characters with a compatibility form that looks as they do, by their blocks. Left out are signs beside a name (™, ℠),
# circled letters, and vowels of Thai and Lao, whose form is another spelling.
_LETTERS = (
    "\u0132\u0133\u013f\u0140\u0149\u017f\u01c4-\u01cc\u01f1-\u01f3\u0587\u1e9b\u2160-\u217f\u2e80-\u2fd5\uf900-\ufaff"
    "\ufb00-\ufb06\ufb13-\ufb17\ufb20-\ufdfb\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc"
    "\U0001d400-\U0001d7ff\U0001ee00-\U0001eeff\U0001fbf0-\U0001fbf9"
)
_RAISED = (
    "\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78"
    "\u1d9b-\u1dbf\u1e9a\u2070-\u209c"
)
_OF_LETTERS = (
    "\u03d0-\u03d6\u03f0-\u03f9\u0675-\u0678\u20a8\u2100-\u211f\u2121\u2123-\u215f\u2189\u2474-\u249b\u2c7c\u2c7d"
    "\u3371-\u33df"
)
_OTHER_FORMS = (
    "\u2024-\u2026\u2034\u2037\u203c\u2047-\u2049\u2057\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    "\uffe0-\uffee"
)
_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_APOSTROPHES = "‘’‚‛′ʹʻʼʽ´"
_QUOTATION_MARKS = "“”„‟″〝〞〟ʺ"
_DASHES = "‐‑‒–—―⁃−⸺⸻"
_SLASHES = "⁄∕"
# Soft hyphen, grapheme joiner, fillers, marks of direction, zero-width space, word joiner, invisible operators,
# variation selectors, byte order mark.
_NO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0100-\U000e01ef"
)
_JOINERS = "\u200c\u200d"
_ARABIC = re.compile("[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_APART = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉"  # raised figures, and fractions
_UNIT = 2  # letters before a superscript that belongs to them, as in km²; behind more it is the number of a note

_VARIANT = re.compile(  # begins with one class, which is what makes the search fast
    f"[{_NO_WIDTH}{_JOINERS}{_LETTERS}{_RAISED}{_OF_LETTERS}{_OTHER_FORMS}{_SPACES}{_APOSTROPHES}"
    f"{_QUOTATION_MARKS}{_DASHES}{_SLASHES}][{_MARKS}]*"
)
_FREQUENT = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("\u00a0", " "), ("…", "..."))
_LATIN_VARIANTS = "ª²³µ¹º¼½¾\u00ad´".encode("latin-1")
_HIDDEN = re.compile(f"[{_NO_WIDTH}]")
_LETTER = re.compile(f"[{_LETTERS}][{_MARKS}]*")
_SIGNS = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_QUOTATION_MARKS, '"') | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SLASHES, "/")
)  # fmt: skip


def folded(text: str) -> str:
    """The text in NFC with every sign that has others looking like it as the plainest of them."""
    if text.isascii():
        return text
    for sign, plain in _FREQUENT:
        text = text.replace(sign, plain)
    return text if _is_plain_latin(text) else _VARIANT.sub(_plain, unicodedata.normalize("NFC", text))


def _is_plain_latin(text: str) -> bool:
    """Whether a text is of Latin-1 alone, with none of its variants: nearly all are, once those are done with."""
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return not any(variant in latin for variant in _LATIN_VARIANTS)


def folded_with_map(text: str) -> MappedText:
    """As `folded`, of a text that is in NFC, with the place of each character in it."""
    return MappedText.of(text).edited(_edits(_VARIANT, text))


def with_plain_letters(text: str) -> MappedText:
    """The text with letters and digits alone in their plain forms, and the place of each character in it.

    All other signs stay, as networks that read the text know them.
    """
    return MappedText.of(text).edited(() if text.isascii() else _edits(_LETTER, text))


def _edits(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        plain = _plain(match)
        if plain != match[0]:
            yield Edit(*match.span(), plain)


def _plain(match: re.Match[str]) -> str:
    sign, text, start = match[0], match.string, match.start()
    if sign[0] in _JOINERS:
        return sign[1:] if _shows_nothing(text, start) else sign
    if sign[0] in _APART:
        return f" {_form(sign)}" if _is_apart(text, start) else _form(sign)
    return _form(sign)


@lru_cache(maxsize=8192)
def _form(sign: str) -> str:
    sign = _HIDDEN.sub("", sign)
    return unicodedata.normalize("NFKC", sign.translate(_SIGNS)).translate(_SIGNS)


def _is_apart(text: str, start: int) -> bool:
    """Whether a raised figure or a fraction is apart from the number (10⁶ is not 106) or the word before it."""
    before = text[max(start - _UNIT - 1, 0) : start]
    return before[-1:].isdecimal() or (len(before) > _UNIT and before.isalpha())


def _shows_nothing(text: str, start: int) -> bool:
    """Whether a joiner between two letters shows nothing; between Arabic letters a non-joiner parts them."""
    before, after = text[start - 1 : start], text[start + 1 : start + 2]
    is_between = before and after and unicodedata.category(before)[0] in "LM" and unicodedata.category(after)[0] in "LM"
    return bool(is_between) and not (text[start] == _JOINERS[0] and _ARABIC.match(before) and _ARABIC.match(after))
