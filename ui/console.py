"""What the command line prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, Literal, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.text import Text

from rag.answer import WHY, Answer, Excerpt, Quote, Reply
from ui.phrases import also_in
from ui.streams import discard, write

# Shown as escapes: control characters but line ends and tabs, half characters, and what reorders or hides text:
# bidirectional embeddings, overrides and isolates, line separators, deprecated formatting, invisible operators, and
# tags that do not follow a flag.
_ESCAPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2061-\u206f\ufff9-\ufffb]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
)
# Left out: marks that show nothing. Joiners stay: emoji, Persian and the scripts of India need them.
_UNSEEN = re.compile("[\u061c\u180e\u200b\u200e\u200f\u2060\ufeff]")
_ESCAPED_IN_JSON = re.compile(f"{_UNSEEN.pattern}|{_ESCAPED.pattern}")  # JSON's own line ends stay
_MOST_LISTED = 20  # things left out that are listed one by one; --json has all of them
_OPENING, _CLOSING = re.compile(r"(?=\[=*\[)"), re.compile(r"(?=\]=*\])")  # what may be taken for a mark, and overlap
_VERBATIM: dict[str, Any] = {"markup": False, "emoji": False, "highlight": False, "soft_wrap": True}

Marking = Literal["plain", "marked"]  # of the words that answer


class _Careful(Console):
    """A console that shows control characters of articles and file names, and does not obey them."""

    def print(self, *objects: object, **options: Any) -> None:  # noqa: ANN401 - as rich has them
        # Rich takes some control characters out of a text before it is rendered.
        super().print(*(harmless(one) if isinstance(one, str) else one for one in objects), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=harmless(segment.text))

    def on_broken_pipe(self) -> None:
        """Goes on without printing, so that the exit status is that of the command."""
        discard(cast("TextIO", self.file))


def out() -> Console:
    """Standard output; plain text where it is not a terminal, and with NO_COLOR."""
    return _Careful(color_system=_colors(), **_VERBATIM)


def err() -> Console:
    """Standard error, for notices, progress and mistakes."""
    return _Careful(color_system=_colors(), stderr=True, **_VERBATIM)


def _colors() -> Literal["auto"] | None:
    """None, with which rich prints neither colours nor bold letters, where NO_COLOR is set (no-color.org)."""
    return None if os.environ.get("NO_COLOR") else "auto"


def harmless(text: str) -> str:
    """The text as a terminal may have it: what would be obeyed is escaped, what would not be seen left out."""
    return _ESCAPED.sub(lambda match: ascii(match[0])[1:-1], _UNSEEN.sub("", text))


def in_a_line(text: str) -> str:
    """A name that may hold line ends, on one line."""
    return text.replace("\n", "\\n")


def notice(sentence: str) -> None:
    err().print(sentence, style="dim")


def print_json(value: object) -> None:
    """One JSON document on standard output; what a terminal would obey or hide is escaped in its strings."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")
    write(as_json_text(value, is_ascii=encoding not in {"utf-8", "utf8"}))


def as_json_text(value: object, *, is_ascii: bool = False) -> str:
    """One JSON document; what a terminal would obey or hide is escaped in its strings."""
    document = json.dumps(value, ensure_ascii=is_ascii, indent=1, default=_plain)
    return _ESCAPED_IN_JSON.sub(lambda match: json.dumps(match[0])[1:-1], document) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_left_out(sentences: Sequence[str]) -> None:
    """Prints why things were left out of a set, the first of many one by one."""
    for sentence in sentences[:_MOST_LISTED]:
        err().print(f"left out: {sentence}")
    if len(sentences) > _MOST_LISTED:
        notice(f"{len(sentences) - _MOST_LISTED} more were left out; --json tells of all.")


class Bar:
    """A progress bar on standard error, shown only on a terminal."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=total)

    def advance(self, count: int = 1) -> None:
        self._bar.advance(self._task, count)

    def to(self, what: str, done: int, total: int) -> None:
        """Shows that `done` of `total` are done; a total of 0 is not known."""
        self._bar.update(self._task, description=what, completed=done, total=total or None)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.1f}/s" if task.speed else "", style="progress.data.speed")


def shows_progress() -> bool:
    """Whether standard error is a terminal, where a progress bar is seen."""
    return sys.stderr.isatty()


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Bar]:
    """A progress bar; `total` is None where nobody knows."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )  # fmt: skip
    with Progress(*columns, console=err(), transient=True, disable=not shows_progress()) as bar:
        yield Bar(bar, what, total)


def print_reply(reply: Reply, marking: Marking | None = None) -> None:
    """Prints a reply: each quote in its sentence, with its source below.

    Unless told, the words that answer are bold where that can be seen, and else marked.
    """
    console = out()
    if reply.read_as:
        console.print(f"Read as: {reply.read_as}", style="dim")
    if reply.reason is not None:
        console.print(WHY[reply.reason], style="bold")
        if reply.related:
            console.print("Nearest passages (not an answer):", style="dim")
    for answer in reply.answers:
        _print_answer(console, answer, marking)
    if reply.disputed:
        console.print("Sources disagree. Not sure enough to be an answer:", style="bold")
        for answer in reply.disputed:
            _print_answer(console, answer, marking)
    if reply.abstained:
        for passage in reply.related:
            print_passage(console, passage)


def _print_answer(console: Console, answer: Answer, marking: Marking | None) -> None:
    for number, quote in enumerate(answer.quotes):
        _print_quote(console, quote, marking)
        console.print(f"    {source_line(quote)} · {_sureness(answer, is_first=not number)}", style="dim")
        if quote.copies:
            console.print(f"    Also in: {', '.join(also_in(quote))}", style="dim")
        for citation in quote.citations.values():
            written = citation if isinstance(citation, str) else json.dumps(citation, ensure_ascii=False, indent=1)
            console.print("", *written.splitlines(), "", sep="\n")
    console.print()


def _sureness(answer: Answer, *, is_first: bool) -> str:
    """How sure an answer is, and what a person said of it before: the first quote of one that was given is theirs."""
    if answer.judged == "given":
        return "given by a person" if is_first else "says the same"
    return f"{answer.confidence:.0%} sure{f' · judged {answer.judged}' if answer.judged else ''}"


def print_passage(console: Console, passage: Excerpt) -> None:
    """Prints a passage, shortened, with its source."""
    words = " ".join(passage.text.split())
    console.print(f"  {words[:160]}{'…' if len(words) > 160 else ''}")
    console.print(f"    {source_line(passage)}", style="dim")


def source_line(excerpt: Excerpt) -> str:
    """The title, outlet, date, page and place of an excerpt, those that are known."""
    page = f"page {excerpt.page}" if excerpt.page else None
    place = f"characters {excerpt.start}-{excerpt.end} of {excerpt.article_id}"
    return " · ".join(part for part in (excerpt.title, excerpt.outlet, excerpt.published, page, place) if part)


def _print_quote(console: Console, quote: Quote, marking: Marking | None) -> None:
    pieces = [harmless(piece) for piece in _pieces(quote)]
    is_bold = marking is None and console.color_system is not None
    opening, closing = ("", "") if is_bold or marking == "plain" else _marks(pieces)
    console.print("  “", end="")
    for number, piece in enumerate(pieces):
        if number % 2:
            console.print(f"{opening}{piece}{closing}", end="", style="bold" if is_bold else None)
        else:
            console.print(piece, end="")
    console.print("”")


def _pieces(quote: Quote) -> Iterator[str]:
    """The sentence around a quote in pieces: every second one is words that answer."""
    text, first = quote.context.text, quote.context.start
    printed = 0
    for part in quote.parts or (quote,):
        yield text[printed : part.start - first]
        yield part.text
        printed = part.end - first
    yield text[printed:]


def _marks(pieces: Sequence[str]) -> tuple[str, str]:
    """What is printed before and behind words that answer: `[[` and `]]`, unless the text could be taken for these.

    Then there are more `=` between the brackets than the text has in a row: `[=[` and `]=]`. So the brackets with the
    most `=` between them are always the marks.
    """
    marked = "".join(f"[[{piece}]]" if number % 2 else piece for number, piece in enumerate(pieces))
    if len(_OPENING.findall(marked)) == len(_CLOSING.findall(marked)) == len(pieces) // 2:
        return "[[", "]]"
    between = "=" * (1 + max(map(len, re.findall("=+", "".join(pieces))), default=0))
    return f"[{between}[", f"]{between}]"
