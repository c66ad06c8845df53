"""Trained weights to a reader that runs in OpenVINO with weights and arithmetic in int8, with its tokenizer."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from index.encoder.compiled import quiet_openvino
from index.encoder.encoder import BUNDLED, model_folder
from index.encoder.quantise import quantised
from rag.reader.weight_parts import split
from rag.reader.window import InputRow
from rag.training.network import CarefulNetwork, SpanNetwork, tensors


def export(weights: Path, rows: list[InputRow], folder: Path) -> None:
    """Writes model.xml, model.bin (in parts where it is large) and tokenizer.json; int8 is fitted to the rows."""
    openvino = quiet_openvino()
    state = torch.load(weights, weights_only=True)
    network = CarefulNetwork() if any(name.startswith("mpnet.") for name in state) else SpanNetwork()
    network.load_state_dict(state)
    inputs = [{name: np.asarray(tensor) for name, tensor in tensors([row]).items()} for row in rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = quantised(openvino.convert_model(network.eval(), example_input=tensors(rows[:2])), inputs)
    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, folder / "model.xml", compress_to_fp16=False)
    split(folder)
    shutil.copyfile(Path(model_folder(BUNDLED)) / "tokenizer.json", folder / "tokenizer.json")


def averaged(shares: Mapping[Path, float], into: Path) -> Path:
    """The file `into`, with the weighted mean of the weights in these files; shares add up to 1.

    Weights along one path of training, averaged, read better than any of them (Wortsman et al. 2022).
    """
    mean: dict[str, torch.Tensor] = {}
    for path, share in shares.items():
        for name, weight in torch.load(path, weights_only=True).items():
            mean[name] = mean.get(name, 0.0) + share * weight
    torch.save(mean, into)
    return into
