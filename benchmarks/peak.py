"""What the cores can do at most: multiply-adds a second of one large matrix product, as OpenVINO does it."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any, Literal

import numpy as np

from index.encoder.compiled import quiet_openvino

Precision = Literal["int8", "bf16", "f32"]
PRECISIONS: tuple[Precision, ...] = ("int8", "bf16", "f32")
_SIZE = 2048
_TIMES = 9
_LEVELS = 256  # of an int8


def peak_macs(precision: Precision, cores: int, size: int = _SIZE) -> float:
    """Multiply-adds a second of a product of two square matrices on these cores: the median of nine."""
    openvino = quiet_openvino()
    hint = "bf16" if precision == "bf16" else "f32"
    properties = {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": cores, "NUM_STREAMS": 1}
    compiled = openvino.Core().compile_model(_product(size, precision == "int8"), "CPU", properties)
    request = compiled.create_infer_request()
    given = np.random.default_rng(1).standard_normal((size, size)).astype(np.float32)
    request.infer([given])
    return size**3 / median(_seconds(request, given) for _ in range(_TIMES))


def _seconds(request: Any, given: np.ndarray[Any, np.dtype[np.float32]]) -> float:  # noqa: ANN401 - openvino has no types
    started = perf_counter()
    request.infer([given], share_inputs=True)
    return perf_counter() - started


def _product(size: int, int8: bool) -> Any:  # noqa: ANN401
    """A network of one product with constant weights, and its inputs and weights rounded to int8 as nncf has it."""
    openvino = quiet_openvino()
    import openvino.opset13 as ops

    given = ops.parameter([size, size], np.float32)
    numbers = np.random.default_rng(2)
    if not int8:
        weights = ops.constant(numbers.standard_normal((size, size)).astype(np.float32))
        return openvino.Model([ops.matmul(given, weights, False, True)], [given])
    low, high = np.float32(-4), np.float32(4)
    seen = ops.fake_quantize(given, low, high, low, high, _LEVELS)
    whole = ops.constant(numbers.integers(-127, 128, (size, size)).astype(np.int8))
    scale = ops.constant(np.full((size, 1), 0.01, dtype=np.float32))
    weights = ops.multiply(ops.convert(whole, np.float32), scale)
    product = ops.matmul(seen, weights, False, True)
    return openvino.Model([product], [given])
