"""The map from each character of a cleaned text to the characters of the source it came from.

A text is changed only through `MappedText.edited`, which updates the map, so no step has to search for words again.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class OffsetRun:
    """Characters `start:end` of a text, which come from `source_start:source_end` of its source.

    A `copied` run maps character for character. Any other is one unit: a decoded entity, a composed letter, folded
    white space.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    copied: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start:end` are replaced by `text`; an empty `text` deletes them."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The map of an article's text: runs into its source, and the source offset at which each page begins.

    `is_text` says whether the source is a text file, whose offsets a reader can use. The source of a PDF or DOCX is the
    text as its reader extracted it, which only serves to find the page.
    """

    runs: tuple[OffsetRun, ...] = ()
    page_starts: tuple[int, ...] = ()
    is_text: bool = False

    def packed(self) -> str:
        """The origin as JSON, for `unpacked`."""
        runs = ",".join(
            f"[{run.start},{run.end},{run.source_start},{run.source_end},{int(run.copied)}]" for run in self.runs
        )
        rest = json.dumps({"page_starts": self.page_starts, "is_text": self.is_text}, separators=(",", ":"))
        return f'{{"runs":[{runs}],{rest[1:]}'

    @classmethod
    def unpacked(cls, packed: str) -> Origin:
        fields = json.loads(packed)
        runs = tuple(OffsetRun(start, end, low, high, bool(copied)) for start, end, low, high, copied in fields["runs"])
        return cls(runs, tuple(fields["page_starts"]), fields["is_text"])

    def source_range(self, start: int, end: int) -> tuple[int, int] | None:
        """The source offsets of text characters `start:end`, or None where none of them has a source."""
        first = self._at_or_after(start, end)
        last = self._at_or_before(end - 1, start)
        if first is None or last is None:
            return None
        source_start = first.source_start + (max(start - first.start, 0) if first.copied else 0)
        source_end = last.source_end - (max(last.end - end, 0) if last.copied else 0)
        return source_start, source_end

    def source_ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """The source offsets of text characters `start:end`, run by run: out of order where the source is reordered."""
        found: list[tuple[int, int]] = []
        first = max(bisect_right(self.runs, start, key=lambda run: run.start) - 1, 0)
        for run in self.runs[first:]:
            if run.start >= end:
                break
            piece = _clip(run, start, end)
            if piece:
                found.append((piece.source_start, piece.source_end))
        return found

    def page(self, start: int, end: int) -> int | None:
        """The 1-based page on which text characters `start:end` begin, or None for a source without pages."""
        source = self.source_range(start, end)
        if source is None or not self.page_starts:
            return None
        return max(bisect_right(self.page_starts, source[0]), 1)

    def _at_or_after(self, position: int, limit: int) -> OffsetRun | None:
        index = bisect_right(self.runs, position, key=lambda run: run.start) - 1
        index = max(index, 0)
        while index < len(self.runs) and self.runs[index].start < limit:
            if self.runs[index].end > position:
                return self.runs[index]
            index += 1
        return None

    def _at_or_before(self, position: int, limit: int) -> OffsetRun | None:
        index = bisect_right(self.runs, position, key=lambda run: run.start) - 1
        return self.runs[index] if index >= 0 and self.runs[index].end > limit else None


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text with its runs into the source, ordered by `start`; characters outside every run were inserted."""

    text: str
    runs: tuple[OffsetRun, ...]

    @classmethod
    def of(cls, source: str) -> MappedText:
        """The source itself, mapped character for character."""
        return cls(source, (OffsetRun(0, len(source), 0, len(source)),) if source else ())

    @classmethod
    def gathered(cls, source: str, parts: Iterable[Edit]) -> MappedText:
        """The parts of a source in the order of reading: `start:end` as it is, or the `text` of the part for it.

        The text of an empty part is inserted and maps to nothing.
        """
        pieces: list[str] = []
        runs: list[OffsetRun] = []
        written = 0
        for part in parts:
            is_copied = not part.text
            text = part.text or source[part.start : part.end]
            before = runs[-1] if runs else None
            if part.start == part.end or not text:
                pass
            elif is_copied and before and before.copied and (before.end, before.source_end) == (written, part.start):
                runs[-1] = OffsetRun(before.start, written + len(text), before.source_start, part.end)
            else:
                runs.append(OffsetRun(written, written + len(text), part.start, part.end, is_copied))
            pieces.append(text)
            written += len(text)
        return cls("".join(pieces), tuple(runs))

    def edited(self, edits: Iterable[Edit]) -> MappedText:
        """The edited text; the new characters of an edit map, as one unit, to the source of those they replace.

        ValueError where the edits are out of order or overlap.
        """
        waiting = iter(edits)
        first = next(waiting, None)
        if first is None:
            return self
        pieces: list[str] = []
        runs: list[OffsetRun] = []
        read = written = cursor = 0
        for edit in chain((first,), waiting):
            if edit.start < read or edit.end < edit.start or edit.end > len(self.text):
                raise ValueError(f"edit {edit.start}-{edit.end} overlaps another or runs past the end")
            cursor = self._copy_runs(runs, cursor, (read, edit.start), written - read)
            pieces.append(self.text[read : edit.start])
            written += edit.start - read
            if edit.text:
                replaced = self._source_of(cursor, edit.start, edit.end)
                if replaced:
                    runs.append(OffsetRun(written, written + len(edit.text), *replaced, copied=False))
                pieces.append(edit.text)
                written += len(edit.text)
            read = edit.end
        self._copy_runs(runs, cursor, (read, len(self.text)), written - read)
        pieces.append(self.text[read:])
        return MappedText("".join(pieces), tuple(runs))

    def _copy_runs(self, into: list[OffsetRun], cursor: int, window: tuple[int, int], offset: int) -> int:
        """Appends the runs inside `window`, moved by `offset`; the first run that may reach past it."""
        start, end = window
        while cursor < len(self.runs) and self.runs[cursor].start < end:
            run = self.runs[cursor]
            piece = _clip(run, start, end)
            if piece:
                into.append(_moved(piece, offset))
            if run.end > end:
                return cursor
            cursor += 1
        return cursor

    def _source_of(self, cursor: int, start: int, end: int) -> tuple[int, int] | None:
        pieces = []
        while cursor < len(self.runs) and self.runs[cursor].start < end:
            pieces.append(_clip(self.runs[cursor], start, end))
            cursor += 1
        found = [piece for piece in pieces if piece]
        return (min(one.source_start for one in found), max(one.source_end for one in found)) if found else None


def _clip(run: OffsetRun, start: int, end: int) -> OffsetRun | None:
    """The part of a run inside `start:end`; a run that is one unit keeps its whole source."""
    low, high = max(run.start, start), min(run.end, end)
    if low >= high:
        return None
    if not run.copied:
        return OffsetRun(low, high, run.source_start, run.source_end, copied=False)
    return OffsetRun(low, high, run.source_start + low - run.start, run.source_end - (run.end - high))


def _moved(run: OffsetRun, offset: int) -> OffsetRun:
    return OffsetRun(run.start + offset, run.end + offset, run.source_start, run.source_end, run.copied)
