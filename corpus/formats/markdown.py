"""Markdown files: their words without the markup, each mapped to its place in the file.

Blocks are read here, line by line, and the markup inside them in `inline`. What may be no markup stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.draft import Draft, SourceFacts
from corpus.formats.encoding import decode
from corpus.formats.facts import stated
from corpus.formats.frontmatter import front_matter
from corpus.formats.inline import inline_edits, outermost
from corpus.offset_map import Edit, MappedText

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}+(?!.*`)|~{3,})")  # possessive: a long run is tried once
_RAW = re.compile(r"\s*<(?P<tag>script|style|!--)", re.IGNORECASE)
_QUOTE = re.compile(r"(?: {0,3}> ?)+")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?=[ \t]|$)[ \t]*")
_ANCHOR = re.compile(r"\{#[\w-]+\}\Z")
_UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_BULLET = re.compile(r"[ \t]*(?:[-+*][ \t]+|(?=\d{1,9}[.)][ \t]))(?:\[[ xX]\][ \t]+)?")
_DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\]^][^\]]{0,200})\]:[ \t]*\S+.*")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,100}\]:[ \t]*")
_TABLE_RULE = re.compile(r"[|:\- \t]+")
_TABLE_EDGE = re.compile(r"[ \t]*\|[ \t]*")


@dataclass(slots=True)
class _Reader:
    """Reads a file line by line; `edits` delete the markup of its blocks."""

    source: str
    labels: frozenset[str]
    edits: list[Edit] = field(default_factory=list)
    title: str | None = None
    _fence: str = ""
    _block: list[tuple[int, int]] = field(default_factory=list)  # the lines of the current block, without their markers

    def read(self, start: int) -> None:
        while start < len(self.source):
            newline = self.source.find("\n", start)
            end = len(self.source) if newline < 0 else newline
            line = self.source[start:end].rstrip("\r")
            resume = self._line(line, start)
            start = max(end + 1, resume)
        self._close()

    def _line(self, line: str, start: int) -> int:
        """Reads a line; the offset up to which the source has been read."""
        end = start + len(line)
        if self._fence:
            if line.strip().startswith(self._fence) and not line.strip().strip(self._fence[0]):
                self._fence = ""
                self.edits.append(Edit(start, end))
            return end
        quote = _QUOTE.match(line)
        if quote:
            self.edits.append(Edit(start, start + quote.end()))
            start, line = start + quote.end(), line[quote.end() :]
        if not line.strip():
            self._close()
        elif fence := _FENCE.match(line):
            self._close()
            self._fence = fence["fence"]
            self.edits.append(Edit(start, end))
        elif raw := _RAW.match(line):
            return self._raw(raw["tag"].lower(), start)
        else:
            self._words(line, start, end)
        return end

    def _raw(self, tag: str, start: int) -> int:
        """Deletes a comment, script or style sheet, which may run over many lines; its end."""
        self._close()
        closer = re.compile("-->" if tag == "!--" else f"</{tag}[^>]{{0,100}}>", re.IGNORECASE).search(
            self.source, start
        )
        end = closer.end() if closer else len(self.source)
        self.edits.append(Edit(start, end))
        return end

    def _words(self, line: str, start: int, end: int) -> None:
        underline = _UNDERLINE.fullmatch(line) if self._block else None
        if "|" in line and "-" in line and _TABLE_RULE.fullmatch(line):
            self._close()  # and the line end goes too, so that the rows stay together
            self.edits.append(Edit(start, self.source.find("\n", end) + 1 or end))
        elif underline or _RULE.fullmatch(line) or _DEFINITION.fullmatch(line):
            self._close(is_title=underline is not None and underline["mark"][0] == "=")
            self.edits.append(Edit(start, end))
        elif heading := _HEADING.match(line):
            self._close()
            words_end = heading.end() + len(_heading(line[heading.end() :]))
            self.edits.append(Edit(start, start + heading.end()))
            self._block.append((start + heading.end(), start + words_end))
            self._close(is_title=len(heading["marks"]) == 1)
            self.edits.append(Edit(start + words_end, end))
        else:
            self._paragraph_line(line, start, end)

    def _paragraph_line(self, line: str, start: int, end: int) -> None:
        marker = _FOOTNOTE.match(line) or _BULLET.match(line) or _TABLE_EDGE.match(line)
        if marker:
            self._close()
            self.edits.append(Edit(start, start + marker.end()))
            closing = re.search(r"[ \t]*\|[ \t]*$", line[marker.end() :][-200:]) if "|" in marker.group() else None
            if closing:
                self.edits.append(Edit(end - len(closing.group()), end))
                end -= len(closing.group())
            start += marker.end()
        if start < end:
            self._block.append((start, end))

    def _close(self, is_title: bool = False) -> None:
        """Ends the current block: inline markup may run over its lines."""
        if not self._block:
            return
        start, end = self._block[0][0], self._block[-1][1]
        edits = inline_edits(self.source[start:end], self.labels)
        self.edits.extend(Edit(start + edit.start, start + edit.end, edit.text) for edit in edits)
        if is_title and self.title is None:
            self.title = " ".join(MappedText.of(self.source[start:end]).edited(edits).text.split()) or None
        self._block.clear()


def read_markdown(data: bytes) -> Draft:
    """The words of a Markdown file; its first top heading is the title unless the front matter names one."""
    source = decode(data).text
    matter = front_matter(source)
    reader = _Reader(source, _labels(source))
    reader.read(matter.end)
    edits = [Edit(0, matter.end), *outermost(reader.edits)]
    return Draft(MappedText.of(source).edited(edits), stated(matter.record).or_else(SourceFacts(title=reader.title)))


def _heading(line: str) -> str:
    """The words of a heading, without the marks and the anchor that may close it."""
    words = _ANCHOR.sub("", line.rstrip(" \t")).rstrip(" \t")
    unmarked = words.rstrip("#")
    return unmarked.rstrip(" \t") if unmarked == "" or unmarked[-1] in " \t" else words


def _labels(source: str) -> frozenset[str]:
    lines = (_DEFINITION.fullmatch(line.rstrip("\r")) for line in source.split("\n") if line.lstrip().startswith("["))
    return frozenset(match["label"].casefold() for match in lines if match)
