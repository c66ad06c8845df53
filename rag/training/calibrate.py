"""Confidence and threshold of a reader, fitted on the held-out articles.

Questions are asked of a library of these articles, as the product asks them. A part of them has the article that
answers left out, a part only the passages that answer, so that the rest is on the same topic.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.ingest import add
from index.search import HybridIndex
from rag.answer import Calibration, Trace
from rag.decision.answer_normalisation import words_of
from rag.decision.rank import candidates, lead, weighed
from rag.pipeline import Reader
from rag.training.examples import TrainingExample

_PASSAGES = 10  # read for each question
_SEARCHED = 100
_WITHOUT_ARTICLE = _WITHOUT_ANSWER = 1 / 6  # shares of the questions with their article, or what answers, left out
_FITTED = 5  # candidates of a question that the weights are fitted on
_ROUNDS = 8  # until the scale of the strengths and the weight of the lead, which is capped on that scale, agree


class NoThreshold(PullquoteError):
    """From no confidence on are few enough answers wrong; train longer, or allow more with --max-wrong."""


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


def read_questions(
    examples: list[TrainingExample], limit: int, encoder: Encoder, reader: Reader, seed: int
) -> Iterator[ReadQuestion]:
    """What is read for `limit` questions, drawn with the seed, in a library of all the examples' articles."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    with _library(examples, encoder) as library:
        index = HybridIndex(library, encoder)
        for example in rng.sample(examples, min(limit, len(examples))):
            drawn, answer = rng.random(), example.answer_text
            hits = index.search(example.question, _SEARCHED)
            if drawn < _WITHOUT_ARTICLE:
                hits = [hit for hit in hits if hit.passage.article_id != _article_id(example.passage.title)]
            elif drawn < _WITHOUT_ARTICLE + _WITHOUT_ANSWER:
                hits = [hit for hit in hits if f" {words_of(answer)} " not in f" {words_of(hit.passage.text)} "]
            hits = hits[:_PASSAGES]
            (readings,) = reader.read_all([(example.question, hits)])
            trace = Trace(example.question, tuple(hits), tuple(readings))
            yield ReadQuestion(answer, drawn >= _WITHOUT_ARTICLE + _WITHOUT_ANSWER, trace)


def fit(questions: list[ReadQuestion]) -> Calibration:
    """Weights of the evidence from all good candidates, then the curve to confidence from the best of each question."""
    answered = [(question, answers) for question in questions if (answers := weighed(question.trace))]
    good = [(question, *answer) for question, answers in answered for answer in answers[:_FITTED]]
    weights, _ = _logistic(
        np.array([[one.margin, one.retrieval, np.log1p(one.agreeing)] for *_, one in good]),
        np.array([question.is_right(readings[0].text) for question, readings, _ in good]),
    )
    first = Calibration(margin=weights[0], intercept=0.0, retrieval=weights[1], agreement=max(weights[2], 0.0))
    strengths = [[first.strength(evidence) for _, evidence in answers] for _, answers in answered]
    bests = [answers[int(np.argmax(found))][0] for (_, answers), found in zip(answered, strengths, strict=True)]
    right = np.array([one.is_right(best[0].text) for (one, _), best in zip(answered, bests, strict=True)])
    scale, lead_weight, intercept = 1.0, 0.0, 0.0
    for _ in range(_ROUNDS):
        design = np.array([[max(found), lead([scale * strength for strength in found])] for found in strengths])
        (scale, lead_weight), intercept = _logistic(design, right)
    if lead_weight < 0:  # the best is never the less sure for being ahead
        lead_weight = 0.0
        (scale,), intercept = _logistic(design[:, :1], right)
    return Calibration(
        margin=round(scale * first.margin, 4),
        intercept=round(intercept, 4),
        retrieval=round(scale * first.retrieval, 4),
        agreement=round(scale * first.agreement, 4),
        lead=round(lead_weight, 4),
    )


def risk_coverage(questions: list[ReadQuestion], calibration: Calibration) -> list[CalibrationPoint]:
    """Risk against coverage: a point for each confidence that a question's best answer has, the highest first."""
    bests = [
        (read[0].confidence, question.is_right(read[0].readings[0].text))
        for question in questions
        if (read := candidates(question.trace, calibration))
    ]
    bests.sort(key=lambda best: -best[0])
    wrong = np.cumsum([not right for _, right in bests])
    return [
        CalibrationPoint(confidence, (number + 1) / len(questions), float(wrong[number]) / (number + 1))
        for number, (confidence, _) in enumerate(bests)
        if number + 1 == len(bests) or bests[number + 1][0] < confidence  # a threshold lets equals in together
    ]


def threshold_for(points: list[CalibrationPoint], max_wrong: float) -> CalibrationPoint:
    """The point that answers most with at most this share of the answers wrong; NoThreshold where there is none."""
    within = [point for point in points if point.risk <= max_wrong]
    if not within:
        raise NoThreshold(
            f"From no confidence on is the share of wrong answers at most {max_wrong:g}; train the reader longer, or "
            "allow more with --max-wrong."
        )
    return within[-1]


def _logistic(design: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[list[float], float]:
    """Weights and intercept of the logistic regression of `right` (n,) on `design` (n, features)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=100.0, max_iter=1000).fit(design, right)
    return [float(weight) for weight in fitted.coef_[0]], float(fitted.intercept_[0])


@contextmanager
def _library(examples: Iterable[TrainingExample], encoder: Encoder) -> Iterator[Library]:
    """A library of the examples' articles: the passages of each title, joined by blank lines."""
    texts: dict[str, dict[str, None]] = {}
    for example in examples:
        texts.setdefault(example.passage.title, {})[example.passage.text] = None
    articles = [(_article_id(title), title, "\n\n".join(passages)) for title, passages in texts.items()]
    temporary = TemporaryDirectory(prefix="pullquote-training-")
    with temporary as folder, closing(Library(Path(folder) / "library.sqlite")) as library:
        list(add(library, encoder, [Article(name, title, text, name, sha256=name) for name, title, text in articles]))
        yield library


def _article_id(title: str) -> str:
    return title.replace(" ", "-")
