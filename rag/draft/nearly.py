"""The place in the library that is most like a quotation which stands nowhere: its words altered, or a paraphrase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.article import Span
from corpus.deadline import check_deadline
from corpus.sentences import sentences
from index.encoder.encoder import Encoder
from rag.draft.changes import changes, is_of_signs
from rag.draft.checked_draft import Alteration, WordChange
from rag.draft.cuts import CutQuotation
from rag.draft.joins import MOST_LEFT_OUT, Joined
from rag.draft.scan import Region
from rag.locate.locate import LONGEST_QUOTE, similarity_threshold
from rag.locate.nearest import Nearest, nearest, words
from rag.retrieve import Retriever

MOST_PARAPHRASED = 40  # quotations of a draft for which passages are searched by meaning
_MARGIN = 150  # characters beside a region
_MOST_WIDER = 6_000  # characters by which ellipses make a region wider
_ALIGNED = 4  # regions, the best first, until the words of one are like enough
_HITS = 2  # passages whose sentences are compared
_NEAR = 0.53  # the cosine of a quotation and a sentence from which on one may paraphrase the other
_SENTENCES = 20  # of a passage
_QUERY = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Likeness:
    """A place of an article that is like a quotation, how much (0..1), and what differs."""

    article_id: str
    span: Span
    similarity: float
    alteration: Alteration | None = None
    changes: tuple[WordChange, ...] = ()


class Nearly:
    """Finds what is like quotations of one draft."""

    def __init__(self, retriever: Retriever, encoder: Encoder) -> None:
        self._retriever = retriever
        self._encoder = encoder
        self._searched = 0

    def of_joined(self, draft: str, cut: CutQuotation, joint: Joined) -> Likeness:
        """What a quotation breaks whose parts all stand at one place."""
        found = changes(draft, cut.parts, joint.text, joint.span)
        return Likeness(joint.article_id, joint.span, 1.0, joint.breach, found)

    def altered(self, draft: str, cut: CutQuotation, regions: Iterable[Region]) -> Likeness | None:
        """The place whose words are most like those of a quotation, if they are its words altered."""
        quote = _without_inserts(draft, cut)
        if len(quote) > LONGEST_QUOTE:
            return None
        threshold = similarity_threshold(len(words(quote)))
        best: tuple[Nearest, Region] | None = None
        looked_at: list[tuple[str, Span]] = []
        for region in regions:
            window = _window(region, len(quote), cut)
            if len(looked_at) == _ALIGNED or (best and best[0].similarity >= threshold and len(looked_at) > 1):
                break
            if any(name == region.article_id and seen.covers(region.span) for name, seen in looked_at):
                continue
            check_deadline()
            looked_at.append((region.article_id, window))
            found = nearest(region.text, window, quote)
            if found and (best is None or found.similarity > best[0].similarity):
                best = found, region
        if best is None or best[0].similarity < threshold:
            return None
        found, region = best
        differing = changes(draft, cut.parts, region.text, found.span)
        alteration: Alteration = "signs" if is_of_signs(differing) else "words"
        return Likeness(region.article_id, found.span, found.similarity, alteration, differing)

    def near(self, draft: str, cut: CutQuotation) -> Likeness | None:
        """The sentence nearest by meaning in the passages found, if one is near."""
        quote = _without_inserts(draft, cut)
        if self._searched == MOST_PARAPHRASED:
            return None
        self._searched += 1
        check_deadline()
        passages = [hit.passage for hit in self._retriever.search(quote[:_QUERY], _HITS)]
        found = [(passage, span) for passage in passages for span in sentences(passage.text)[:_SENTENCES]]
        if not found:
            return None
        rows = self._encoder.encode_passages([span.cut(passage.text) for passage, span in found])
        cosines = rows @ self._encoder.encode_query(quote[:_QUERY])
        best = int(cosines.argmax())
        if cosines[best] < _NEAR:
            return None
        passage, span = found[best]
        return Likeness(passage.article_id, span.shift(passage.span.start), round(float(cosines[best]), 4))


def _without_inserts(draft: str, cut: CutQuotation) -> str:
    """The words of a quotation, with a sign where words are left out."""
    pieces = [cut.parts[0].cut(draft)]
    for between, part in zip(cut.cuts, cut.parts[1:], strict=True):
        pieces += [" … " if between.is_ellipsis else " ", part.cut(draft)]
    return "".join(pieces)


def _window(region: Region, length: int, cut: CutQuotation) -> Span:
    """Where a quotation of this length lies if a region has some of it."""
    reach = length + _MARGIN + min(MOST_LEFT_OUT * sum(one.is_ellipsis for one in cut.cuts), _MOST_WIDER)
    return Span(max(0, region.span.start - reach), min(len(region.text), region.span.end + reach))
