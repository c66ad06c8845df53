"""Characters of symbol fonts, which Word writes as codes without a meaning of their own, in Unicode."""

from __future__ import annotations

import re

# The encoding of the font Symbol (https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt), each line from one
# code on; a space stands for what Unicode has no sign for.
_LINES = {
    0x20: " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟ",
    0x50: "ΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA1: "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉",
    0xD0: "∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑",
    0xF1: "〉∫⌠⎮⌡",
}
_SYMBOL = {start + place: sign for start, signs in _LINES.items() for place, sign in enumerate(signs)}
_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑",
    0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢", 0xDF: "←",
    0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def symbol(font: str | None, code: str | None) -> str:
    """The character of `w:sym`: its code is hexadecimal, in a symbol font often with 0xF000 added; "" if not known."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    name = (font or "").strip().lower()
    if name in _FONTS or 0xF000 <= number <= 0xF0FF:
        return _FONTS.get(name, _SYMBOL).get(number & 0xFF, "").strip()
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000 else ""


def without_codes(text: str, font: str | None) -> str:
    """A text with the codes of a symbol font as characters."""
    if not _PRIVATE.search(text):
        return text
    return _PRIVATE.sub(lambda match: symbol(font, f"{ord(match.group()):x}"), text)
