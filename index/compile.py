"""The torch side of the encoder: compiling a model for OpenVINO, and the plain path that tests compare with.

The only module of the package that needs torch and sentence-transformers.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from index.compiled import quiet_openvino
from index.encoder import (
    Embeddings,
    EncoderCard,
    PromptedEncoder,
    UnknownEncoder,
    compiled_folder,
    model_folder,
)


class TorchEncoder(PromptedEncoder):
    """The same embeddings from torch in float32: slower, the reference for the compiled encoder."""

    def __init__(self, name: str, batch_size: int = 8) -> None:
        """Loads a sentence-transformers model; UnknownEncoder where there is none of this name."""
        self._model = _load(name)
        self._batch_size = batch_size
        self.card = _card(name, self._model)
        self._counter = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        self._counter.no_padding()
        self._counter.no_truncation()

    def _encode(self, texts: list[str]) -> Embeddings:
        if not texts:
            return np.zeros((0, self.card.dimension), dtype=np.float32)
        rows: Embeddings = self._model.encode(
            texts, batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False, prompt=""
        )
        return rows


def compile_encoder(name: str, cache: Path) -> Path:
    """The folder of the compiled encoder, made now; a process that was quicker wins, and nothing half made shows."""
    openvino = quiet_openvino()
    model = _load(name)
    target = compiled_folder(name, cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        with _quiet():
            converted = openvino.convert_model(_Embedding(model), example_input=_example(model))
        openvino.save_model(converted, making / "model.xml", compress_to_fp16=False)
        model.tokenizer.backend_tokenizer.save(str(making / "tokenizer.json"))
        _card(name, model).save(making / "encoder.json")
        try:
            making.replace(target)
        except OSError:  # another process was quicker
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return target


class _Embedding(torch.nn.Module):
    """The whole model, pooling and all, as one function of its tensors."""

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


def _example(model: SentenceTransformer) -> dict[str, Any]:
    features = model.preprocess(["Two sentences of", "different length are enough to trace the model."])
    return {name: value for name, value in features.items() if isinstance(value, torch.Tensor)}


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
