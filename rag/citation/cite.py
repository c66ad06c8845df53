"""Candidates and passages as excerpts with their places, each checked against its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from corpus.article import Article, Span
from corpus.deadline import check_deadline
from corpus.errors import PullquoteError
from corpus.library.store import Library
from corpus.sentences import sentences_around
from index.hit import Hit
from index.near_duplicates.sketches import Member, members
from rag.answer import (
    Answer,
    Candidate,
    Context,
    Excerpt,
    Quote,
    Reading,
    Related,
    RetrievalScores,
    Scores,
    SyndicatedCopy,
    Words,
)
from rag.citation.fragment import fragment_url
from rag.decision.near_duplicates import NO_STORIES, by_source


class BrokenQuote(PullquoteError):
    """Words were about to be quoted that do not stand where they should; nothing is sent. Please report it."""

    def __init__(self, article_id: str, span: Span) -> None:
        super().__init__(f"The words read at {span.start}-{span.end} of article {article_id} do not stand there, so "
                         "nothing was sent; run `pullquote status` and report this.")  # fmt: skip

    @property
    def public(self) -> str:
        return str(self)


class Citer:
    """Cites readings and passages of one library; reads each article once.

    `stories` has the story of each article that has near copies, by the article's id.
    """

    def __init__(self, library: Library, hits: Iterable[Hit], stories: Mapping[str, str] = NO_STORIES) -> None:
        self._library = library
        self._hits = {hit.passage.id: hit for hit in hits}
        self._stories = stories
        self._articles: dict[str, Article] = {}

    def answers(self, candidates: Iterable[Candidate]) -> tuple[Answer, ...]:
        """The candidates with their quotes; BrokenQuote where words do not stand where they were read."""
        return tuple(map(self._answer, candidates))

    def related(self, hits: Iterable[Hit]) -> tuple[Related, ...]:
        """The passages, cited; they are not answers."""
        return tuple(
            Related(**self._place(hit.passage.article_id, hit.passage.span, hit.passage.text), scores=_retrieval(hit))
            for hit in hits
        )

    def excerpt(self, article_id: str, span: Span, text: str) -> Excerpt:
        """These words of an article with their place; BrokenQuote where they do not stand there."""
        return Excerpt(**self._place(article_id, span, text))

    def article(self, article_id: str) -> Article:
        """The article with this id; NoSuchArticle."""
        if article_id not in self._articles:
            self._articles[article_id] = self._library.article(article_id)
        return self._articles[article_id]

    def _answer(self, candidate: Candidate) -> Answer:
        quotes = tuple(map(self._earliest, by_source(candidate.readings, self._stories)))
        return Answer(quotes[0].text, round(candidate.confidence, 4), quotes, candidate.judged)

    def _earliest(self, readings: tuple[Reading, ...]) -> Quote:
        """The quote for readings from one source: of a story, in its earliest article, with the copies."""
        story = self._stories.get(readings[0].passage.article_id)
        printed = members(self._library, story) if story else []
        best = {reading.passage.article_id: reading for reading in reversed(readings)}
        order = [member.article_id for member in printed if member.article_id in best]
        cited = order[0] if order else readings[0].passage.article_id
        copies = (self._copy(one, best.get(one.article_id)) for one in printed if one.article_id != cited)
        return self._quote(best[cited], tuple(copies))

    def _copy(self, member: Member, reading: Reading | None) -> SyndicatedCopy:
        if reading is None:
            return SyndicatedCopy(**asdict(member))
        place = self._place(member.article_id, reading.article_span, reading.text)
        return SyndicatedCopy(**asdict(member), start=place["start"], end=place["end"], text=place["text"])

    def _quote(self, reading: Reading, copies: tuple[SyndicatedCopy, ...]) -> Quote:
        article = self.article(reading.passage.article_id)
        span = reading.article_span
        around = sentences_around(article.text, span)
        hit = self._hits[reading.passage.id]
        scores = Scores(
            **asdict(_retrieval(hit)), span=reading.span_score, null=reading.null_score, margin=reading.margin
        )
        return Quote(
            **self._place(article.id, span, reading.text),
            context=Context(around.start, around.end, around.cut(article.text)),
            scores=scores,
            copies=copies,
            parts=tuple(self._part(reading, part) for part in reading.parts),
        )

    def _part(self, reading: Reading, part: Span) -> Words:
        """An item of a list; BrokenQuote where its words do not stand there, or not within the quote."""
        span, text = part.shift(reading.passage.span.start), self.article(reading.passage.article_id).text
        if not reading.span.covers(part) or span.cut(text) != part.cut(reading.passage.text):
            raise BrokenQuote(reading.passage.article_id, span)
        return Words(span.start, span.end, span.cut(text))

    def _place(self, article_id: str, span: Span, text: str) -> dict[str, Any]:
        """The fields of an Excerpt; BrokenQuote where the words do not stand there."""
        check_deadline()
        article = self.article(article_id)
        if span.end > len(article.text) or span.cut(article.text) != text:
            raise BrokenQuote(article_id, span)
        origin = article.origin
        source = origin.source_range(span.start, span.end) if origin.is_text else None
        return {
            "article_id": article.id, "title": article.title, "source": article.source, "url": article.url,
            "outlet": article.outlet, "authors": article.authors, "published": article.published,
            "page": origin.page(span.start, span.end), "start": span.start, "end": span.end, "text": text,
            "source_start": source[0] if source else None, "source_end": source[1] if source else None,
            "sha256": article.sha256, "fragment_url": fragment_url(article.url, article.text, span, origin),
        }  # fmt: skip


def _retrieval(hit: Hit) -> RetrievalScores:
    return RetrievalScores(dense=hit.dense, lexical=hit.lexical, fused=hit.score)
