"""The torch side of the encoder: a model compiled for OpenVINO, and the reference that tests compare with.

It is the only module of the package that needs torch and sentence-transformers.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from corpus.chunk import Chunking
from index.encoder.calibration import CalibrationTexts, calibration_texts
from index.encoder.checksums import write_checksums
from index.encoder.compiled import quiet_openvino
from index.encoder.encoder import (
    Embeddings,
    EncoderCard,
    OpenVINOEncoder,
    PromptedEncoder,
    UnknownEncoder,
    compiled_folder,
    model_folder,
)
from index.encoder.quantise import quantised

_BATCH_SIZE = 8
_NEAR = 0.98  # the lowest cosine; that of the bundled encoder is .993


class TorchEncoder(PromptedEncoder):
    """The same embeddings from torch in float32: slower, the reference for the compiled encoder."""

    def __init__(self, name: str) -> None:
        """Loads a sentence-transformers model; UnknownEncoder where there is none of this name."""
        self.model = _load(name)
        self.card = _card(name, self.model)
        self._counter = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        self._counter.no_padding()
        self._counter.no_truncation()

    def _encode(self, texts: list[str]) -> Embeddings:
        if not texts:
            return np.zeros((0, self.card.dimension), dtype=np.float32)
        rows: Embeddings = self.model.encode(
            texts, batch_size=_BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False, prompt=""
        )
        return rows


def compile_encoder(name: str, cache: Path, chunking: Chunking) -> Path:
    """The folder of the compiled encoder, renamed into its place when it is complete; another process may be quicker.

    `chunking` cuts the texts of the calibration. The network computes in int8 if its embeddings of held-out texts stay
    near torch's, else as torch does.
    """
    plain = TorchEncoder(name)
    target = compiled_folder(name, cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _quiet():
        converted = quiet_openvino().convert_model(_Embedding(plain.model), example_input=_example(plain.model))
    with TemporaryDirectory(prefix=".making-", dir=target.parent) as making:
        made = _in_int8(converted, plain, chunking, Path(making)) or _saved(converted, plain, Path(making) / "plain")
        try:
            made.replace(target)
        except OSError:  # another process was quicker
            if not target.is_dir():
                raise
    return target


def _in_int8(network: object, plain: TorchEncoder, chunking: Chunking, folder: Path) -> Path | None:
    """The folder of the network in int8; None where its embeddings differ too much, or nncf cannot quantise it."""
    texts = calibration_texts(plain.card.limited(chunking), plain.count_tokens)
    try:
        small = quantised(network, _inputs(plain, texts), is_any_kind=True)
    except Exception:  # noqa: BLE001 - nncf raises many kinds for layers that it does not know
        return None
    made = _saved(small, plain, folder / "int8")
    compiled = OpenVINOEncoder(made, folder)
    cosines = (compiled.encode_passages(texts.held_out) * plain.encode_passages(texts.held_out)).sum(axis=1)
    return made if cosines.min() >= _NEAR else None


def _saved(network: object, plain: TorchEncoder, folder: Path) -> Path:
    folder.mkdir()
    quiet_openvino().save_model(network, folder / "model.xml", compress_to_fp16=False)
    plain.model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    plain.card.save(folder / "encoder.json")
    write_checksums(folder)
    return folder


class _Embedding(torch.nn.Module):
    """The whole model with its pooling, as one function of its tensors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model.eval()

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None
    ) -> torch.Tensor:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if token_type_ids is not None:
            features["token_type_ids"] = token_type_ids
        embedding: torch.Tensor = self.model(features)["sentence_embedding"]
        return embedding


def _load(name: str) -> SentenceTransformer:
    folder = model_folder(name)
    try:
        with _quiet():
            return SentenceTransformer(folder, device="cpu", local_files_only=True).float()
    except (OSError, ValueError) as error:
        raise UnknownEncoder(name, "it is not on this machine, and nothing is downloaded") from error


def _example(model: SentenceTransformer) -> dict[str, torch.Tensor]:
    """Two texts as the network's inputs, one of them padded."""
    return _tensors(model, ["Two sentences of", "different length are enough to trace the model."])


def _inputs(encoder: TorchEncoder, texts: CalibrationTexts) -> list[dict[str, NDArray[np.int64]]]:
    """Each text with its prompt, as inputs of the compiled network."""
    queries = [encoder.card.query_prompt + text for text in texts.queries]
    shown = [encoder.card.passage_prompt + text for text in texts.passages] + queries
    return [{name: tensor.numpy() for name, tensor in _tensors(encoder.model, [text]).items()} for text in shown]


def _tensors(model: SentenceTransformer, texts: list[str]) -> dict[str, torch.Tensor]:
    return {name: value for name, value in model.preprocess(texts).items() if isinstance(value, torch.Tensor)}


def _card(name: str, model: SentenceTransformer) -> EncoderCard:
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return EncoderCard(
        name=name,
        fingerprint=digest.hexdigest()[:12],
        dimension=int(model.get_embedding_dimension() or 0),
        max_tokens=int(model.max_seq_length or 512),
        query_prompt=model.prompts.get("query") or "",
        passage_prompt=model.prompts.get("document") or model.prompts.get("passage") or "",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the tracer's warnings and the loader's progress bars from the user."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
