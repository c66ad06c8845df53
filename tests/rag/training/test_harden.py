"""Of what does not match, that stays by which a reader is fooled most."""

from dataclasses import replace

import numpy as np
import pytest

from corpus.article import Span
from rag.reader.window import Rows
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.harden import hardened
from rag.training.network import bundled_tokenizer

ROWS = Rows(bundled_tokenizer())
TEXT = "The ferry sank in May."
WRONG = tuple(TitledPassage("", f"It was {name}.") for name in ("calm", "cold", "dark", "late"))
EXAMPLE = TrainingExample(
    "made", "When did it sink?", TitledPassage("", TEXT), Span(18, 21), WRONG, ("who?", "where?", "why?")
)


class FooledBy:
    """Is the surer of an answer the later a word stands among these: its logits are (place, place) at one token."""

    def __init__(self, *words):
        self.places = {bundled_tokenizer().token_to_id(word): place for place, word in enumerate(words, 1)}
        self.rows = 0

    def run(self, rows, limits):
        self.rows += len(rows)
        return [self.logits(row["input_ids"]) for row in rows]

    def logits(self, ids):
        logits = np.zeros((len(ids), 2), dtype=np.float32)
        logits[-2] = max(self.places.get(token, 0) for token in ids)
        return logits


def test_the_two_questions_and_passages_of_the_best_margins_stay():
    (hard,) = hardened([EXAMPLE], 1.0, ROWS, FooledBy("why", "who", "where", "late", "calm", "dark", "cold"), 1)
    assert hard.altered == ("where?", "who?")
    assert [passage.text for passage in hard.wrong] == ["It was cold.", "It was dark."]
    assert replace(hard, altered=(), wrong=()) == replace(EXAMPLE, altered=(), wrong=())


def test_a_share_is_read_and_the_others_stay_as_they_are_in_their_order():
    examples = [replace(EXAMPLE, question=f"When did boat {number} sink?") for number in range(1200)]
    network = FooledBy("why")
    hard = list(hardened(examples, 0.25, ROWS, network, 1))
    assert [one.question for one in hard] == [one.question for one in examples]
    changed = sum(one != before for one, before in zip(hard, examples, strict=True))
    assert changed / 1200 == pytest.approx(0.25, abs=0.04)
    assert network.rows == 7 * changed


def test_an_example_without_any_is_not_read():
    network = FooledBy("why")
    plain = replace(EXAMPLE, altered=(), wrong=())
    assert list(hardened([plain], 1.0, ROWS, network, 1)) == [plain]
    assert network.rows == 0
