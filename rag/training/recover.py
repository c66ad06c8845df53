"""Weights back out of an exported reader, so that training can go on from one that ships."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from index.encoder.compiled import quiet_openvino
from rag.training.network import SpanNetwork

_SMOOTHED = "nncf_smooth_quant"


def recovered(folder: Path) -> dict[str, Tensor]:
    """The state of a `SpanNetwork` that computes what the exported reader does, but for the rounding to int8."""
    openvino = quiet_openvino()
    model = openvino.Core().read_model(folder / "model.xml")
    nodes = {node.get_friendly_name(): node for node in model.get_ops()}
    state = SpanNetwork().state_dict()
    return {name: _weight(openvino, nodes, name).reshape(old.shape) for name, old in state.items()}


def _weight(openvino: Any, nodes: dict[str, Any], name: str) -> Tensor:  # noqa: ANN401 - openvino has no types
    """One parameter, from the operation of its module that takes it."""
    module, _, part = name.rpartition(".")
    if "embeddings" in module and "LayerNorm" not in module:
        return _folded(openvino, nodes[f"__module.{module}/aten::embedding/Gather"].input_value(0))
    if "LayerNorm" in module:
        operation = nodes[f"__module.{module}/aten::layer_norm/{'Multiply_1' if part == 'weight' else 'Add'}"]
        return _constant_input(openvino, operation)
    if part == "bias":
        return _constant_input(openvino, nodes[f"__module.{module}/aten::linear/Add"])
    product = nodes[f"__module.{module}/aten::linear/MatMul"]
    weight = _folded(openvino, product.input_value(1))
    scale = _smoothing(openvino, product.input_value(0).get_node())
    return weight if scale is None else weight * scale.reshape(1, -1)


def _smoothing(openvino: Any, node: Any) -> Tensor | None:  # noqa: ANN401
    """What the quantiser multiplies a layer's inputs by, having divided the weights by it; None where it does not."""
    while node.get_type_name() == "FakeQuantize":
        node = node.input_value(0).get_node()
    return _constant_input(openvino, node) if _SMOOTHED in node.get_friendly_name() else None


def _constant_input(openvino: Any, node: Any) -> Tensor:  # noqa: ANN401
    """The one input of an operation that does not depend on the text."""
    (constant,) = [value for value in node.input_values() if _is_constant(value.get_node())]
    return _folded(openvino, constant)


def _is_constant(node: Any) -> bool:  # noqa: ANN401
    if node.get_type_name() == "Parameter":
        return False
    return all(_is_constant(value.get_node()) for value in node.input_values())


def _folded(openvino: Any, value: Any) -> Tensor:  # noqa: ANN401
    """The value of a part of the graph that depends on constants alone."""
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.compile_model(openvino.Model([value], []), "CPU", exact)
    return torch.tensor(compiled([])[0]).float()
