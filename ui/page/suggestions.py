"""Questions to ask instead, where the library does not answer: about the articles nearest to the question."""

from __future__ import annotations

from threading import Lock

from rag.answer import Reply
from rag.options import AskOptions
from rag.pipeline import Pipeline
from ui.page.examples import QuestionGenerator, newest_first

MOST_SUGGESTED = 3
_MOST_TRIES = 6  # questions that are asked for it, of a tenth of a second each
_MOST_MORE = 3  # about the newest articles, where no question about the nearest is answered
_MOST_CACHED = 100  # results


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
        found = self._generator.answered(near, MOST_SUGGESTED, _MOST_TRIES)
        if found:
            return found
        return self._generator.answered(newest_first(self._library.headers()), MOST_SUGGESTED, _MOST_MORE)
