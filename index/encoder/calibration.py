"""Texts that show which values a network's activations take, for its quantisation (`index.encoder.quantise`)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle

from corpus.chunk import Chunking, CountTokens, chunk
from corpus.sample import sample_articles

# Texts unlike the sample's, which some library will hold.
_FOREIGN = (
    "Le bac s’est échoué sur un banc de sable.",
    "Паром сел на мель у входа в гавань.",
    "フェリーが港の入り口で座礁した。",
    "العبارة جنحت عند مدخل الميناء.",
    "Η πόλη έκλεισε το λιμάνι.",
    "नौका रेत पर फँस गई।",
    "渡轮在港口外搁浅。",
    "La sala està buida.",
)
_ODD = (
    "",
    "x",
    "!",
    "...",
    "🦀",
    "<b>1</b>",
    "12 7 305 9 41 8,800 3.14 2,000 50%",
    "A | B | C\n1 | 2 | 3\n4 | 5 | 6",
    "a.b@c.org",
)
_TIMES = (2, 5, 20, 60, 250)  # that a word is repeated


@dataclass(frozen=True, slots=True)
class CalibrationTexts:
    """Passages and queries that a network is calibrated on, and passages `held_out` to measure the result."""

    passages: list[str]
    queries: list[str]
    held_out: list[str]


def calibration_texts(chunking: Chunking, count_tokens: CountTokens) -> CalibrationTexts:
    """The texts, from the sample articles and from what is unlike them; the same in every run."""
    articles = list(sample_articles())
    cut = [one.text for article in articles for one in chunk(article, chunking, count_tokens)]
    passages = [text for number, text in enumerate(cut) if number % 4]
    words = [text.split()[number % 7] for number, text in enumerate(passages) if len(text.split()) > 7]
    repeated = [f"{word} " * times for word, times in zip(words[::5], cycle(_TIMES), strict=False)]
    queries = (
        [article.title for article in articles]
        + words[::4]
        + [" ".join(words[at : at + 2]) for at in range(0, len(words), 8)]
    )
    return CalibrationTexts([*passages, *repeated, *_FOREIGN, *_ODD], queries, cut[::4])
