"""Whether quotes are verbatim: the words of each are compared with its article at its offsets."""

from __future__ import annotations

from math import inf

from corpus.article import Span
from corpus.library.store import Library
from rag.answer import Candidate, Quote, Trace, is_verbatim
from rag.calibration import Calibration
from rag.citation.cite import BrokenQuote, Citer
from rag.decision.decide import decide


def broken_quotes(trace: Trace, library: Library, calibration: Calibration) -> tuple[str, ...]:
    """The places of quotes whose words differ from their article, among the answers at any threshold."""
    broken: list[str] = []
    for candidate in decide(trace, -inf, calibration).believed:
        try:
            quotes = _cited(candidate, trace, library)
        except BrokenQuote:  # the pipeline would send nothing
            broken.extend(place(one.passage.article_id, one.article_span) for one in candidate.readings)
        else:
            broken.extend(
                place(quote.article_id, Span(quote.start, quote.end)) for quote in quotes if not _stands(quote, library)
            )
    return tuple(broken)


def place(article_id: str, span: Span) -> str:
    """`article:start-end`, as a passage's id is written."""
    return f"{article_id}:{span.start}-{span.end}"


def _cited(candidate: Candidate, trace: Trace, library: Library) -> tuple[Quote, ...]:
    answers = Citer(library, trace.hits, trace.stories).answers([candidate])
    return tuple(quote for answer in answers for quote in answer.quotes)


def _stands(quote: Quote, library: Library) -> bool:
    text = library.article(quote.article_id).text
    return is_verbatim(quote, text) and all(is_verbatim(words, text) for words in (quote.context, *quote.parts))
