"""What the reader's scores mean: confidence and threshold, fitted on articles that nothing was learned from.

Questions are asked of a library of the held-out articles, as the product asks them; a part of them with the article
that answers left out, a part with only the passages that answer left out, so that the rest is on the same topic.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.ingest import add
from index.search import HybridIndex
from rag.answer import Calibration, Evidence, Reading, Trace
from rag.decision.answer_normalisation import words_of
from rag.decision.rank import candidates, lead, weighed
from rag.pipeline import Reader
from rag.training.examples import TrainingExample

Floats = NDArray[np.float64]

_PASSAGES = 10  # read for each question
_SEARCHED = 100
_WITHOUT_ARTICLE = _WITHOUT_ANSWER = 1 / 6  # shares of the questions with their article, or what answers, left out
_FITTED = 5  # candidates of a question that the weights are fitted on
_ROUNDS = 8  # until the scale of the strengths and the weight of the lead, which is capped on that scale, agree


class NoThreshold(PullquoteError):
    """From no confidence on are few enough answers wrong; train longer, or allow more with --max-wrong."""

    def __init__(self, max_wrong: float) -> None:
        super().__init__(
            f"From no confidence on is the share of wrong answers at most {max_wrong:g}; train the reader longer, or "
            "allow more with --max-wrong."
        )


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question of the held-out articles with what was read; `answerable` unless what answers it was left out."""

    answer: str
    answerable: bool
    trace: Trace

    def is_right(self, text: str) -> bool:
        """Whether a text holds the answer's words or they hold it, to a question that has one.

        Only one of the many ways to cut a right answer is known here, so that a shorter cut is right as well.
        """
        given, known = f" {words_of(text)} ", f" {words_of(self.answer)} "
        return self.answerable and (known in given or given in known)


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """The share of questions answered from a confidence on, and the share of those answers that are wrong."""

    threshold: float
    coverage: float
    risk: float


def ask(
    examples: list[TrainingExample], limit: int, encoder: Encoder, reader: Reader, seed: int
) -> Iterator[ReadQuestion]:
    """What is read for `limit` questions, drawn with the seed, in a library of all the examples' articles."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    with _library(examples, encoder) as library:
        index = HybridIndex(library, encoder)
        for example in chance.sample(examples, min(limit, len(examples))):
            drawn, answer = chance.random(), example.answer.cut(example.passage.text)
            hits = index.search(example.question, _SEARCHED)
            if drawn < _WITHOUT_ARTICLE:
                hits = [hit for hit in hits if hit.passage.article_id != _identity(example.passage.title)]
            elif drawn < _WITHOUT_ARTICLE + _WITHOUT_ANSWER:
                hits = [hit for hit in hits if f" {words_of(answer)} " not in f" {words_of(hit.passage.text)} "]
            (readings,) = reader.read_all([(example.question, hits[:_PASSAGES])])
            trace = Trace(example.question, tuple(hits[:_PASSAGES]), tuple(readings))
            yield ReadQuestion(answer, drawn >= _WITHOUT_ARTICLE + _WITHOUT_ANSWER, trace)


def fit(all_asked: list[ReadQuestion]) -> Calibration:
    """Weights of the evidence from all good candidates, then the curve to confidence from the best of each question."""
    all_weighed = [(asked, weighed(asked.trace)) for asked in all_asked]
    good = [(asked, *answer) for asked, answers in all_weighed for answer in answers[:_FITTED]]
    weights, _ = _logistic(
        np.array([_columns(one) for *_, one in good]),
        np.array([asked.is_right(readings[0].text) for asked, readings, _ in good]),
    )
    first = Calibration(margin=weights[0], intercept=0.0, retrieval=weights[1], agreement=max(weights[2], 0.0))
    bests = [_best(asked, answers, first) for asked, answers in all_weighed if answers]
    right = np.array([is_right for _, is_right in bests])
    scale, lead_weight, intercept = 1.0, 0.0, 0.0
    for _ in range(_ROUNDS):
        design = [[max(strengths), lead([scale * strength for strength in strengths])] for strengths, _ in bests]
        (scale, lead_weight), intercept = _logistic(np.array(design), right)
    if lead_weight < 0:  # the best is never the less sure for being ahead
        lead_weight = 0.0
        (scale,), intercept = _logistic(np.array(design)[:, :1], right)
    return Calibration(
        margin=round(scale * first.margin, 4),
        intercept=round(intercept, 4),
        retrieval=round(scale * first.retrieval, 4),
        agreement=round(scale * first.agreement, 4),
        lead=round(lead_weight, 4),
    )


def curve(all_asked: list[ReadQuestion], calibration: Calibration) -> list[CalibrationPoint]:
    """Risk against coverage: a point for each confidence that a question's best answer has, the highest first."""
    bests = [
        (read[0].confidence, asked.is_right(read[0].readings[0].text))
        for asked in all_asked
        if (read := candidates(asked.trace, calibration))
    ]
    bests.sort(key=lambda best: -best[0])
    wrong = np.cumsum([not right for _, right in bests])
    return [
        CalibrationPoint(confidence, (number + 1) / len(all_asked), float(wrong[number]) / (number + 1))
        for number, (confidence, _) in enumerate(bests)
        if number + 1 == len(bests) or bests[number + 1][0] < confidence  # a threshold lets equals in together
    ]


def threshold_for(points: list[CalibrationPoint], max_wrong: float) -> CalibrationPoint:
    """The point that answers most with at most this share of the answers wrong; NoThreshold where there is none."""
    for point in reversed(points):
        if point.risk <= max_wrong:
            return point
    raise NoThreshold(max_wrong)


def _columns(one: Evidence) -> list[float]:
    return [one.margin, one.retrieval, float(np.log1p(one.agreeing))]


def _best(
    asked: ReadQuestion, answers: list[tuple[tuple[Reading, ...], Evidence]], calibration: Calibration
) -> tuple[list[float], bool]:
    """The strengths of the answers, and whether the best of them is right."""
    strengths = [calibration.strength(one) for _, one in answers]
    readings, _ = answers[int(np.argmax(strengths))]
    return strengths, asked.is_right(readings[0].text)


def _logistic(design: Floats, right: Any) -> tuple[list[float], float]:  # noqa: ANN401 - a list of flags
    """Weights and intercept of the logistic regression of `right` (n,) on `design` (n, features)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=100.0, max_iter=1000).fit(design, right)
    return [float(weight) for weight in fitted.coef_[0]], float(fitted.intercept_[0])


@contextmanager
def _library(examples: Iterable[TrainingExample], encoder: Encoder) -> Iterator[Library]:
    """A library of the examples' articles: the passages of each title, joined by blank lines."""
    texts: dict[str, list[str]] = {}
    for example in examples:
        texts.setdefault(example.passage.title, []).append(example.passage.text)
    temporary = TemporaryDirectory(prefix="pullquote-training-")
    with temporary as folder, closing(Library(Path(folder) / "library.sqlite")) as library:
        for _ in add(library, encoder, [_article(title, passages) for title, passages in texts.items()]):
            pass
        yield library


def _article(title: str, passages: list[str]) -> Article:
    text = "\n\n".join(dict.fromkeys(passages))
    return Article(_identity(title), title, text, _identity(title), sha256=_identity(title))


def _identity(title: str) -> str:
    return title.replace(" ", "-")
