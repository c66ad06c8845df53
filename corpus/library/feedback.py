"""Judgements of answers, stored in the library file: right, wrong, better words, or rightly nothing.

A judgement outlives its article. It is stored with the judged words and the sentence around them, so that it is never
applied to other words than those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from corpus.article import Article, NoSuchPlace, Span
from corpus.errors import PullquoteError
from corpus.library import judged_answers
from corpus.library.judged_answers import JudgedAnswer
from corpus.library.judged_words import cuts_a_word, trimmed
from corpus.library.store import Library
from corpus.sentences import sentences_around

Verdict = Literal["right", "wrong", "better", "nothing"]

LONGEST_WORDS = 2_000  # characters of one judgement
MOST_JUDGEMENTS = 100_000  # in one library
_MAX_CONTEXT = 300  # characters of the sentence that are stored on either side of the words

# Without a reference to the article, which is deleted and inserted again when its source is read again.
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


class NoSuchJudgement(PullquoteError):
    """There is no judgement of this number; `pullquote judgements list` shows those there are."""

    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no judgement {number}; `pullquote judgements list` shows those there are.")


class TooManyJudgements(PullquoteError):
    """The library takes no more judgements; only those that are there can be changed."""

    status = 409

    def __init__(self) -> None:
        super().__init__(f"The library holds {MOST_JUDGEMENTS:,} judgements and takes no more; change one of those.")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on one place for one question; `text` is at `start:end` of the article, as in a quote.

    `right`: these words answer. `wrong`: they do not. `better`: they answer better than the quote, and stay so where
    they are judged right after that. `nothing`: the library holds no answer; then there is no place. `judged` is the
    time of the judgement (ISO 8601, UTC).
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
    """A judgement with the `span` of its words in the article's text of today, or `why` there is none.

    The verdict `nothing` has neither. `number` names the judgement in its library, and is never given twice.
    """

    judgement: Judgement
    span: Span | None = None
    why: str = ""
    number: int = field(default=0, compare=False)


def words_at(article: Article, start: int, end: int) -> str:
    """The words of the article at a place; BadJudgement where that is outside the text or too long."""
    try:
        span = article.place(start, end)
    except NoSuchPlace as fault:
        raise BadJudgement(str(fault)) from fault
    if end - start > LONGEST_WORDS:
        raise BadJudgement(f"The words have {end - start:,} characters; judge at most {LONGEST_WORDS:,} at once.")
    return span.cut(article.text)


def keep(library: Library, judgement: Judgement, answer: JudgedAnswer | None = None) -> Judgement:
    """Stores a judgement, in place of an earlier one of the same question and place; the judgement with its time.

    `answer` is what the models said of the answer that was judged, where that is known. Words that were judged better
    and are judged right now are kept as better. Better words are kept without the spaces and commas at their edges.
    NoSuchArticle; BadJudgement where the article has other words there, or better words are not whole;
    TooManyJudgements. No article changes, so the library's generation stays and no index is read again.
    """
    before = after = ""
    with library.transaction():
        if judgement.verdict != "nothing":
            article = library.article(judgement.article_id)
            if words_at(article, judgement.start, judgement.end) != judgement.text:
                raise BadJudgement(
                    f"Other words stand at {judgement.start}-{judgement.end} of article {article.id}; ask again, and "
                    "judge what is quoted then."
                )
            if judgement.verdict == "better":
                judgement = _of_whole_words(judgement, article.text)
            before, after = _context(article.text, Span(judgement.start, judgement.end))
        library.connection.execute(_SCHEMA)
        verdict: Verdict = "better" if _agrees(library, judgement) else judgement.verdict
        judged = datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        stored = replace(judgement, verdict=verdict, judged=judged)
        number = _put(library, stored, before, after)
        if answer:
            judged_answers.put(library, number, answer)
    return stored


def _of_whole_words(judgement: Judgement, text: str) -> Judgement:
    span = trimmed(text, Span(judgement.start, judgement.end))
    if span is None:
        raise BadJudgement(
            f"There is no word at {judgement.start}-{judgement.end}; give the place of words that answer."
        )
    if cuts_a_word(text, span):
        raise BadJudgement(f"The place {span.start}-{span.end} begins or ends inside a word; give that of whole words.")
    return replace(judgement, start=span.start, end=span.end, text=span.cut(text))


def _agrees(library: Library, judgement: Judgement) -> bool:
    """Whether a judgement says right of words that were judged better for the same question."""
    given = "verdict = 'better' AND question = ? AND article_id = ? AND start = ? AND \"end\" = ?"
    place = (judgement.question, judgement.article_id, judgement.start, judgement.end)
    found = library.connection.execute(f"SELECT 1 FROM feedback WHERE {given}", place).fetchone()
    return judgement.verdict == "right" and found is not None


def _put(library: Library, stored: Judgement, before: str, after: str) -> int:
    """The number of the judgement that is now in the library; TooManyJudgements."""
    others = 'SELECT count(*) FROM feedback WHERE NOT (question = ? AND article_id = ? AND start = ? AND "end" = ?)'
    place = (stored.question, stored.article_id, stored.start, stored.end)
    if library.connection.execute(others, place).fetchone()[0] >= MOST_JUDGEMENTS:
        raise TooManyJudgements
    row = library.connection.execute(
        'INSERT OR REPLACE INTO feedback (question, verdict, article_id, start, "end", text, judged, before, after) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*astuple(stored), before, after),
    ).lastrowid
    return row or 0


def take_back(library: Library, number: int) -> Judgement:
    """The judgement of this number, which the library no longer holds; NoSuchJudgement."""
    with library.transaction():
        found = _numbered(library, [number])
        if not found:
            raise NoSuchJudgement(number)
        library.connection.execute("DELETE FROM feedback WHERE row = ?", (number,))
    return found[0].judgement


def feedback(library: Library, since: str = "") -> list[CurrentJudgement]:
    """The judgements since a day, a month or a year (UTC), in the order in which they were made."""
    with library.reading():
        return list(_current(library, "judged >= ?", since)) if _has_table(library) else []


def latest(library: Library, most: int) -> list[CurrentJudgement]:
    """The last judgements, `most` at most, the latest first."""
    with library.reading():
        return _numbered(library, [number for number, _ in judged_questions(library, 0, most)])[::-1]


def numbered(library: Library, numbers: Iterable[int]) -> list[CurrentJudgement]:
    """The judgements of these numbers that the library still holds, in the order in which they were made."""
    with library.reading():
        return _numbered(library, list(numbers))


def judged_questions(library: Library, after: int, most: int) -> list[tuple[int, str]]:
    """The number and the question of each judgement after one, of the last `most`, in the order they were made."""
    if not _has_table(library):
        return []
    query = "SELECT row, question FROM feedback WHERE row > ? AND typeof(question) = 'text' ORDER BY row DESC LIMIT ?"
    return library.connection.execute(query, (after, most)).fetchall()[::-1]


def newest_number(library: Library) -> int:
    """The number of the last judgement, 0 where there is none."""
    if not _has_table(library):
        return 0
    return library.connection.execute("SELECT coalesce(max(row), 0) FROM feedback").fetchone()[0]  # type: ignore[no-any-return]


def check(library: Library) -> Iterator[str]:
    """A sentence for each damaged row."""
    if not _has_table(library):
        return
    rows = library.connection.execute(
        'SELECT row, before, after, question, verdict, article_id, start, "end", text, judged FROM feedback '
        "ORDER BY row"
    )
    for row, before, after, *fields in rows:
        if not _parses([before, after], fields):
            yield f"the judgement {row} does not parse"
    yield from judged_answers.check(library)


def _parses(context: list[object], fields: list[object]) -> bool:
    try:
        judgement = Judgement(*fields)  # type: ignore[arg-type]  # whatever the file gives
        datetime.fromisoformat(judgement.judged)
        length = judgement.end - judgement.start
    except (BadJudgement, ValueError, TypeError):
        return False
    return (
        judgement.verdict in get_args(Verdict)
        and all(isinstance(text, str) for text in (*context, judgement.question, judgement.article_id, judgement.text))
        and isinstance(length, int)
        and length == len(judgement.text)
    )


def _has_table(library: Library) -> bool:
    return library.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'feedback'").fetchone() is not None


def _numbered(library: Library, numbers: list[int]) -> list[CurrentJudgement]:
    chosen = "row IN (SELECT value FROM json_each(?))"
    return list(_current(library, chosen, json.dumps(numbers))) if _has_table(library) else []


def _current(library: Library, condition: str, value: str) -> Iterator[CurrentJudgement]:
    """The judgements that meet a condition; damaged ones are left out, and `check` tells of them."""
    judged = f"SELECT id, text FROM article WHERE id IN (SELECT article_id FROM feedback WHERE {condition})"
    found = library.connection.execute(judged, (value,))
    texts = {identity: text for identity, text in found if isinstance(text, str)}
    rows = library.connection.execute(
        'SELECT row, before, after, question, verdict, article_id, start, "end", text, judged FROM feedback '
        f"WHERE {condition} ORDER BY row",
        (value,),
    )
    for row, before, after, *fields in rows:
        if not _parses([before, after], fields):
            continue
        judgement = Judgement(*fields)
        current = CurrentJudgement(judgement)
        if judgement.verdict != "nothing":
            current = _placed(judgement, texts.get(judgement.article_id), before, after)
        yield replace(current, number=row)


def _context(text: str, span: Span) -> tuple[str, str]:
    sentence = sentences_around(text, span)
    before = text[max(sentence.start, span.start - _MAX_CONTEXT) : span.start]
    return before, text[span.end : min(sentence.end, span.end + _MAX_CONTEXT)]


def _placed(judgement: Judgement, text: str | None, before: str, after: str) -> CurrentJudgement:
    """The judgement with its span in the text: the stored one, or that of its sentence where that stands only once."""
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
