"""What checking a draft costs, and which verdicts it gives, over any library.

    python -m eval.experiments.checking HOME --quotations 300

HOME is the folder of a library. Sentences of its articles are quoted in a made-up draft: two of three as they are, one
in five with a word exchanged for another article's, the rest spelt backwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from corpus.library.store import Library
from eval.experiments.command import notice, parser, table, write
from eval.experiments.locating import drawn_sentences, exchanged
from rag.assemble import assemble, open_encoder
from rag.draft.check import check_draft
from rag.draft.checked_draft import Verdict
from rag.draft.draft_text import draft_of
from rag.pipeline import Pipeline
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings

_KINDS = ("as it is", "one word exchanged", "backwards")
_WEIGHTS = (10, 3, 2)
_MARKS = str.maketrans("", "", '"“”„«»‘‚‹›[]<>`…\n')


@dataclass(frozen=True, slots=True)
class CheckCost:
    """How often each verdict was given to each kind of quotation, and the seconds of a core and of the clock."""

    verdicts: Counter[tuple[str, Verdict]]
    core: float
    clock: float


def measure(pipeline: Pipeline, count: int) -> CheckCost:
    """The cost of checking so many quotations, each a sentence of the library."""
    made = list(islice(_quoted(pipeline.library), count))
    draft = draft_of("\n\n".join(f"It says “{words}” there." for _, words in made))
    core, clock = process_time(), perf_counter()
    checked = check_draft(pipeline, draft).quotations
    core, clock = process_time() - core, perf_counter() - clock
    verdicts = Counter((kind, one.verdict) for (kind, _), one in zip(made, checked, strict=True))
    return CheckCost(verdicts, round(core, 2), round(clock, 2))


def _quoted(library: Library) -> Iterator[tuple[str, str]]:
    """Sentences of articles drawn at random, as a draft has them."""
    draw = Random(1)  # noqa: S311 - the same draft each time
    ids = [article_id for article_id, _ in library.texts()]
    draw.shuffle(ids)
    before = "other words"
    for article_id in ids:
        for sentence in drawn_sentences([library.article(article_id)]):
            words = " ".join(sentence.text.translate(_MARKS).split())
            if words != sentence.text:  # marks in it would end the quotation
                continue
            kind = draw.choices(_KINDS, _WEIGHTS)[0]
            yield kind, _edited(words, before, kind, draw)
            before = words


def _edited(words: str, other: str, kind: str, draw: Random) -> str:
    if kind == "one word exchanged":
        return exchanged(words, other, draw, 1)
    return words[::-1] if kind == "backwards" else words


def _lines(cost: CheckCost, passages: int) -> Iterator[str]:
    yield from table(
        ["quoted", "verdict", "quotations"],
        ((kind, verdict, count) for (kind, verdict), count in sorted(cost.verdicts.items())),
    )
    yield f"{passages:,} passages: {cost.core} s of one core, {cost.clock} s by the clock"


if __name__ == "__main__":
    options = parser("checking", "What checking a draft costs.")
    options.add_argument("home", type=Path, help="the folder of a library")
    options.add_argument("--quotations", type=int, default=300, help="how many are checked")
    given = options.parse_args()
    own = Library(given.home / "library.sqlite")
    encoder = open_encoder(Settings(), notice)
    pipeline = assemble(own, encoder, SentenceReader(encoder), Settings())
    write(_lines(measure(pipeline, given.quotations), own.counts()[1]))
