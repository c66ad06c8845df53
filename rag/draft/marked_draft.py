"""A checked draft with its quotations marked and a note for each, as Markdown or HTML. Pure.

The article's words in the notes are escaped, and so is the draft where it is no Markdown itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rag.citation.formats import escaped_markdown, web_uri
from rag.citation.markup import escaped, web_address
from rag.draft.checked_draft import Alteration, CheckedDraft, CheckedQuotation, QuotedPlace, Verdict, WordChange

TOLD: Mapping[Verdict, str] = {
    "exact": "exact", "altered": "altered", "near": "not exact, a like passage", "not_found": "not found",
    "short": "short, not judged",
}  # fmt: skip
_WHY: Mapping[Alteration, str] = {
    "words": "other words", "signs": "other signs or capitals", "negation_left_out": "what is left out negates it",
    "speakers_joined": "it joins words of different speakers", "insert": "an insert takes the place of words",
}  # fmt: skip
_MOST_CHANGES = 8  # told in a note; JSON has all of them
_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    ".draft{white-space:pre-wrap;overflow-wrap:anywhere}mark{color:inherit;padding:.1em 0}"
    "mark.exact{background:#d3f2d8}mark.altered{background:#ffd9d4}mark.near{background:#ffedc2}"
    "mark.not_found{background:#ffd9d4;text-decoration:underline wavy #b3261e}mark.short{background:#ececec}"
)


def as_markdown(checked: CheckedDraft, *, is_markdown: bool) -> str:
    """The draft with a footnote behind each quotation, and the verdict before it where that is not `exact`."""
    pieces, read = [], 0
    for at, number in _ends(checked):
        verdict = checked.quotations[number].verdict
        said = "" if verdict == "exact" else f" **({TOLD[verdict]})**"
        pieces += [_words(checked.text[read:at], is_markdown), f"{said}[^check-{number + 1}]"]
        read = at
    pieces.append(_words(checked.text[read:], is_markdown).rstrip())
    notes = [f"[^check-{number}]: {_markdown_note(one)}\n" for number, one in enumerate(checked.quotations, 1)]
    return "\n\n".join(["".join(pieces), "".join(notes)]) if notes else f"{''.join(pieces)}\n"


def as_html(checked: CheckedDraft) -> str:
    """One page with nothing to load: the draft with its marks, and a note for each quotation."""
    notes = "".join(_html_note(number, one) for number, one in enumerate(checked.quotations, 1))
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>A checked draft</title><style>{_STYLE}</style></head><body>\n"
        f'<p>{escaped(summary(checked))}</p>\n<div class="draft" dir="auto">{"".join(_marked(checked))}</div>\n'
        f"<ol>{notes}</ol>\n</body></html>\n"
    )


def note(quotation: CheckedQuotation) -> str:
    """The verdict with its reason, place, speaker and hints, on one line."""
    return " ".join("; ".join(_parts(quotation)).split()) + "."


def address(quotation: CheckedQuotation) -> str | None:
    """The web address of the first place, at the words where that is known."""
    place = quotation.places[0] if quotation.places else None
    return (web_uri(place.fragment_url) or web_uri(place.url)) if place else None


def summary(checked: CheckedDraft) -> str:
    """How many quotations there are, and how many of each verdict."""
    count = len(checked.quotations)
    said = ", ".join(f"{checked.counts[one]:,} {words}" for one, words in TOLD.items() if checked.counts[one])
    return f"{count:,} quotation{'s' * (count != 1)}{': ' if said else ''}{said}."


def edges(checked: CheckedDraft) -> list[tuple[int, int, bool]]:
    """Where quotations begin and end, in order: the place, the number of the quotation, and whether it begins.

    At one place inner ones end first and begin last.
    """
    places = [
        (place, not_before, number)
        for number, one in enumerate(checked.quotations)
        for place, not_before in ((one.end, -one.depth - 1), (one.start, one.depth + 1))
    ]
    return [(place, number, order > 0) for place, order, number in sorted(places)]


def _ends(checked: CheckedDraft) -> Iterator[tuple[int, int]]:
    """The place behind each quotation and its closing mark, with its number."""
    found = []
    for number, one in enumerate(checked.quotations):
        closing = one.mark != ">" and one.end < len(checked.text)
        rest = checked.text[one.end : one.end + 3]
        skipped = len(rest) - len(rest.lstrip()) + 1 if closing else 0
        found.append((one.end + skipped, -one.depth, number))
    for at, _, number in sorted(found):
        yield at, number


def _words(text: str, is_markdown: bool) -> str:
    return text if is_markdown else "\n".join(map(escaped_markdown, text.split("\n")))


def _markdown_note(quotation: CheckedQuotation) -> str:
    link = address(quotation)
    return f"{escaped_markdown(note(quotation))}{f' <{link}>' if link else ''}"


def _marked(checked: CheckedDraft) -> Iterator[str]:
    read = 0
    for place, number, begins in edges(checked):
        yield escaped(checked.text[read:place])
        read = place
        if begins:
            yield f'<mark class="{checked.quotations[number].verdict}" id="quotation-{number + 1}">'
        else:
            yield f'</mark><sup><a href="#note-{number + 1}">{number + 1}</a></sup>'
    yield escaped(checked.text[read:])


def _html_note(number: int, quotation: CheckedQuotation) -> str:
    place = quotation.places[0] if quotation.places else None
    link = web_address(place.fragment_url or place.url) if place else None
    said = escaped(note(quotation))
    shown = f'{said} <a href="{link}" rel="noreferrer">The article</a>' if link else said
    return f'<li id="note-{number}"><a href="#quotation-{number}">↑</a> {shown}</li>\n'


def _parts(quotation: CheckedQuotation) -> Iterator[str]:
    why = f" ({_WHY[quotation.alteration]})" if quotation.alteration else ""
    yield f"{TOLD[quotation.verdict].capitalize()}{why}"
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
