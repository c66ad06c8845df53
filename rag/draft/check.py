"""Every quotation of a draft compared with the library: exact, altered, near or not found, with its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.deadline import check_deadline
from rag.citation.cite import Citer
from rag.draft.checked_draft import FAILURES, VERDICTS, CheckedDraft, CheckedQuotation, Verdict
from rag.draft.cuts import CutQuotation, cut_quotation
from rag.draft.draft_text import BadDraft, DraftText
from rag.draft.joins import Joined, anchor, joined
from rag.draft.letters import letters
from rag.draft.nearly import Likeness, Nearly
from rag.draft.places import CitedPlaces
from rag.draft.quotations import Quotation, quotations
from rag.draft.scan import FEWEST_LETTERS, LetterPlace, Region, scan
from rag.draft.surroundings import Surroundings
from rag.locate.nearest import words
from rag.pipeline import Pipeline

MOST_QUOTATIONS = 2_000
_SHORT = 3  # words


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Whether quotations of three words at most are judged too, and how many places of each are listed."""

    short: bool = False
    most: int = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    """A quotation with its parts, and whether it is judged."""

    quotation: Quotation
    cut: CutQuotation
    is_short: bool
    is_judged: bool


def check_draft(pipeline: Pipeline, draft: DraftText, options: CheckOptions | None = None) -> CheckedDraft:
    """The verdict on each quotation of a draft, all of one generation of the library; BadDraft.

    All texts are searched once for all quotations, so exact places are complete. The time is linear in the texts.
    """
    options = options or CheckOptions()
    asked = _asked(draft, options)
    with pipeline.library.reading():
        return _checked(pipeline, draft, asked, options)


def _asked(draft: DraftText, options: CheckOptions) -> list[_Asked]:
    found = [one for one in quotations(draft.text, draft.blocks) if one.span.start >= draft.first]
    if len(found) > MOST_QUOTATIONS:
        raise BadDraft(f"The draft has {len(found):,} quotations; check at most {MOST_QUOTATIONS:,} at once.")
    asked = []
    for one in found:
        check_deadline()
        cut = cut_quotation(draft.text, one.span)
        is_short = sum(len(words(part.cut(draft.text))) for part in cut.parts) <= _SHORT
        if cut.parts:
            can_be_found = any(len(letters(part.cut(draft.text)).text) >= FEWEST_LETTERS for part in cut.parts)
            is_judged = (options.short and can_be_found) or not is_short
            asked.append(_Asked(one, cut, is_short, is_judged))
    return asked


def _checked(pipeline: Pipeline, draft: DraftText, asked: Sequence[_Asked], options: CheckOptions) -> CheckedDraft:
    library = pipeline.library
    sought = _sought(draft.text, asked)
    found = scan(library.texts(), list(sought))
    places = {key: found.places.get(number, []) for key, number in sought.items()}
    regions = {key: found.regions.get(number, []) for key, number in sought.items()}
    standing = [_standing(draft.text, one, places) for one in asked]
    citer = Citer(library, ())
    where = CitedPlaces(
        library, citer, [joint for found in standing for joint in found if not joint.breach], options.most
    )
    around = Surroundings(draft.text, [one.quotation for one in asked], citer)
    judge = _Judge(draft, Nearly(pipeline.retriever, pipeline.encoder), where, around)
    checked = tuple(
        judge.judged(one, joints, _regions(draft.text, one, regions))
        for one, joints in zip(asked, standing, strict=True)
    )
    said = Counter(one.verdict for one in checked)
    counts = {verdict: said[verdict] for verdict in VERDICTS}
    return CheckedDraft(draft.text, sum(counts[verdict] for verdict in FAILURES), counts, checked)


def _sought(text: str, asked: Iterable[_Asked]) -> dict[str, int]:
    """The letters of all parts that are looked for, each with its number."""
    parts = (letters(part.cut(text)).text for one in asked if one.is_judged for part in one.cut.parts)
    unique = dict.fromkeys(part for part in parts if len(part) >= FEWEST_LETTERS)
    return {part: number for number, part in enumerate(unique)}


def _standing(text: str, one: _Asked, places: Mapping[str, list[LetterPlace]]) -> list[Joined]:
    """The places where all parts of a quotation stand, whatever rule they break."""
    if not one.is_judged:
        return []
    key = letters(one.cut.parts[anchor(one.cut)].cut(text)).text
    found = []
    for place in places.get(key, ()):
        check_deadline()
        if there := joined(text, one.cut, place):
            found.append(there)
    return found


def _regions(text: str, one: _Asked, regions: Mapping[str, list[Region]]) -> list[Region]:
    """The regions that may hold a quotation altered, those with the most in common first."""
    if not one.is_judged:
        return []
    found = [region for part in one.cut.parts for region in regions.get(letters(part.cut(text)).text, ())]
    return sorted(found, key=lambda region: (-region.windows, region.article_id, region.span))


class _Judge:
    """Judges the quotations of one draft."""

    def __init__(self, draft: DraftText, nearly: Nearly, places: CitedPlaces, around: Surroundings) -> None:
        self._text = draft.text
        self._nearly = nearly
        self._places = places
        self._around = around

    def judged(self, one: _Asked, joints: Sequence[Joined], regions: Sequence[Region]) -> CheckedQuotation:
        """The verdict on a quotation that stands at these joints, or may stand altered in these regions."""
        check_deadline()
        if not one.is_judged:
            return self._verdict(one, "short")
        exact = [joint for joint in joints if not joint.breach]
        if exact:
            return self._exact(one, exact)
        if joints:
            likeness = self._nearly.of_joined(self._text, one.cut, joints[0])
            return self._like(one, "altered", likeness)
        if altered := self._nearly.altered(self._text, one.cut, regions):
            return self._like(one, "altered", altered)
        if near := self._nearly.near(self._text, one.cut):
            return self._like(one, "near", near)
        return self._verdict(one, "not_found")

    def _exact(self, one: _Asked, joints: Sequence[Joined]) -> CheckedQuotation:
        places = self._places.of(joints)
        first = next((joint for joint in joints if joint.article_id == places[0].article_id), joints[0])
        speaker, hints = self._around.seen(one.quotation, first.article_id, first.span)
        return self._verdict(
            one, "exact", total=len(joints), places=places, similarity=1.0, speaker=speaker, hints=hints
        )

    def _like(self, one: _Asked, verdict: Verdict, like: Likeness) -> CheckedQuotation:
        speaker, hints = self._around.seen(one.quotation, like.article_id, like.span)
        place = self._places.place(like.article_id, (like.span,))
        return self._verdict(
            one, verdict, places=(place,), similarity=like.similarity, alteration=like.alteration, changes=like.changes,
            speaker=speaker, hints=hints,
        )  # fmt: skip

    def _verdict(self, one: _Asked, verdict: Verdict, total: int = 0, **found: object) -> CheckedQuotation:
        span = one.quotation.span
        return CheckedQuotation(
            start=span.start, end=span.end, text=span.cut(self._text), mark=one.quotation.mark,
            depth=one.quotation.depth, verdict=verdict, is_short=one.is_short, has_ellipsis=one.cut.has_ellipsis,
            has_insert=one.cut.has_insert, total=total, **found,  # type: ignore[arg-type]
        )  # fmt: skip
