"""The sentence reader: the sentence of each passage nearest to the question; the baseline of the span reader."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.article import Span
from corpus.sentences import sentences
from index.encoder.encoder import Encoder
from index.hit import Hit
from rag.answer import Reading
from rag.calibration import Calibration, ReaderCard

_RETRIEVAL_WEIGHT = 0.3  # of the fused score (0..1) beside the cosine: docs/measurements/reader.md
_FEWEST_WORDS = 4  # "He did." answers nothing by itself
_ENDS = ".!…。！"
_CLOSERS = "\"'”’»)]」』）[0123456789"  # quotes and note numbers after the end mark
_MOST_SENTENCES = 40  # of one passage; more means broken text, not sentences


class SentenceReader:
    """Reads the sentence of each passage whose embedding is nearest to the question's.

    The score is its cosine, plus a share of the passage's retrieval score; the null score is 0.
    """

    # Chosen on figures: docs/measurements/reader.md.
    card = ReaderCard(name="sentence", threshold=0.307, calibration=Calibration(margin=6.7, intercept=-5.3))

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def read_all(self, questions: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """For each question one reading a passage that has a sentence, in the order of the hits."""
        return [self._read(question, hits) for question, hits in questions]

    def _read(self, question: str, hits: list[Hit]) -> list[Reading]:
        candidates = [(hit, span) for hit in hits for span in _readable(hit.passage.text)]
        if not candidates:
            return []
        embeddings = self._encoder.encode_passages([span.cut(hit.passage.text) for hit, span in candidates])
        cosines = (embeddings @ self._encoder.encode_query(question)).tolist()
        best: dict[str, Reading] = {}
        for (hit, span), cosine in zip(candidates, cosines, strict=True):
            score = cosine + _RETRIEVAL_WEIGHT * hit.score
            known = best.get(hit.passage.id)
            if known is None or score > known.span_score:
                best[hit.passage.id] = Reading(hit.passage, span, score, 0.0)
        return list(best.values())


def _readable(text: str) -> list[Span]:
    """The sentences of a passage that state something; all of them where none does."""
    spans = sentences(text)[:_MOST_SENTENCES]
    return [span for span in spans if _states(span.cut(text))] or spans


def _states(sentence: str) -> bool:
    """Whether a sentence ends as statements do and has some words: no heading, no caption, no question."""
    words = sum(any(map(str.isalnum, word)) for word in sentence.split())
    return words >= _FEWEST_WORDS and sentence.rstrip(_CLOSERS)[-1:] in _ENDS
