"""The span reader: the best spans of every passage, by a network that runs without torch."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from pathlib import Path

from corpus.article import Span
from corpus.errors import PullquoteError
from corpus.regular_file import read_regular
from corpus.sentences import is_item, sentences_around, without_mark
from corpus.tables import in_table
from index.encoder.blob_cache import BlobCache
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files
from index.encoder.compiled import BatchLimits, CompiledNetwork, cores
from index.hit import Hit
from rag.answer import ReaderCard, Reading
from rag.reader.boundaries import boundaries
from rag.reader.decode import Logits, ScoredSpan, SpanTokens, best_spans
from rag.reader.question_type import asks_for_more, asks_for_speech
from rag.reader.table_rows import readable_texts, whole_cell
from rag.reader.window import STRIDE, InputRow, Rows, windows

SHIPPED = Path(__file__).parents[1] / "models" / "reader"
_FILES = ("reader.json", "model.xml", "model.bin", "tokenizer.json")
_READINGS = 3  # of a passage at most
_FEW_WORDS, _SURE = 4, 3.0  # logits
_NEARLY_AS_SURE = 4.0  # logits
_LONGEST = 500  # characters of sentences in a row
_QUOTATION = re.compile('["“”«»]')
_BATCH = BatchLimits(rows=8, tokens=1024)


class UnknownReader(PullquoteError):
    """No reader has this name here; PULLQUOTE_READER takes "span", "sentence", or a folder that training exported."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no reader {name!r}; set PULLQUOTE_READER to 'span', 'sentence', or a folder that "
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
        for (number, text), whole in zip(texts, tokens[len(titles) :], strict=True):
            if not whole.ids:
                continue
            passage = passages[number]
            part = SpanTokens.of(text.text, whole.places, [self._rows.continues(token) for token in whole.ids])
            if text.text != passage.text:
                part = part.within(passage.text, text)
            for place, window in enumerate(windows(whole)):
                first = place * STRIDE
                row = self._rows.row(question_tokens, titled[passage.title], window)
                yield _Window(number, row, part.window(first, first + len(window.ids)))


def _readings(question: str, hits: list[Hit], read: Iterable[tuple[_Window, Logits]]) -> list[Reading]:
    """The readings of each passage, from the logits of its windows."""
    found: dict[int, list[ScoredSpan]] = defaultdict(list)
    for window, logits in read:
        first = window.row.offset
        inner = logits[first : first + len(window.part.places)]
        spans = best_spans(inner, float(logits[0].sum()), window.part, _READINGS)
        found[window.hit] += [replace(one, span=whole_cell(window.part.text, one.span)) for one in spans]
    in_full, of_speech = asks_for_more(question), asks_for_speech(question)
    return [
        Reading(hits[number].passage, scored.span, scored.score, scored.null)
        for number, scores in found.items()
        for scored in (_in_sentences(hits[number].passage.text, scores, of_speech) if in_full else _disjoint(scores))
    ]


def _in_sentences(text: str, scores: list[ScoredSpan], of_speech: bool) -> list[ScoredSpan]:
    """The best spans extended to sentences; consecutive sentences that answer about as well become one span.

    A span of few words with a high margin is not extended: it names the reason. Part of a quotation is extended
    nevertheless where the question asks for speech.
    """
    spans = _disjoint(
        [scored if _is_complete(text, scored, of_speech) else _extended(text, scored) for scored in scores]
    )
    while pair := next((pair for pair in combinations(spans, 2) if _continue(text, *pair)), None):
        better, worse = pair
        both = Span(min(better.span.start, worse.span.start), max(better.span.end, worse.span.end))
        spans = [replace(one, span=both) if one is better else one for one in spans if one is not worse]
    return spans


def _is_complete(text: str, scored: ScoredSpan, of_speech: bool) -> bool:
    if scored.margin < _SURE or len(scored.span.cut(text).split()) > _FEW_WORDS:
        return False
    return not (of_speech and _QUOTATION.search(sentences_around(text, scored.span).cut(text)))


def _extended(text: str, scored: ScoredSpan) -> ScoredSpan:
    return replace(scored, span=without_mark(text, sentences_around(text, scored.span)))


def _continue(text: str, better: ScoredSpan, worse: ScoredSpan) -> bool:
    """Whether two spans are consecutive sentences of about the same margin, and not too long together."""
    first, second = sorted((better.span, worse.span))
    return (
        better.margin - worse.margin <= _NEARLY_AS_SURE
        and better == _extended(text, better)
        and worse == _extended(text, worse)
        and not text[first.end : second.start].strip()
        and not _are_apart(text, first, second)
        and second.end - first.start <= _LONGEST
    )


def _are_apart(text: str, first: Span, second: Span) -> bool:
    """Whether two sentences in a row are items of a list, rows of a table or lines; paragraphs are not apart."""
    if "\n\n" in text[first.end : second.start]:
        return any(is_item(text, one) or in_table(text, one) for one in (first, second))
    return any(first.end <= at < second.start for at in boundaries(text))


def _disjoint(scores: list[ScoredSpan]) -> list[ScoredSpan]:
    """The best spans of a passage, over all its windows, that share no words."""
    disjoint: list[ScoredSpan] = []
    for scored in sorted(scores, key=lambda one: (-one.margin, one.span)):
        if len(disjoint) < _READINGS and not any(scored.span.overlaps(other.span) for other in disjoint):
            disjoint.append(scored)
    return disjoint
