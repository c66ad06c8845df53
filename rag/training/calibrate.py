"""Confidence and threshold of a reader, fitted on the held-out articles of several kinds of text.

Questions are asked of a library of these articles, as the product asks them; those that do not say what they are about,
of their article. A part of them has the article that answers left out, a part only the passages that answer, so that
the rest is on the same topic, and a part is altered so that its passage does not answer it.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Encoder
from index.filters import Filter
from index.hit import Hit
from index.ingest import add
from index.search import HybridIndex
from rag.answer import Trace
from rag.calibration import Calibration
from rag.decision.answer_normalisation import words_of
from rag.decision.rank import candidates, lead, weighed
from rag.pipeline import Reader
from rag.training.examples import TrainingExample
from rag.training.hard_negatives import with_altered_questions

_PASSAGES = 10  # read for each question
_SEARCHED = 100
_WITHOUT_ARTICLE = _WITHOUT_ANSWER = 1 / 6  # shares of the questions with their article, or what answers, left out
_ALTERED = 1 / 8  # share of the questions that are altered
_OF_ONE_ARTICLE = ("policyqa-dev", "squadshifts-reddit", "squadshifts-amazon_reviews")  # "What do they collect?"
_LONG = 8  # words
_FITTED = 5  # candidates of a question that the weights are fitted on
_ROUNDS = 8  # until the scale of the strengths and the weight of the lead, which is capped on that scale, agree


class NoThreshold(PullquoteError):
    """From no confidence on are few enough answers wrong; train longer, or allow more with --max-wrong."""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question of the held-out articles with what was read; `answerable` unless what answers it was left out.

    `set` is the public set that it is of.
    """

    answer: str
    answerable: bool
    trace: Trace
    set: str = ""

    def is_right(self, text: str) -> bool:
        """Whether a text holds the answer's words or they hold it, to a question that has one.

        Only one of the many ways to cut a right answer is known here, so that a shorter cut is right as well, and of a
        long answer (of `_LONG` words) what shares half of the words, by F1.
        """
        given, known = f" {words_of(text)} ", f" {words_of(self.answer)} "
        return self.answerable and (known in given or given in known or _is_most_of(given.split(), known.split()))


def _is_most_of(given: list[str], known: list[str]) -> bool:
    common = (Counter(given) & Counter(known)).total()
    return len(known) >= _LONG and 4 * common >= len(given) + len(known)


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """The share of questions answered from a confidence on, and the share of those answers that are wrong."""

    threshold: float
    coverage: float
    risk: float


def read_questions(
    examples: list[TrainingExample], limit: int, encoder: Encoder, reader: Reader, seed: int
) -> Iterator[ReadQuestion]:
    """What is read for `limit` questions of each set, drawn with the seed, in a library of all articles."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    altered = with_altered_questions(examples, 1.0, seed)
    with _library(examples, encoder) as library:
        index = HybridIndex(library, encoder)
        for name in sorted({example.set for example in examples}):
            members = [example for example in altered if example.set == name]
            for example in rng.sample(members, min(limit, len(members))):
                question, hits, answerable = _asked(example, index, rng)
                (readings,) = reader.read_all([(question, hits)])
                yield ReadQuestion(example.answer_text, answerable, Trace(question, tuple(hits), tuple(readings)), name)


def _asked(example: TrainingExample, index: HybridIndex, rng: random.Random) -> tuple[str, list[Hit], bool]:
    """A question, the passages to read for it, and whether one of them may answer it."""
    drawn, answer = rng.random(), words_of(example.answer_text)
    within = Filter(article=(_article_id(example),)) if example.set in _OF_ONE_ARTICLE else None
    if drawn < _ALTERED and example.altered:
        question = rng.choice(example.altered)
        return question, index.search(question, _PASSAGES, article_filter=within), False
    hits, drawn = index.search(example.question, _SEARCHED, article_filter=within), rng.random()
    if within:
        return example.question, hits[:_PASSAGES], True
    if drawn < _WITHOUT_ARTICLE:
        hits = [hit for hit in hits if hit.passage.article_id != _article_id(example)]
    elif drawn < _WITHOUT_ARTICLE + _WITHOUT_ANSWER:
        hits = [hit for hit in hits if f" {answer} " not in f" {words_of(hit.passage.text)} "]
    return example.question, hits[:_PASSAGES], drawn >= _WITHOUT_ARTICLE + _WITHOUT_ANSWER


def fit(questions: list[ReadQuestion]) -> Calibration:
    """Weights of the evidence from all good candidates, then the curve to confidence from the best of each question."""
    answered = [(question, answers) for question in questions if (answers := weighed(question.trace))]
    good = [(question, *answer) for question, answers in answered for answer in answers[:_FITTED]]
    weights, _ = _logistic(
        np.array([[one.margin, one.retrieval, np.log1p(one.agreeing), one.first, one.shared] for *_, one in good]),
        np.array([question.is_right(readings[0].text) for question, readings, _ in good]),
    )
    margin, retrieval, agreement, *of_both = weights
    first = Calibration(margin, 0.0, retrieval, max(agreement, 0.0), 0.0, *of_both)
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
        first=round(scale * first.first, 4),
        shared=round(scale * first.shared, 4),
    )


def left_out(questions: list[ReadQuestion], max_wrong: float) -> dict[str, CalibrationPoint]:
    """For each set the share answered and the share of that wrong, fitted and with the threshold of the other sets.

    A set is missing where there are no others, or they have no threshold.
    """
    points: dict[str, CalibrationPoint] = {}
    for name in sorted({question.set for question in questions}):
        others = [question for question in questions if question.set != name]
        if not others:
            continue
        calibration = fit(others)
        try:
            chosen = threshold_for(risk_coverage(others, calibration), max_wrong).threshold
        except NoThreshold:
            continue
        reached = [point for point in risk_coverage(_of(questions, name), calibration) if point.threshold >= chosen]
        points[name] = replace(reached[-1], threshold=chosen) if reached else CalibrationPoint(chosen, 0.0, 0.0)
    return points


def _of(questions: list[ReadQuestion], name: str) -> list[ReadQuestion]:
    return [question for question in questions if question.set == name]


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
    texts: dict[str, tuple[str, dict[str, None]]] = {}
    for example in examples:
        passages = texts.setdefault(_article_id(example), (example.passage.title, {}))[1]
        passages[example.passage.text] = None
    articles = [(name, title, "\n\n".join(passages)) for name, (title, passages) in texts.items()]
    temporary = TemporaryDirectory(prefix="pullquote-training-")
    with temporary as folder, closing(Library(Path(folder) / "library.sqlite")) as library:
        list(add(library, encoder, [Article(name, title, text, name, sha256=name) for name, title, text in articles]))
        yield library


def _article_id(example: TrainingExample) -> str:
    """The article of an example: its title's, or the passage alone where it has none."""
    passage = example.passage
    name = passage.title.replace(" ", "-") or hashlib.sha256(passage.text.encode()).hexdigest()[:16]
    return f"{example.set}-{name}"
