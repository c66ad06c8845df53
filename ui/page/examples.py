"""Questions that the library answers: examples to begin with, and suggestions where it does not answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock

from corpus.article import Article, Span
from corpus.library.store import ArticleHeader, NoSuchArticle
from corpus.sentences import sentences_around
from rag.answer import Reply
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import BadQuestion
from ui.page.english import OFFICES, OPENERS, is_small
from ui.page.phrasing import GeneratedQuestion, sentence_questions

MOST_EXAMPLES = 4
MOST_SUGGESTED = 3
_EXAMPLE_TRIES = 16  # questions that are asked to find as many examples, of a tenth of a second each
_SUGGESTION_TRIES = 6
_NEWEST_TRIES = 3  # about the newest articles, where no question about the nearest is answered
_MOST_CACHED = 100  # suggestions
_MOST_READ = 20  # articles
_FOR_TITLES = 3  # one try in so many is for a question about a title
_SURE = 0.75  # the least confidence of an example's answer
_LONGEST_TITLE = 90
_MARKED = re.compile('[‘“”„«»"]')
_PERSON_NAME = r"[A-ZÀ-Þ][\w'’-]+ (?:[A-ZÀ-Þ][\w'’-]+ )?[A-ZÀ-Þ][\w'’-]+"
_PERSON = re.compile(
    rf"\b(?:Dr|Mr|Mrs|Ms|Captain|Professor) (?P<name>{_PERSON_NAME})"
    rf"|(?<!of )\b(?P<other>{_PERSON_NAME}), (?:who\b|\d\d,)"
)


class QuestionGenerator:
    """Generates questions from articles, and keeps those that a library answers from the article they were made of."""

    def __init__(self, pipeline: Pipeline, options: AskOptions) -> None:
        self._pipeline = pipeline
        self._options = options

    def answered(self, headers: Iterable[ArticleHeader], most: int, tries: int) -> tuple[str, ...]:
        """At most so many questions, in as many tries: one of each article before a second, and of several kinds.

        About titles only where too few others are found. No more than `_MOST_READ` articles are read.
        """
        articles = list(islice(headers, _MOST_READ))
        from_text = {header.id: self._generated(header) for header in articles}
        from_titles = {header.id: list(title_question(header)) for header in articles}
        questions = self._answered_of(from_text, most, tries - tries // _FOR_TITLES)
        questions += self._answered_of(from_titles, most - len(questions), tries // _FOR_TITLES)
        return tuple(one.question for one in questions)

    def _answered_of(
        self, candidates: dict[str, list[GeneratedQuestion]], most: int, tries: int
    ) -> list[GeneratedQuestion]:
        """At most so many of the candidates of each article's id, the articles in turns."""
        answered: list[GeneratedQuestion] = []
        while any(candidates.values()):
            for article_id, of_article in candidates.items():
                if not of_article:
                    continue
                if len(answered) == most or tries <= 0:
                    return answered
                used = Counter(one.kind for one in answered)
                candidate = min(of_article, key=lambda one: used[one.kind])  # the first of a kind used least
                of_article.remove(candidate)
                if candidate.question not in {one.question for one in answered}:
                    tries -= 1
                    answered += [candidate] if self._is_answered(candidate, article_id) else []
        return answered

    def _generated(self, header: ArticleHeader) -> list[GeneratedQuestion]:
        try:
            article = self._pipeline.library.article(header.id)
        except NoSuchArticle:  # removed meanwhile
            return []
        generated = (*sentence_questions(article), *person_question(article))
        return list({one.question: one for one in generated}.values())

    def _is_answered(self, candidate: GeneratedQuestion, article_id: str) -> bool:
        """Whether the best answer is quoted from the article, surely, and from the words the question is made of."""
        try:
            reply = self._pipeline.ask(candidate.question, self._options)
        except BadQuestion:
            return False
        if not reply.answers:
            return False
        best = reply.answers[0]
        quotes = [Span(quote.start, quote.end) for quote in best.quotes if quote.article_id == article_id]
        if candidate.answer is None:
            return bool(quotes)
        is_news = not _names(best.text) & _names(candidate.question)  # that Ada King is "Ada King of Lovelace" is none
        return is_news and best.confidence >= _SURE and any(map(candidate.answer.overlaps, quotes))


class ExampleQuestions:
    """The examples of one library, generated again when it has changed; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, options: AskOptions) -> None:
        self._library = pipeline.library
        self._generator = QuestionGenerator(pipeline, options)
        self._lock = Lock()
        self._examples: tuple[int, tuple[str, ...]] | None = None

    def questions(self) -> tuple[str, ...]:
        """At most four questions, each answered from the article it was made of; the same for the same library."""
        with self._lock:
            generation = self._library.generation
            if self._examples is None or self._examples[0] != generation:
                newest = newest_first(self._library.headers())
                self._examples = (generation, self._generator.answered(newest, MOST_EXAMPLES, _EXAMPLE_TRIES))
            return self._examples[1]


class Suggestions:
    """Suggestions from one library, cached by articles until it changes; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, options: AskOptions) -> None:
        self._library = pipeline.library
        self._generator = QuestionGenerator(pipeline, options)
        self._lock = Lock()
        self._cache: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}

    def instead(self, reply: Reply) -> tuple[str, ...]:
        """At most three questions about the articles nearest to the one asked, each answered from its article.

        Where there are none, about the newest articles; never the question itself.
        """
        nearest = tuple(dict.fromkeys(passage.article_id for passage in reply.related))
        asked = {reply.question.casefold(), (reply.asked_as or "").casefold()}
        with self._lock:
            key = self._library.generation, nearest
            if key not in self._cache:
                while len(self._cache) >= _MOST_CACHED:
                    del self._cache[next(iter(self._cache))]  # the oldest
                self._cache[key] = self._generated(nearest)
            return tuple(question for question in self._cache[key] if question.casefold() not in asked)

    def _generated(self, nearest: tuple[str, ...]) -> tuple[str, ...]:
        headers = {header.id: header for header in self._library.headers(nearest)}
        near = [headers[article_id] for article_id in nearest if article_id in headers]
        found = self._generator.answered(near, MOST_SUGGESTED, _SUGGESTION_TRIES)
        if found:
            return found
        return self._generator.answered(newest_first(self._library.headers()), MOST_SUGGESTED, _NEWEST_TRIES)


def newest_first(headers: Iterable[ArticleHeader]) -> list[ArticleHeader]:
    """The articles by when they were published, the newest first, undated ones last."""
    return sorted(headers, key=lambda header: header.published or "", reverse=True)


def _names(text: str) -> set[str]:
    return set(re.findall(r"\b[A-ZÀ-Þ]\w+", text))


def title_question(header: ArticleHeader) -> Iterator[GeneratedQuestion]:
    """What an outlet says about an article's title; none where the title is too long, or has quotes of its own."""
    title = " ".join(header.title.split())
    if 0 < len(title) <= _LONGEST_TITLE and not _MARKED.search(title):
        asked = f"What does {header.outlet} say" if header.outlet else "What is said"
        yield GeneratedQuestion(f"{asked} about “{title}”?", "title")


def person_question(article: Article) -> Iterator[GeneratedQuestion]:
    """Who the first person is that is named with a title, an age or a relative clause; English articles only."""
    for found in _PERSON.finditer(article.text) if article.language in {None, "en"} else ():
        name = str(found["name"] or found["other"])
        first = name.split(maxsplit=1)[0]
        is_person = first not in OPENERS and not any(is_small(word, article.text) for word in name.split())
        if is_person and not first.isupper() and first not in OFFICES:
            yield GeneratedQuestion(f"Who is {name}?", "who", sentences_around(article.text, Span(*found.span())))
            return
