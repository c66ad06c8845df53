"""Input rows of the reader: a question, a title and a window of a passage as one row of tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import Span
from corpus.folding import with_plain_letters
from corpus.offset_map import MappedText, Origin

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_QUESTION_TOKENS = 64
_TITLE_TOKENS = 24
WINDOW = 256  # tokens of the passage
STRIDE = 128


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of a text, and the place of each in it (half-open, in code points)."""

    ids: list[int]
    places: list[tuple[int, int]]

    def part(self, first: int, last: int) -> Tokens:
        return Tokens(self.ids[first:last], self.places[first:last])


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row for the network: `[CLS] question [SEP] title [SEP] passage [SEP]`, the passage's segment being 1.

    `places` are those of the passage's tokens, which begin at the row's token `offset`.
    """

    ids: list[int]
    offset: int
    places: list[tuple[int, int]]

    @property
    def segments(self) -> list[int]:
        """The segment of each token: 0 for question and title, 1 for the passage."""
        return [0] * self.offset + [1] * (len(self.ids) - self.offset)

    @property
    def columns(self) -> dict[str, list[int]]:
        """The network's inputs by name, without the attention mask, which comes with padding."""
        return {"input_ids": self.ids, "token_type_ids": self.segments}


class Rows:
    """Makes rows with a BERT tokenizer; the same for training and for reading."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.encode_special_tokens = True  # "[SEP]" in an article is text
        self._tokenizer = tokenizer
        marks = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        if marks[0] is None or marks[1] is None:
            raise ValueError("the tokenizer is not BERT's: it has no [CLS] or no [SEP]")
        self._cls, self._sep = marks[0], marks[1]

    def continues(self, token: int) -> bool:
        """Whether a token continues the word of the one before it."""
        return (self._tokenizer.id_to_token(token) or "").startswith("##")

    def tokens(self, texts: list[str]) -> list[Tokens]:
        """The tokens of each text, its letters in their plain forms, with their places in the text as it is."""
        plain = [with_plain_letters(text) for text in texts]
        encodings = self._tokenizer.encode_batch([one.text for one in plain], add_special_tokens=False)
        return [
            Tokens(encoding.ids, encoding.offsets if one.text == text else _places(one, encoding.offsets))
            for text, one, encoding in zip(texts, plain, encodings, strict=True)
        ]

    def row(self, question: Tokens, title: Tokens, passage: Tokens) -> InputRow:
        """The row of a question, a title (maybe none) and a passage, or a part of it, of any length."""
        head = [self._cls, *question.ids[:_QUESTION_TOKENS], self._sep, *title.ids[:_TITLE_TOKENS], self._sep]
        return InputRow([*head, *passage.ids, self._sep], len(head), passage.places)


def _places(plain: MappedText, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places in the text as it was; every character has one, as none was inserted."""
    origin = Origin(plain.runs)
    return [origin.source_range(start, end) or (0, 0) for start, end in offsets]


def windows(passage: Tokens) -> Iterator[Tokens]:
    """The passage in parts of at most `WINDOW` tokens, each beginning `STRIDE` after the one before."""
    first = 0
    while True:
        yield passage.part(first, first + WINDOW)
        if first + WINDOW >= len(passage.ids):
            return
        first += STRIDE


def covered(places: list[tuple[int, int]], span: Span) -> tuple[int, int] | None:
    """The first and last of the tokens that the span covers, or None where it is not wholly among them."""
    inside = [number for number, (start, end) in enumerate(places) if start < span.end and span.start < end]
    if not inside or places[inside[0]][0] > span.start or places[inside[-1]][1] < span.end:
        return None
    return inside[0], inside[-1]
