"""An article as the command line and the API give it: whole, with the places of its passages."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.library.store import ArticleHeader, Library


@dataclass(frozen=True, slots=True)
class ExcerptRange:
    """A stretch of the article's text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ShownArticle(ArticleHeader):
    """An article's header, text and passages; every quote's `start` and `end` count in this `text`."""

    text: str
    passages: tuple[ExcerptRange, ...]


def article_view(library: Library, article_id: str) -> ShownArticle:
    """The article with this id; NoSuchArticle where there is none."""
    with library.reading():
        article = library.article(article_id)
        places = tuple(ExcerptRange(start, end) for _, start, end in library.places_of(article_id))
    return ShownArticle(
        id=article.id, title=article.title, source=article.source, url=article.url, authors=article.authors,
        outlet=article.outlet, published=article.published, language=article.language, sha256=article.sha256,
        length=len(article.text), text=article.text, passages=places,
    )  # fmt: skip
