"""What people judged of answers, kept in the library file: right, wrong, better words, or rightly nothing.

A judgement outlives the article it is about. It is kept with the words and the sentence around them, so that later on
it is never taken to be about other words than those that were judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from corpus.article import Article, NoSuchPlace, Span
from corpus.errors import PullquoteError
from corpus.library.store import Library, NoSuchArticle
from corpus.sentences import sentences_around

Verdict = Literal["right", "wrong", "better", "nothing"]

LONGEST_WORDS = 2_000  # characters that are judged at once
_LONGEST_AROUND = 300  # characters of the sentence that are kept on either side of them

# Without reference to the article, which is taken out and put back when its source is read again.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    row INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, verdict TEXT NOT NULL, article_id TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
    judged TEXT NOT NULL, UNIQUE (question, article_id, start, "end")
)
"""


class BadJudgement(PullquoteError):
    """The judgement cannot be kept; name an article and the place of a quote in it, or judge that nothing answers."""

    status = 422


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of one place for one question; the place is given as a quote's is.

    `right`: these words answer. `wrong`: they do not. `better`: they answer better than what was quoted. `nothing`: the
    library does not say; then there is no place. `judged` is when it was kept (ISO 8601, UTC).
    """

    question: str
    verdict: Verdict
    article_id: str = ""
    start: int = 0
    end: int = 0
    text: str = ""
    judged: str = ""

    def __post_init__(self) -> None:
        if self.verdict == "nothing" and (self.article_id or self.start or self.end or self.text):
            raise BadJudgement("That nothing answers is said of no place; leave out the article, start, end and text.")
        if self.verdict != "nothing" and not (self.article_id and self.text):
            raise BadJudgement(
                f"What is {self.verdict} needs its place; give the article, start, end and text of the quote."
            )


@dataclass(frozen=True, slots=True)
class CurrentJudgement:
    """A judgement as the library sees it now: the `span` of its words in the present text, or `why` there is none.

    One that nothing answers has neither.
    """

    judgement: Judgement
    span: Span | None = None
    why: str = ""


def words_at(article: Article, start: int, end: int) -> str:
    """The words of the article at a place that can be judged; BadJudgement for a place outside it, or too long."""
    try:
        span = article.place(start, end)
    except NoSuchPlace as fault:
        raise BadJudgement(str(fault)) from fault
    if end - start > LONGEST_WORDS:
        raise BadJudgement(f"The words have {end - start:,} characters; judge at most {LONGEST_WORDS:,} at once.")
    return span.cut(article.text)


def keep(library: Library, judgement: Judgement) -> Judgement:
    """The judgement as kept, in the place of an earlier one of the same question and place.

    NoSuchArticle; BadJudgement where the words do not stand where it says. No article changes, so the library's
    generation stays, and no search structure has to look again.
    """
    before = after = ""
    if judgement.verdict != "nothing":
        article = library.article(judgement.article_id)
        if words_at(article, judgement.start, judgement.end) != judgement.text:
            raise BadJudgement(
                f"Other words stand at {judgement.start}-{judgement.end} of article {article.id}; ask again, and judge "
                "what is quoted then."
            )
        before, after = _around(article.text, Span(judgement.start, judgement.end))
    kept = replace(judgement, judged=datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    library.connection.execute(_SCHEMA)
    library.connection.execute(
        'INSERT OR REPLACE INTO feedback (question, verdict, article_id, start, "end", text, judged, before, after) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (kept.question, kept.verdict, kept.article_id, kept.start, kept.end, kept.text, kept.judged, before, after),
    )
    return kept


def feedback(library: Library, since: str = "") -> list[CurrentJudgement]:
    """All that was judged since a day, a month or a year (UTC), in the order of judging."""
    with library.reading():
        return list(_kept(library, since)) if _is_there(library) else []


def check(library: Library) -> Iterator[str]:
    """The judgements that cannot be read as what they are."""
    if not _is_there(library):
        return
    rows = library.connection.execute(
        'SELECT row, before, after, question, verdict, article_id, start, "end", text, judged FROM feedback '
        "ORDER BY row"
    )
    for row, before, after, *said in rows:
        if not _parses([before, after], said):
            yield f"the judgement {row} does not parse"


def _parses(around: list[object], said: list[object]) -> bool:
    try:
        judgement = Judgement(*said)  # type: ignore[arg-type]  # whatever the file gives
        datetime.fromisoformat(judgement.judged)
    except (BadJudgement, ValueError, TypeError):
        return False
    length = judgement.end - judgement.start
    return (
        judgement.verdict in get_args(Verdict)
        and all(isinstance(text, str) for text in (*around, judgement.question, judgement.article_id, judgement.text))
        and isinstance(length, int)
        and length == len(judgement.text)
    )


def _is_there(library: Library) -> bool:
    return library.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'feedback'").fetchone() is not None


def _kept(library: Library, since: str) -> Iterator[CurrentJudgement]:
    texts: dict[str, str | None] = {}
    rows = library.connection.execute(
        'SELECT before, after, question, verdict, article_id, start, "end", text, judged FROM feedback '
        "WHERE judged >= ? ORDER BY row",
        (since,),
    )
    for before, after, *said in rows:
        judgement = Judgement(*said)
        if judgement.verdict == "nothing":
            yield CurrentJudgement(judgement)
            continue
        if judgement.article_id not in texts:
            texts[judgement.article_id] = _text(library, judgement.article_id)
        yield _carried(judgement, texts[judgement.article_id], before, after)


def _text(library: Library, article_id: str) -> str | None:
    try:
        return library.article(article_id).text
    except NoSuchArticle:
        return None


def _around(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after the span in its sentence."""
    sentence = sentences_around(text, span)
    before = text[max(sentence.start, span.start - _LONGEST_AROUND) : span.start]
    return before, text[span.end : min(sentence.end, span.end + _LONGEST_AROUND)]


def _carried(judgement: Judgement, text: str | None, before: str, after: str) -> CurrentJudgement:
    """The judgement at its place in the present text: the old one, or where its sentence now stands, if only once."""
    if text is None:
        return CurrentJudgement(judgement, why="its article is no longer in the library")
    sentence = before + judgement.text + after
    at = judgement.start - len(before)
    if not text.startswith(sentence, at):
        at = text.find(sentence)
        if at < 0 or text.find(sentence, at + 1) >= 0:
            often = "no longer stands there" if at < 0 else "stands there more than once"
            return CurrentJudgement(
                judgement, why=f"its article has changed, and the sentence around the words {often}"
            )
    start = at + len(before)
    return CurrentJudgement(judgement, Span(start, start + len(judgement.text)))
