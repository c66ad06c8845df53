"""The cleaning of a reader's draft, whatever its format.

Every change is an edit of the mapped text, so each character stays mapped to the source. Words are never changed:
characters are repaired or dropped, and whole lines of boilerplate are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from corpus.draft import Draft, SourceFacts
from corpus.formats.boilerplate import boilerplate, outlet_in
from corpus.formats.encoding import mojibake_edits, surrogate_edits
from corpus.formats.head import lines_of, read_head
from corpus.offset_map import Edit, MappedText

_LINE_END = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
# Controls, byte order mark, zero-width space, word joiner, soft hyphen, invisible operators, annotation marks and
# noncharacters; not the joiners U+200C and U+200D, which spell Persian words and emoji, and not direction marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff]+"
)
_TRAILING_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\n|\Z)")  # possessive, and tried once for each run of spaces
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(draft: Draft) -> Draft:
    """The draft with its final text (NFC, line feeds, no boilerplate) and the facts that its lines state."""
    text = _characters(draft.text)
    lines = lines_of(text.text)
    head = read_head(lines, _tidy_facts(draft.facts))
    dropped = boilerplate(lines, head.facts) | head.lines
    facts = replace(head.facts, outlet=head.facts.outlet or outlet_in(lines, dropped))
    if len(dropped) < len(lines):
        text = text.edited(Edit(lines[index].start, lines[index].end) for index in sorted(dropped))
    return replace(draft, text=_white_space(text), facts=facts)


def tidy(text: str) -> str:
    """A title or name on one line, cleaned as the text of an article."""
    return " ".join(_characters(MappedText.of(text)).text.split())


def _tidy_facts(facts: SourceFacts) -> SourceFacts:
    return replace(
        facts,
        title=tidy(facts.title or "") or None,
        authors=tuple(filter(None, map(tidy, facts.authors))),
        outlet=tidy(facts.outlet or "") or None,
        url=tidy(facts.url or "") or None,
    )


def _characters(text: MappedText) -> MappedText:
    """The text with damage repaired, line ends unified, invisible characters dropped, letters composed."""
    text = text.edited(surrogate_edits(text.text))
    text = text.edited(mojibake_edits(text.text))
    text = text.edited(Edit(*match.span(), "\n") for match in _LINE_END.finditer(text.text))
    text = text.edited(Edit(*match.span()) for match in _INVISIBLE.finditer(text.text))
    return text.edited(_composed(text.text))


def _composed(text: str) -> Iterator[Edit]:
    """Edits to NFC, each on one letter with its marks: a cluster that nothing before it can compose with."""
    if unicodedata.is_normalized("NFC", text):
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (text[end] < "\u0300" or not _may_compose(text[end])):
            cluster = text[start:end]
        elif end == len(text):
            cluster = text[start:]
        else:
            continue
        composed = cluster if cluster.isascii() else unicodedata.normalize("NFC", cluster)
        if composed != cluster:
            yield Edit(start, end, composed)
        start = end


def _may_compose(char: str) -> bool:
    """Whether a character can join the one before it: combining marks, and the later parts of a Hangul syllable."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def _white_space(text: MappedText) -> MappedText:
    """No white space at line ends, at most one blank line, none at either end of the text."""
    text = text.edited(Edit(*match.span()) for match in _TRAILING_SPACE.finditer(text.text))
    text = text.edited(Edit(match.start() + 2, match.end()) for match in _BLANK_LINES.finditer(text.text))
    first, last = len(text.text) - len(text.text.lstrip()), len(text.text.rstrip())
    return text.edited([Edit(0, first), Edit(max(first, last), len(text.text))])
