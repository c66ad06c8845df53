"""Trained weights to the reader that ships: OpenVINO, int8, with its tokenizer."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.encoder.compiled import quiet_openvino
from index.encoder.encoder import BUNDLED, model_folder
from index.encoder.quantise import quantised
from rag.reader.window import InputRow
from rag.training.network import SpanNetwork, tensors


def export(weights: Path, rows: list[InputRow], folder: Path, int8: bool = True) -> None:
    """Writes model.xml, model.bin and tokenizer.json; `rows` show the quantiser what the network sees."""
    openvino = quiet_openvino()
    network = SpanNetwork()
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = openvino.convert_model(network, example_input=tensors(rows[:2]))
        if int8:
            model = quantised(model, [_shown(row) for row in rows])
    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, folder / "model.xml", compress_to_fp16=not int8)
    shutil.copyfile(Path(model_folder(BUNDLED)) / "tokenizer.json", folder / "tokenizer.json")


def averaged(courses: Mapping[Path, float], into: Path) -> Path:
    """The file `into`, with the weighted mean of the weights in these files; shares add up to 1.

    Weights along one path of training, averaged, read better than any of them (Wortsman et al. 2022).
    """
    mean: dict[str, torch.Tensor] = {}
    for path, share in courses.items():
        for name, weight in torch.load(path, weights_only=True).items():
            mean[name] = mean.get(name, 0.0) + share * weight
    torch.save(mean, into)
    return into


def _shown(row: InputRow) -> dict[str, NDArray[np.int64]]:
    """A row as the network's inputs."""
    return {name: np.asarray(tensor) for name, tensor in tensors([row]).items()}
