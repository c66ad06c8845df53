"""Networks that OpenVINO runs on the CPU: rows of token ids in, one array a row out."""

from __future__ import annotations

import locale
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.blob_cache import BlobCache

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


@dataclass(slots=True)
class _Job:
    """Rows that a thread waits for."""

    rows: Sequence[TokenRow]
    limits: BatchLimits
    outputs: Future[list[NDArray[np.float32]]] = field(default_factory=Future)


class CompiledNetwork:
    """A model file compiled for this CPU; safe to share between threads.

    Threads that call it while it runs wait, and their rows are then run together. A row's output is the same to the
    bit, whatever else is in its batch.
    """

    def __init__(self, path: Path, cache: Path, streams: int | None = None, blobs: BlobCache | None = None) -> None:
        """Loads the model at `path`; `cache` keeps OpenVINO's own compiled blobs. DamagedModel.

        `streams` is how many batches run side by side (default: one a core); one batch has all the cores with 1.
        `blobs` are those of this network, where they are being compared already.
        """
        self._turn = threading.Lock()
        self._waiting: deque[_Job] = deque()
        streams = streams or cores()
        self._compiled = _compile_model(path, blobs or BlobCache(path.parent, cache, streams), streams)
        # Two for each stream, so that none waits for work. Not an AsyncInferQueue: its callbacks need Python's lock on
        # OpenVINO's threads, and Python holds it while it waits for those threads to end when a model is let go.
        self.streams = int(self._compiled.get_property("NUM_STREAMS"))
        self._requests = [self._compiled.create_infer_request() for _ in range(2 * self.streams)]
        self._inputs = [next(iter(port.names)) for port in self._compiled.inputs]

    def run(self, rows: Sequence[TokenRow], limits: BatchLimits) -> list[NDArray[np.float32]]:
        """The network's output for each row, in their order; an output's own token axis keeps the batch's padding."""
        job = _Job(rows, limits)
        self._waiting.append(job)
        with self._turn:
            if not job.outputs.done():  # by another thread, together with its own rows
                self._run_together(self._take_jobs(limits))
        return job.outputs.result()

    def _take_jobs(self, limits: BatchLimits) -> list[_Job]:
        """The waiting jobs that may share batches of these limits, which no longer wait."""
        found = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._waiting.extendleft(job for job in reversed(found) if job.limits != limits)
        return [job for job in found if job.limits == limits]

    def _run_together(self, jobs: list[_Job]) -> None:
        """Sets the outputs of each job, or the error of all."""
        try:
            outputs = iter(self._outputs([row for job in jobs for row in job.rows], jobs[0].limits))
        except BaseException as fault:  # any of the rows may have caused it
            for job in jobs:
                job.outputs.set_exception(fault)
            if not isinstance(fault, Exception):  # Ctrl-C, which means this thread
                raise
            return
        for job in jobs:
            job.outputs.set_result(list(islice(outputs, len(job.rows))))

    def _outputs(self, rows: list[TokenRow], limits: BatchLimits) -> list[NDArray[np.float32]]:
        outputs: list[NDArray[np.float32]] = [_NOTHING] * len(rows)
        lengths = np.array([len(row["input_ids"]) for row in rows], dtype=np.int64)
        share = -(-int(lengths.sum()) // self.streams)  # tokens for each core, so that none is idle
        idle = deque(self._requests)
        running: deque[tuple[InferRequest, list[int]]] = deque()
        try:
            for members in batches(lengths, BatchLimits(limits.rows, min(limits.tokens, share))):
                if not idle:
                    idle.append(_finished(outputs, *running.popleft()))
                request = idle.popleft()
                request.start_async(padded([rows[member] for member in members], self._inputs, _PADDED_TO))
                running.append((request, members))
            while running:
                _finished(outputs, *running.popleft())
        finally:  # after an error, no request may run on into the next call
            for request, _ in running:
                request.wait()
        return outputs


_NOTHING = np.zeros(0, dtype=np.float32)
# Padded to a multiple of this, a row gives the same bits in every batch: with AVX-512, bfloat16 and int8 none of 900
# rows differs at another width. Padded to multiples of 8 every eleventh does (by up to 0.36 logits), as kernels add up
# the last values of a row, fewer than 16, in another order.
_PADDED_TO = 16


def padded(rows: Sequence[TokenRow], inputs: Sequence[str], multiple: int = 1) -> dict[str, NDArray[np.int64]]:
    """These inputs and the mask for some rows, each (rows, tokens of the longest, or the next multiple).

    0 where a row does not say.
    """
    width = -(-max(len(row["input_ids"]) for row in rows) // multiple) * multiple
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


def cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _compile_model(path: Path, blobs: BlobCache, streams: int) -> CompiledModel:
    core = quiet_openvino().Core()
    # What is not in int8 is in float32. bfloat16 takes an eighth less time, but OpenVINO 2026.4 gets it wrong on some
    # processors: with AMX at 32 tokens (logits by 8.6, cosines .74), on others everywhere (openvino issue 38256).
    properties = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": streams}
    blobs.check_network()
    folder = blobs.folder()
    with _LOCALE.restored():
        if folder is None:
            return core.compile_model(str(path), "CPU", properties)
        compiled = core.compile_model(str(path), "CPU", properties | {"CACHE_DIR": str(folder)})
    blobs.keep()
    return compiled


class _Locale:
    """Restores the process' locale, which OpenVINO sets to C while it reads a model, after two threads did too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reading = 0
        self._former = ""

    @contextmanager
    def restored(self) -> Iterator[None]:
        """The last thread that reads a model restores the locale from before the first."""
        with self._lock:
            if not self._reading:
                self._former = locale.setlocale(locale.LC_ALL)
            self._reading += 1
        try:
            yield
        finally:
            with self._lock:
                self._reading -= 1
                if not self._reading:
                    locale.setlocale(locale.LC_ALL, self._former)


_LOCALE = _Locale()
