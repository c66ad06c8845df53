"""Questions that a passage does not answer although they look as if it did.

SQuAD 2.0's unanswerable questions were written by people; ours are made from answerable ones: a name or a number is
exchanged for another of the same article or passage, a word for its opposite, or the question is one about another
passage.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import replace

from corpus.article import Span
from corpus.sentences import sentences_around
from rag.decision.answer_normalisation import words_of
from rag.training.examples import Source, TrainingExample

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
_DENIED = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_NEGATABLE = re.compile(r"\b(did|does|do|was|were|is|are|can|could|has|have|had|would|should|will)\b")


def with_altered_questions(examples: list[TrainingExample], share: float, seed: int) -> list[TrainingExample]:
    """The examples, a share of them with up to six questions that their passage does not answer."""
    titled: dict[str, list[TrainingExample]] = defaultdict(list)
    asked: dict[Source, set[str]] = defaultdict(set)
    for example in examples:
        titled[example.passage.title].append(example)
        asked[example.passage].add(words_of(example.question))
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = list(examples)
    for place, example in enumerate(examples):
        if chance.random() < share:
            questions = _altered(example, titled[example.passage.title], chance)
            strange = [question for question in questions if words_of(question) not in asked[example.passage]]
            found[place] = replace(example, altered=tuple(strange))
    return found


def _altered(example: TrainingExample, neighbours: list[TrainingExample], chance: random.Random) -> list[str]:
    others = [neighbours[chance.randrange(len(neighbours))].question for _ in range(12)]
    made = [
        _exchanged(example, others, _NAME, chance),
        _exchanged(example, others, _NUMBER, chance),
        _confused(example, chance),
        _opposite(example, chance),
        _negated(example) if chance.random() < 0.3 else None,
        _asked_elsewhere(example, neighbours, chance),
    ]
    return [question for question in made if question]


def _exchanged(example: TrainingExample, others: list[str], kind: re.Pattern[str], chance: random.Random) -> str | None:
    """The question with a name (or number) of another question that does not stand in the passage."""
    mine = list(kind.finditer(example.question))
    strange = [name for other in others for name in kind.findall(other) if name not in example.passage.text]
    if not mine or not strange:
        return None
    match = chance.choice(mine)
    name: str = chance.choice(strange)
    return example.question[: match.start()] + name + example.question[match.end() :]


def _confused(example: TrainingExample, chance: random.Random) -> str | None:
    """The question with one of its names exchanged for another that its passage tells of, elsewhere than the answer."""
    text, question = example.passage.text, example.question
    mine = [match for match in _NAME.finditer(question) if match[0] in text]
    around = sentences_around(text, example.answer)
    beside = [match[0] for match in _NAME.finditer(text) if not around.overlaps(Span(*match.span()))]
    strange = [name for name in beside if name not in question and name not in around.cut(text)]
    if not mine or not strange:
        return None
    match = chance.choice(mine)
    return question[: match.start()] + chance.choice(strange) + question[match.end() :]


def _opposite(example: TrainingExample, chance: random.Random) -> str | None:
    """The question with a word exchanged for its opposite, unless the passage has that as well."""
    words = example.question.split(" ")
    places = [
        place
        for place, word in enumerate(words)
        if _OPPOSITES.get(word, example.passage.text) not in example.passage.text
    ]
    if not places:
        return None
    place = chance.choice(places)
    words[place] = _OPPOSITES[words[place]]
    return " ".join(words)


def _negated(example: TrainingExample) -> str | None:
    """The question denied, unless it is already: denied twice it asks the same."""
    if _DENIED.search(example.question):
        return None
    denied = _NEGATABLE.sub(lambda match: f"{match[0]} not", example.question, count=1)
    return denied if denied != example.question else None


def _asked_elsewhere(example: TrainingExample, neighbours: list[TrainingExample], chance: random.Random) -> str | None:
    """A question about another passage of the article, whose answer does not stand in this one."""
    other = neighbours[chance.randrange(len(neighbours))]
    answer = other.answer.cut(other.passage.text)
    same = other.passage == example.passage or answer in example.passage.text
    return None if same else other.question
