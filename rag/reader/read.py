"""The span reader: the best spans of every passage, by a network that runs without torch."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from corpus.article import Span
from corpus.errors import PullquoteError
from corpus.regular_file import read_regular
from index.encoder.blob_cache import BlobCache
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files
from index.encoder.compiled import BatchLimits, CompiledNetwork, cores
from index.hit import Hit
from rag.answer import Reading
from rag.calibration import ReaderCard
from rag.reader.boundaries import without_speaker
from rag.reader.change import one_side
from rag.reader.decode import Logits, ScoredSpan, SpanTokens, best_spans
from rag.reader.explanations import ReadWindow, explanations
from rag.reader.lists import as_list
from rag.reader.one_count import one_count
from rag.reader.question_type import asks_for_more, few_words
from rag.reader.repeated_question import repeated
from rag.reader.table_rows import readable_texts, whole_cell
from rag.reader.weight_parts import joined
from rag.reader.whole_units import whole_span
from rag.reader.window import STRIDE, InputRow, Rows, windows

SHIPPED = Path(__file__).parents[1] / "models" / "reader"
CAREFUL = SHIPPED.with_name("careful")
_FILES = ("reader.json", "model.xml", "model.bin", "tokenizer.json")
_READINGS = 3  # of a passage at most
_BATCH = BatchLimits(rows=8, tokens=1024)


_NAMED = {"careful": [SHIPPED, CAREFUL], "fast": [SHIPPED], "span": [SHIPPED], "sentence": []}  # span: as fast


class UnknownReader(PullquoteError):
    """No reader has this name here; PULLQUOTE_READER takes a name that is installed, or a folder that was exported."""

    def __init__(self, name: str) -> None:
        names = [repr(one) for one, folders in _NAMED.items() if one != "span" and all(map(Path.is_dir, folders))]
        super().__init__(
            f"There is no reader {name!r}; set PULLQUOTE_READER to {', '.join(names)}, or a folder that "
            "`python -m rag.training export` wrote."
        )


def card_of(folder: Path) -> ReaderCard:
    """The card of the reader in a folder; UnknownReader where there is none, DamagedModel."""
    path = folder / "reader.json"
    if not path.is_file():
        raise UnknownReader(str(folder))
    try:
        return ReaderCard.from_json(json.loads(read_regular(path)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedModel(path, "it is no card of a reader") from error


def reader_folders(name: str) -> list[Path]:
    """The folders of the span readers that a name of PULLQUOTE_READER stands for, the fast one first.

    A folder whose calibration weighs what a fast reader says stands behind the one that ships. UnknownReader where
    there is neither a name nor a folder of that kind; DamagedModel.
    """
    if name in _NAMED:
        return _NAMED[name]
    folder = Path(name).expanduser()
    return [SHIPPED, folder] if card_of(folder).calibration.is_of_both else [folder]


@dataclass(frozen=True, slots=True)
class _Window:
    """A window of a passage, with the number of its hit and its input row for the network."""

    hit: int
    row: InputRow
    part: SpanTokens


class SpanReader:
    """Reads each passage in windows; safe to share between threads, which share batches."""

    def __init__(self, folder: Path, cache: Path) -> None:
        """Loads what `rag.training export` wrote to `folder`; UnknownReader where that is none; DamagedModel."""
        folder = joined(folder, cache)
        if not all((folder / name).is_file() for name in _FILES):
            raise UnknownReader(str(folder))
        streams = cores()
        blobs = BlobCache(folder, cache, streams)
        from tokenizers import Tokenizer

        if folder == SHIPPED or (folder / CHECKSUMS).exists():  # those exported before have none
            check_files(folder, ("reader.json", "tokenizer.json"))
        self.card = card_of(folder)
        self._rows = Rows(Tokenizer.from_file(str(folder / "tokenizer.json")))
        self._network = CompiledNetwork(folder / "model.xml", cache, streams, blobs)

    def read_all(self, questions: Sequence[tuple[str, list[Hit]]]) -> list[list[Reading]]:
        """For each question up to three readings a passage that share no words, in the order of its hits, best first.

        All are read in the same batches.
        """
        windows = [list(self._windows(question, hits)) for question, hits in questions]
        logits = iter(self._network.run([window.row.columns for one in windows for window in one], _BATCH))
        return [
            _readings(question, hits, zip(one, islice(logits, len(one)), strict=True))
            for (question, hits), one in zip(questions, windows, strict=True)
        ]

    def _windows(self, question: str, hits: list[Hit]) -> Iterator[_Window]:
        passages = [hit.passage for hit in hits]
        titles = list(dict.fromkeys(passage.title for passage in passages))
        texts = readable_texts(question, passages)
        question_tokens, *tokens = self._rows.tokens([question, *titles, *(text.text for _, text in texts)])
        titled = dict(zip(titles, tokens, strict=False))
        again = repeated(question, passages)
        for (number, text), whole in zip(texts, tokens[len(titles) :], strict=True):
            if not whole.ids:
                continue
            passage = passages[number]
            part = SpanTokens.of(text.text, whole.places, [self._rows.continues(token) for token in whole.ids])
            if text.text != passage.text:
                part = part.within(passage.text, text)
            if number in again:
                part = part.without(again[number])
            for place, window in enumerate(windows(whole)):
                first = place * STRIDE
                row = self._rows.row(question_tokens, titled[passage.title], window)
                yield _Window(number, row, part.window(first, first + len(window.ids)))


def _readings(question: str, hits: list[Hit], read: Iterable[tuple[_Window, Logits]]) -> list[Reading]:
    """The readings of each passage, from the logits of its windows."""
    windows: dict[int, list[ReadWindow]] = defaultdict(list)
    for window, logits in read:
        first = window.row.offset
        inner = logits[first : first + len(window.part.places)]
        windows[window.hit].append(ReadWindow(window.part, inner, float(logits[0].sum())))
    in_full, few = asks_for_more(question), few_words(question)
    return [
        Reading(passage, _own_words(passage.text, scored), scored.score, scored.null, scored.items)
        for number, parts in windows.items()
        for passage in (hits[number].passage,)
        for scored in _disjoint(
            explanations(passage.text, parts, _READINGS, few) if in_full else _spans(question, parts)
        )
    ]


def _own_words(text: str, scored: ScoredSpan) -> Span:
    """The span without the mark of its speaker; a list begins with its first item, as "Ann Berg: chair"."""
    return scored.span if scored.items else without_speaker(text, scored.span)


def _spans(question: str, windows: Iterable[ReadWindow]) -> Iterator[ScoredSpan]:
    """The best spans of each window, of whole units, and lists where the question asks for several."""
    for tokens, logits, null in windows:
        for place, scored in enumerate(best_spans(logits, null, tokens, _READINGS)):
            whole = replace(scored, span=whole_cell(tokens.text, scored.span))
            if place == 0 or scored.margin >= 0:  # others support nothing
                side = one_side(whole.span, tokens, logits, question)
                unit = whole_span(tokens.text, side, question)
                whole = replace(whole, span=one_count(tokens.text, unit, question))
                whole = as_list(whole, tokens, logits, question)
            yield whole


def _disjoint(scores: Iterable[ScoredSpan]) -> list[ScoredSpan]:
    """The best spans of a passage, over all its windows, that share no words."""
    disjoint: list[ScoredSpan] = []
    for scored in sorted(scores, key=lambda one: (-one.margin, one.span)):
        if len(disjoint) < _READINGS and not any(scored.span.overlaps(other.span) for other in disjoint):
            disjoint.append(scored)
    return disjoint
