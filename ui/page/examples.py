"""Questions to begin with: put together from the articles of the library, kept where the library does answer them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock

from corpus.article import Article, Span
from corpus.library.store import ArticleHeader, NoSuchArticle
from corpus.sentences import sentences_around
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import BadQuestion
from ui.page.english import OFFICES, OPENERS, is_small
from ui.page.phrasing import Phrased, phrased

MOST_EXAMPLES = 4
_MOST_TRIES = 16  # questions that are asked for them, of a tenth of a second each
_MOST_READ = 20  # articles
_FOR_TITLES = 3  # one try in so many is for a question about a title
_SURE = 0.75  # the least confidence of an answer that is shown off with


_LONGEST_TITLE = 90
_MARKED = re.compile('[‘“”„«»"]')
_PERSON_NAME = r"[A-ZÀ-Þ][\w'’-]+ (?:[A-ZÀ-Þ][\w'’-]+ )?[A-ZÀ-Þ][\w'’-]+"
_PERSON = re.compile(
    rf"\b(?:Dr|Mr|Mrs|Ms|Captain|Professor) (?P<name>{_PERSON_NAME})"
    rf"|(?<!of )\b(?P<other>{_PERSON_NAME}), (?:who\b|\d\d,)"
)


class QuestionGenerator:
    """Makes questions of articles, and keeps those that a library answers from the article they were made of."""

    def __init__(self, pipeline: Pipeline, options: AskOptions) -> None:
        self._pipeline = pipeline
        self._options = options

    def answered(self, headers: Iterable[ArticleHeader], most: int, tries: int) -> tuple[str, ...]:
        """At most so many questions, in as many tries: one of each article before a second, and of several kinds.

        About titles only where too few others are found. No more than `_MOST_READ` articles are read.
        """
        articles = list(islice(headers, _MOST_READ))
        made = {header.id: self._made_of(header) for header in articles}
        titles = {header.id: list(title_question(header)) for header in articles}
        kept = self._kept(made, most, tries - tries // _FOR_TITLES)
        kept += self._kept(titles, most - len(kept), tries // _FOR_TITLES)
        return tuple(question.question for question in kept)

    def _kept(self, waiting: dict[str, list[Phrased]], most: int, tries: int) -> list[Phrased]:
        """At most so many of the questions that wait by their article's id, the articles in turns."""
        kept: list[Phrased] = []
        while any(waiting.values()):
            for article_id, made in waiting.items():
                if not made:
                    continue
                if len(kept) == most or tries <= 0:
                    return kept
                question = _next(made, Counter(one.kind for one in kept))
                if question.question not in {one.question for one in kept}:
                    tries -= 1
                    kept += [question] if self._answers(question, article_id) else []
        return kept

    def _made_of(self, header: ArticleHeader) -> list[Phrased]:
        try:
            article = self._pipeline.library.article(header.id)
        except NoSuchArticle:  # removed meanwhile
            return []
        return list({one.question: one for one in (*phrased(article), *person_question(article))}.values())

    def _answers(self, made: Phrased, article_id: str) -> bool:
        """Whether the best answer is quoted from the article, surely, and out of the words the question is made of."""
        try:
            reply = self._pipeline.ask(made.question, self._options)
        except BadQuestion:
            return False
        if not reply.answers:
            return False
        best, place = reply.answers[0], made.answer
        quotes = [Span(quote.start, quote.end) for quote in best.quotes if quote.article_id == article_id]
        if place is None:
            return bool(quotes)
        is_told = not _names(best.text) & _names(made.question)  # that Ada King is "Ada King of Lovelace" tells little
        return is_told and best.confidence >= _SURE and any(map(place.overlaps, quotes))


class ExampleQuestions:
    """Examples for one library, made anew when it has changed; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, options: AskOptions) -> None:
        self._library = pipeline.library
        self._questions = QuestionGenerator(pipeline, options)
        self._lock = Lock()
        self._made: tuple[int, tuple[str, ...]] | None = None

    def questions(self) -> tuple[str, ...]:
        """At most four questions, each answered from the article it was made of; the same for the same library."""
        with self._lock:
            generation = self._library.generation
            if self._made is None or self._made[0] != generation:
                newest = newest_first(self._library.headers())
                self._made = (generation, self._questions.answered(newest, MOST_EXAMPLES, _MOST_TRIES))
            return self._made[1]


def newest_first(headers: Iterable[ArticleHeader]) -> list[ArticleHeader]:
    """The articles by when they were published, the newest first, undated ones last."""
    return sorted(headers, key=lambda header: header.published or "", reverse=True)


def _names(text: str) -> set[str]:
    return set(re.findall(r"\b[A-ZÀ-Þ]\w+", text))


def _next(made: list[Phrased], used: Counter[str]) -> Phrased:
    """Takes the first question of a kind that was used least."""
    best = min(made, key=lambda question: used[question.kind])
    made.remove(best)
    return best


def title_question(header: ArticleHeader) -> Iterator[Phrased]:
    """What an outlet says about an article's title; none where the title is too long, or has quotes of its own."""
    title = " ".join(header.title.split())
    if 0 < len(title) <= _LONGEST_TITLE and not _MARKED.search(title):
        asked = f"What does {header.outlet} say" if header.outlet else "What is said"
        yield Phrased(f"{asked} about “{title}”?", "title")


def person_question(article: Article) -> Iterator[Phrased]:
    """Who the first person is that is named with a title, an age or a relative clause; English articles only."""
    for found in _PERSON.finditer(article.text) if article.language in {None, "en"} else ():
        name = str(found["name"] or found["other"])
        first = name.split(maxsplit=1)[0]
        is_person = first not in OPENERS and not any(is_small(word, article.text) for word in name.split())
        if is_person and not first.isupper() and first not in OFFICES:
            yield Phrased(f"Who is {name}?", "who", sentences_around(article.text, Span(*found.span())))
            return
