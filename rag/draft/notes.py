"""What is said of a checked quotation in a sentence or two, for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rag.citation.formats import web_uri
from rag.draft.checked_draft import Alteration, CheckedQuotation, QuotedPlace, Verdict, WordChange

VERDICTS: Mapping[Verdict, str] = {
    "exact": "exact", "altered": "altered", "near": "not exact, a like passage", "not_found": "not found",
    "short": "short, not judged",
}  # fmt: skip
_WHY: Mapping[Alteration, str] = {
    "words": "other words", "signs": "other signs or capitals", "negation_left_out": "what is left out negates it",
    "speakers_joined": "it joins words of different speakers", "insert": "an insert takes the place of words",
}  # fmt: skip
_MOST_CHANGES = 8  # told in a note; JSON has all of them


def note(quotation: CheckedQuotation) -> str:
    """The verdict with its reason, place, speaker and hints, on one line."""
    return " ".join("; ".join(_parts(quotation)).split()) + "."


def address(quotation: CheckedQuotation) -> str | None:
    """The web address of the first place, at the words where that is known."""
    place = quotation.places[0] if quotation.places else None
    return (web_uri(place.fragment_url) or web_uri(place.url)) if place else None


def _parts(quotation: CheckedQuotation) -> Iterator[str]:
    why = f" ({_WHY[quotation.alteration]})" if quotation.alteration else ""
    yield f"{VERDICTS[quotation.verdict].capitalize()}{why}"
    if quotation.places:
        yield _place(quotation.places[0])
    if quotation.total > 1:
        yield f"{quotation.total:,} places in all"
    changed = [change for change in quotation.changes if change.kind != "kept"]
    yield from map(_change, changed[:_MOST_CHANGES])
    if len(changed) > _MOST_CHANGES:
        yield f"{len(changed) - _MOST_CHANGES} more differences"
    speaker = quotation.speaker
    if speaker and speaker.verdict == "other":
        yield f"the draft names {speaker.draft}, the article {speaker.article}"
    for hint in quotation.hints:
        yield f"the draft has “{hint.text}”, the article “{hint.article_text}” ({hint.kind})"


def _place(place: QuotedPlace) -> str:
    where = f"characters {place.start}-{place.end} of {place.article_id}"
    page = f"page {place.page}" if place.page else None
    return ", ".join(part for part in (place.title, place.outlet, place.published, page, where) if part)


def _change(change: WordChange) -> str:
    if change.kind == "added":
        return f"“{change.text}” is not in the article"
    return f"the article has “{change.article_text}”, which is left out"
