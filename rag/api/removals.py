"""The articles that were removed last, so that a removal can be undone while the server runs."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from corpus.article import Article
from corpus.errors import PullquoteError

MOST_KEPT = 50
_MOST_CHARACTERS = 50_000_000  # of their texts together


class NothingToPutBack(PullquoteError):
    """No article of this id was taken out lately; add its source again."""

    status = 404

    def __init__(self, article_id: str) -> None:
        super().__init__(f"No article {article_id[:80]!r} was taken out lately; add its source again.")


class Removals:
    """Removed articles, the latest last; the oldest are forgotten. Safe to share between threads."""

    def __init__(self) -> None:
        self._articles: OrderedDict[str, Article] = OrderedDict()
        self._lock = Lock()

    def keep(self, article: Article) -> None:
        with self._lock:
            self._articles.pop(article.id, None)
            self._articles[article.id] = article
            while len(self._articles) > MOST_KEPT or self._characters() > _MOST_CHARACTERS:
                self._articles.popitem(last=False)

    def get(self, article_id: str) -> Article:
        """The removed article; NothingToPutBack."""
        with self._lock:
            if article_id not in self._articles:
                raise NothingToPutBack(article_id)
            return self._articles[article_id]

    def forget(self, article_id: str) -> None:
        with self._lock:
            self._articles.pop(article_id, None)

    def _characters(self) -> int:
        return sum(len(article.text) for article in self._articles.values())
