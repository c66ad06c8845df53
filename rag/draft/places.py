"""The places of exact quotations: the earliest by date first, the copies of a story with the earliest of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from corpus.article import Span
from corpus.library.store import ArticleHeader, Library
from index.near_duplicates.sketches import stories_of
from rag.answer import SyndicatedCopy, Words
from rag.citation.cite import Citer
from rag.draft.checked_draft import QuotedPlace
from rag.draft.joins import Joined

_MOST_COPIES = 20  # of a story that are listed with a place


class CitedPlaces:
    """Cites the places of a draft's quotations, `most` of each."""

    def __init__(self, library: Library, citer: Citer, joints: Iterable[Joined], most: int) -> None:
        ids = {joint.article_id for joint in joints}
        self._headers = {header.id: header for header in library.headers(ids)} if ids else {}
        self._stories = stories_of(library, ids) if ids else {}
        self._citer = citer
        self._most = most

    def of(self, joints: Sequence[Joined]) -> tuple[QuotedPlace, ...]:
        """The places, the earliest first, those without a date last; of a story, those of its earliest article."""
        ordered = sorted(joints, key=lambda joint: (*self._age(joint.article_id), joint.span.start))
        first: dict[str, str] = {}  # the earliest article of each story
        own: list[Joined] = []
        copies: dict[str, dict[str, Joined]] = {}  # of each such article, by id
        for joint in ordered:
            earliest = first.setdefault(self._stories.get(joint.article_id, joint.article_id), joint.article_id)
            if earliest == joint.article_id:
                own.append(joint)
            else:
                copies.setdefault(earliest, {}).setdefault(joint.article_id, joint)
        listed = []
        for joint in own[: self._most]:
            theirs = list(copies.pop(joint.article_id, {}).values())[:_MOST_COPIES]
            listed.append(self.place(joint.article_id, joint.spans, tuple(map(self._copy, theirs))))
        return tuple(listed)

    def place(self, article_id: str, spans: Sequence[Span], copies: tuple[SyndicatedCopy, ...] = ()) -> QuotedPlace:
        """The place from the first to the last of these parts of an article."""
        text = self._citer.article(article_id).text
        whole = Span(spans[0].start, spans[-1].end)
        excerpt = self._citer.excerpt(article_id, whole, whole.cut(text))
        parts = [Words(span.start, span.end, span.cut(text)) for span in spans] if len(spans) > 1 else []
        return QuotedPlace(**asdict(excerpt), parts=tuple(parts), copies=copies)

    def _copy(self, joint: Joined) -> SyndicatedCopy:
        header, span = self._headers[joint.article_id], joint.span
        return SyndicatedCopy(
            article_id=header.id, title=header.title, source=header.source, url=header.url, outlet=header.outlet,
            published=header.published, start=span.start, end=span.end, text=span.cut(joint.text),
        )  # fmt: skip

    def _age(self, article_id: str) -> tuple[bool, str, str]:
        header: ArticleHeader = self._headers[article_id]
        return header.published is None, header.published or "", article_id
