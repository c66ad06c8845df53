"""What stands before a passage moves the answer, and answers nothing itself."""

import random

import pytest

from corpus.article import Span
from rag.reader.window import Rows
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.front_matter import front_matter
from rag.training.network import bundled_tokenizer
from rag.training.rows import ExampleMix, RowBuilder

TEXT = "Mara Lindqvist steers the ferry."
EXAMPLE = TrainingExample("made", "Who steers the ferry?", TitledPassage("", TEXT), Span(0, 14))


@pytest.mark.parametrize("seed", range(40))
def test_the_answer_is_where_it_was_behind_the_front_matter(seed):
    builder = RowBuilder(Rows(bundled_tokenizer()))
    (target,) = builder.group(EXAMPLE, ExampleMix(clip=192, headed=1.0), random.Random(seed))
    words = bundled_tokenizer().decode(target.row.ids[target.start : target.end + 1])
    assert words == "mara lindqvist"
    assert len(target.row.places) > len(builder._rows.tokens([TEXT])[0].ids)


def test_heads_are_of_every_kind():
    heads = [front_matter("Who steers the ferry?", random.Random(seed)) for seed in range(300)]
    assert any("Who steers the ferry?\n\n" in head for head in heads)
    for part in ("By ", "Photo", " — ", "Published ", "Q: ", "(Reuters)"):
        assert any(part in head for head in heads), part
