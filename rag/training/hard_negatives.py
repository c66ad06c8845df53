"""Unanswerable questions that look as if their passage answered them.

SQuAD 2.0's were written by people. Ours are made from answerable ones: a name or a number is exchanged for another of
the same article or passage, a word for its opposite, or the question is one about another passage.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import replace

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.decision.answer_normalisation import words_of
from rag.training.examples import TitledPassage, TrainingExample

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+(?:(?: of| the| de| von)? [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_PAIRS = """
first last|largest smallest|biggest smallest|highest lowest|oldest youngest|best worst|most least|more less
before after|north south|east west|northern southern|eastern western|early late|earlier later|earliest latest
increase decrease|increased decreased|rise fall|win lose|won lost|begin end|began ended|start stop|started stopped
open close|opened closed|male female|men women|man woman|boys girls|father mother|son daughter|king queen
husband wife|brother sister|import export|imports exports|buy sell|bought sold|enter leave|entered left
arrive depart|accept reject|accepted rejected|allow forbid|allowed forbidden|support oppose|supported opposed
agree disagree|agreed disagreed|gain lose|gained lost|cause prevent|caused prevented|add remove|added removed
create destroy|created destroyed|build demolish|built demolished|same different|similar different|major minor
common rare|public private|urban rural|upper lower|left right|hot cold|positive negative|strong weak
strongest weakest|fast slow|fastest slowest|long short|longest shortest|old new|older newer|inside outside
above below|indoor outdoor|always never|many few|maximum minimum|majority minority|former current|success failure
successful unsuccessful|legal illegal|official unofficial|domestic foreign|internal external|rich poor
primary secondary|ancient modern|formal informal|direct indirect|permanent temporary|simple complex|cheap expensive
""".replace("\n", "|")
_OPPOSITES: dict[str, str] = {
    word: opposite for pair in _PAIRS.split("|") if pair for word, opposite in (pair.split(), reversed(pair.split()))
}
_NEGATED = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_NEGATABLE = re.compile(r"\b(did|does|do|was|were|is|are|can|could|has|have|had|would|should|will)\b")


def with_altered_questions(examples: list[TrainingExample], share: float, seed: int) -> list[TrainingExample]:
    """The examples, a share of them with up to six questions that their passage does not answer."""
    by_title: dict[str, list[TrainingExample]] = defaultdict(list)
    asked: dict[TitledPassage, set[str]] = defaultdict(set)
    for example in examples:
        by_title[example.passage.title].append(example)
        asked[example.passage].add(words_of(example.question))
    rng = random.Random(seed)  # noqa: S311 - no secret
    found = list(examples)
    for place, example in enumerate(examples):
        if rng.random() < share:
            questions = _altered(example, by_title[example.passage.title], rng)
            altered = [question for question in questions if words_of(question) not in asked[example.passage]]
            found[place] = replace(example, altered=example.altered + tuple(altered))
    return found


def _altered(example: TrainingExample, neighbours: list[TrainingExample], rng: random.Random) -> list[str]:
    others = [rng.choice(neighbours).question for _ in range(12)]
    questions = [
        _exchanged(example, others, _NAME, rng),
        _exchanged(example, others, _NUMBER, rng),
        _confused(example, rng),
        _opposite(example, rng),
        _negated(example) if rng.random() < 0.3 else None,
        _asked_elsewhere(example, rng.choice(neighbours)),
    ]
    return list(filter(None, questions))


def _exchanged(example: TrainingExample, others: list[str], kind: re.Pattern[str], rng: random.Random) -> str | None:
    """The question with a name (or number) of another question that does not stand in the passage."""
    foreign = [name for other in others for name in kind.findall(other) if name not in example.passage.text]
    return _with_one_of(foreign, example.question, list(kind.finditer(example.question)), rng)


def _confused(example: TrainingExample, rng: random.Random) -> str | None:
    """The question with one of its names exchanged for another of its passage, from outside the answer's sentence."""
    text, question = example.passage.text, example.question
    known = [match for match in _NAME.finditer(question) if match[0] in text]
    around = sentences_around(text, example.answer)
    outside = [match[0] for match in _NAME.finditer(text) if not around.overlaps(Span(*match.span()))]
    foreign = [name for name in outside if name not in question and name not in around.cut(text)]
    return _with_one_of(foreign, question, known, rng)


def _with_one_of(names: list[str], question: str, places: list[re.Match[str]], rng: random.Random) -> str | None:
    """The question with one of the names in one of the places; None where there is no name or no place."""
    if not names or not places:
        return None
    place = rng.choice(places)
    return question[: place.start()] + rng.choice(names) + question[place.end() :]


def _opposite(example: TrainingExample, rng: random.Random) -> str | None:
    """The question with a word exchanged for its opposite, unless the passage has that as well."""
    words, text = example.question.split(" "), example.passage.text
    places = [place for place, word in enumerate(words) if _OPPOSITES.get(word, text) not in text]
    if not places:
        return None
    place = rng.choice(places)
    words[place] = _OPPOSITES[words[place]]
    return " ".join(words)


def _negated(example: TrainingExample) -> str | None:
    """The question negated, unless it is already: negated twice it asks the same."""
    if _NEGATED.search(example.question):
        return None
    negated = _NEGATABLE.sub(lambda match: f"{match[0]} not", example.question, count=1)
    return negated if negated != example.question else None


def _asked_elsewhere(example: TrainingExample, other: TrainingExample) -> str | None:
    """The other example's question, if it is about another passage and its answer does not stand in this one."""
    is_answered = other.passage == example.passage or other.answer_text in example.passage.text
    return None if is_answered else other.question
