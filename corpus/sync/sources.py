"""Whether the files that articles were read from are still the same; web pages are not fetched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from corpus.draft import BadLine
from corpus.library.store import Library
from corpus.refusal import Refused
from corpus.sourcefile import SourceFile, file_of


def changed_sources(library: Library) -> Iterator[str]:
    """A sentence for each file that has changed or gone since it was added; the library is not damaged by that."""
    query = "SELECT source, sha256 FROM article WHERE sha256 <> '' ORDER BY source"
    rows = ((Path(file_of(source)), source, sha256) for source, sha256 in library.connection.execute(query))
    for file, articles in groupby(rows, key=lambda row: row[0]):
        known = {source: sha256 for _, source, sha256 in articles}
        if file.is_absolute():
            try:
                changed = _changed(file, known)
            except OSError as fault:
                changed = f"cannot be read ({fault.strerror or fault})"
            except Refused as fault:
                changed = str(fault)
            if changed:
                yield f"{file} {changed}"


def _changed(file: Path, known: dict[str, str]) -> str:
    if not file.is_file():
        return "is no longer there"
    if str(file) in known:
        return "" if SourceFile.at(file).digest() == known[str(file)] else "has changed since it was added"
    now: dict[str, str] = {}
    lines = SourceFile.at(file)
    with lines.open() as handle:
        assert lines.format  # else it was Refused
        for draft in lines.format.load_reader()(lines.decompressed(handle)):
            if not isinstance(draft, BadLine):
                now.setdefault(f"{file}#{draft.record}", draft.sha256)
    changed = sum(now.get(source) != sha256 for source, sha256 in known.items())
    return f"has changed in {changed:,} of the {len(known):,} lines that were added, or lost them" if changed else ""
