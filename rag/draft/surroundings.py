"""What a draft says around a quotation beside what the quoted article says: the speaker, numbers, dates and names."""

from __future__ import annotations

from bisect import bisect_left

from corpus.article import Span
from rag.citation.cite import Citer
from rag.draft.checked_draft import DraftHint, SpeakerCheck
from rag.draft.hints import hints
from rag.draft.quotations import Quotation
from rag.draft.speaker import same_person, speaker_beside, speaker_of

_NEAR = 3_000  # characters


class Surroundings:
    """Looks around the quotations of one draft."""

    def __init__(self, draft: str, found: list[Quotation], citer: Citer) -> None:
        self._draft = draft
        self._quotations = found
        self._citer = citer

    def seen(self, quotation: Quotation, article_id: str, span: Span) -> tuple[SpeakerCheck, tuple[DraftHint, ...]]:
        """Whether the draft names the article's speaker, and what it states otherwise than the article."""
        article = self._citer.article(article_id)
        stated = hints(self._draft, (quotation, self._near(quotation)), article.text, span, article.published)
        return self._speaker(quotation, article_id, span), stated

    def _near(self, quotation: Quotation) -> list[Quotation]:
        """The quotations that begin near one, itself included."""
        first, last = (
            bisect_left(self._quotations, place, key=lambda one: one.span.start)
            for place in (quotation.span.start - _NEAR, quotation.span.end + _NEAR)
        )
        return self._quotations[first:last]

    def _speaker(self, quotation: Quotation, article_id: str, span: Span) -> SpeakerCheck:
        article = self._citer.article(article_id)
        ours = speaker_beside(self._draft, quotation, self._near(quotation))
        there = speaker_of(article.text, span)
        theirs = there.name
        if not there.is_quoted and ours:  # the article's own words are its author's
            theirs = next((author for author in article.authors if same_person(author, ours)), None)
        if not ours or not theirs:
            return SpeakerCheck("unknown", ours, theirs)
        return SpeakerCheck("same" if same_person(ours, theirs) else "other", ours, theirs)
