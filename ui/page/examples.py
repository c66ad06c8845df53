"""Questions to begin with: put together from the articles of the library, kept where the library does answer them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock

from corpus.article import Article
from corpus.store import Header, NoSuchArticle
from rag.pipeline import BadQuestion, Pipeline

MOST_EXAMPLES = 4
_MOST_TRIES = 12
_LONGEST_TITLE = 90
_QUOTES = re.compile('[‘“”„«»"]')
_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]+ (?:[A-ZÀ-Þ][\w'’-]+ )?[A-ZÀ-Þ][\w'’-]+)"
_OTHER = _NAME.replace("<name>", "<other>")
_PERSON = re.compile(rf"\b(?:Dr|Mr|Mrs|Ms|Captain|Professor) {_NAME}|\b{_OTHER}, (?:who\b|\d\d,)")


class ExampleQuestions:
    """Examples for one library, made anew when it has changed; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, passages: int, threshold: float | None) -> None:
        self._pipeline = pipeline
        self._passages = passages
        self._threshold = threshold
        self._lock = Lock()
        self._made: tuple[int, tuple[str, ...]] | None = None

    def questions(self) -> tuple[str, ...]:
        """At most four questions, each answered from the article it was made of; the same for the same library."""
        with self._lock:
            generation = self._pipeline.library.generation
            if self._made is None or self._made[0] != generation:
                self._made = (generation, tuple(self._answered()))
            return self._made[1]

    def _answered(self) -> Iterator[str]:
        found = 0
        newest = sorted(self._pipeline.library.headers(), key=lambda header: header.published or "", reverse=True)
        for header in newest[:_MOST_TRIES]:
            question = next((asked for asked in self._candidates(header, found) if self._answers(asked, header)), None)
            if question:
                found += 1
                yield question
            if found == MOST_EXAMPLES:
                return

    def _candidates(self, header: Header, found: int) -> Iterator[str]:
        """A question about a person and one about the title, in turns, so that the examples are not all alike."""
        try:
            article = self._pipeline.library.article(header.id)
        except NoSuchArticle:  # removed meanwhile
            return
        about = [question for question in (person_question(article), title_question(header)) if question]
        yield from about if found % 2 == 0 else reversed(about)

    def _answers(self, question: str, header: Header) -> bool:
        try:
            reply = self._pipeline.ask(question, self._passages, self._threshold)
        except BadQuestion:
            return False
        return bool(reply.answers) and any(quote.article_id == header.id for quote in reply.answers[0].quotes)


def title_question(header: Header) -> str | None:
    """What an outlet says about an article's title; None where the title is too long, or has quotes of its own."""
    title = " ".join(header.title.split())
    if not 0 < len(title) <= _LONGEST_TITLE or _QUOTES.search(title):
        return None
    return f"What does {header.outlet} say about “{title}”?" if header.outlet else f"What is said about “{title}”?"


def person_question(article: Article) -> str | None:
    """Who the first person named with a title, an age or a relative clause is; English articles only."""
    if article.language not in {None, "en"}:
        return None
    match = _PERSON.search(article.text)
    return f"Who is {match['name'] or match['other']}?" if match else None
