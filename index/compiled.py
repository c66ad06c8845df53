"""Networks that OpenVINO runs on the CPU: rows of token ids in, one array a row out."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest

TokenRow = Mapping[str, Sequence[int]]  # an input's name to its values, `input_ids` among them; all of one length
_MASK = "attention_mask"


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """The most rows, and tokens with the padding, that are run together."""

    rows: int
    tokens: int


def quiet_openvino() -> Any:  # noqa: ANN401 - the module, which mypy cannot see into
    """OpenVINO, which would report every import to its makers if it found its telemetry package."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


class CompiledNetwork:
    """A model file compiled for this CPU; safe to share between threads, which take turns at it."""

    def __init__(self, path: Path, cache: Path, streams: int | None = None) -> None:
        """Loads the model at `path`; `cache` keeps OpenVINO's own compiled blobs.

        `streams` is how many batches run side by side (default: one a core); one batch has all the cores with 1.
        """
        self._lock = threading.Lock()
        self._compiled = _compile_model(path, cache, streams or _cores())
        # Two for each stream, so that none waits for work. Not an AsyncInferQueue: its callbacks need Python's lock on
        # OpenVINO's threads, and Python holds it while it waits for those threads to end when a model is let go.
        self.streams = int(self._compiled.get_property("NUM_STREAMS"))
        self._requests = [self._compiled.create_infer_request() for _ in range(2 * self.streams)]
        self._inputs = [next(iter(port.names)) for port in self._compiled.inputs]

    def run(self, rows: Sequence[TokenRow], limits: BatchLimits) -> list[NDArray[np.float32]]:
        """The network's output for each row, in their order; an output's own token axis keeps the batch's padding."""
        outputs: list[NDArray[np.float32]] = [_NOTHING] * len(rows)
        lengths = np.array([len(row["input_ids"]) for row in rows], dtype=np.int64)
        with self._lock:
            idle = deque(self._requests)
            running: deque[tuple[InferRequest, list[int]]] = deque()
            for members in batches(lengths, limits):
                if not idle:
                    idle.append(_finished(outputs, *running.popleft()))
                request = idle.popleft()
                request.start_async(padded([rows[member] for member in members], self._inputs))
                running.append((request, members))
            for request, members in running:
                _finished(outputs, request, members)
        return outputs


_NOTHING = np.zeros(0, dtype=np.float32)


def padded(rows: Sequence[TokenRow], inputs: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """These inputs and the mask for some rows, each (rows, tokens of the longest); 0 where a row does not say."""
    width = max(len(row["input_ids"]) for row in rows)
    tensors = {name: np.zeros((len(rows), width), dtype=np.int64) for name in dict.fromkeys([*inputs, _MASK])}
    for number, row in enumerate(rows):
        for name, column in row.items():
            tensors[name][number, : len(column)] = column
        tensors[_MASK][number, : len(row["input_ids"])] = 1
    return tensors


def batches(lengths: NDArray[np.int64], limits: BatchLimits) -> list[list[int]]:
    """The numbers 0 to n in batches of similar length, longest first, so that little is padded."""
    found: list[list[int]] = []
    width = 0
    for member in np.argsort(-lengths, kind="stable").tolist():
        if not found or len(found[-1]) >= limits.rows or (len(found[-1]) + 1) * width > limits.tokens:
            found.append([])
            width = int(lengths[member])
        found[-1].append(member)
    return found


def _finished(outputs: list[NDArray[np.float32]], request: InferRequest, members: list[int]) -> InferRequest:
    """The request once it is done, a copy of its result given to `members`."""
    request.wait()
    for member, output in zip(members, request.get_output_tensor(0).data.copy(), strict=True):
        outputs[member] = output
    return request


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _compile_model(path: Path, cache: Path, streams: int) -> CompiledModel:
    core = quiet_openvino().Core()
    native = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    # bfloat16 halves the time where the processor has it, at a cosine of 1.0000 to float32.
    properties = {
        "CACHE_DIR": str(cache / "openvino"),
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in native else "f32",
        "NUM_STREAMS": streams,
    }
    return core.compile_model(str(path), "CPU", properties)
