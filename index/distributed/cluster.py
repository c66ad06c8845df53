"""A Ray cluster that maps a function over pieces of work on all its cores, with the answers in order."""

from __future__ import annotations

import logging
import os
import pickle
import re
import secrets
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import PullquoteError
from corpus.library.private_files import make_folder
from index.encoder.compiled import cores

Do = Callable[[bytes], bytes]  # goes to the workers as a pickle, and may keep what it needs from one piece to the next

LOCAL = "local"  # the address of a cluster that is started on this machine, for as long as it is needed
_AUTO = "auto"
_PLACE = re.compile(r"\[?(?P<host>[^\s/\[\]]+?)\]?:(?P<port>\d{1,5})")
_PATIENCE = 5.0  # seconds
_STORE = 512 * 2**20  # bytes of shared memory that a local cluster takes
# Set before Ray is imported, which reads some of them then: no telemetry, no output.
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": "(?s).*",  # ... nor on standard output, about workers that died
}
# A local cluster listens on the loopback interface only (Ray has no other setting for that), and asks for a token.
_PRIVATE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}


class RayMissing(PullquoteError):
    """Ray is not installed."""

    def __init__(self) -> None:
        super().__init__("Ray is not installed, which --ray needs; `pip install 'pullquote[ray]'` brings it.")


class NoCluster(PullquoteError):
    """There is no Ray cluster at this address, or it is not open to this machine."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"No Ray cluster could be joined at {address!r} ({why.rstrip('.')}); start one with `ray start --head`, "
            "have this machine join it with `ray start --address HOST:PORT` and say `--ray auto`, or say `--ray local`."
        )


class WorkFailed(PullquoteError):
    """The cluster could not do its work, or was lost over it; what was written is kept."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The Ray cluster did not do its work ({why}); what was written is kept, and the same command goes on from "
            "there once every machine of the cluster is up and has the same pullquote[ray] installed."
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that this process has joined, with a worker for each of its processors."""

    workers: int

    def map(self, do: Do, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The answer to each piece, in order, as they come; WorkFailed.

        A worker that dies is started again and its pieces are given out again, as often as it takes: Ray Data's own
        defaults (max_restarts and max_task_retries of -1), which it no longer takes by name.
        """
        import pyarrow as pa  # type: ignore[import-untyped]
        import ray.data

        tables = [pa.table({"piece": pa.array([piece], pa.large_binary())}) for piece in pieces]
        if not tables:
            return
        with _failures():
            answered = ray.data.from_arrow(tables).map_batches(
                _Worker,
                fn_constructor_args=(pickle.dumps(do),),
                compute=ray.data.ActorPoolStrategy(size=min(self.workers, len(tables))),
                num_cpus=1,
                batch_size=None,
                batch_format="pyarrow",
            )
            for batch in answered.iter_batches(batch_size=None, batch_format="pyarrow"):
                yield from batch["answer"].to_pylist()


class _Worker:
    """The actor that Ray Data starts in a process for each processor."""

    def __init__(self, do: bytes) -> None:
        self._pickled = do
        self._do: Do | None = None

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401  # Arrow tables, as Ray Data has them
        import pyarrow as pa

        if self._do is None:  # not in `__init__`: Ray restarts an actor that fails there again and again
            _keep_to_one_core()
            self._do = pickle.loads(self._pickled)  # noqa: S301  # our own; and a cluster runs what it is sent anyway
        answers = [self._do(piece) for piece in batch["piece"].to_pylist()]
        return pa.table({"answer": pa.array(answers, pa.large_binary())})


@contextmanager
def connected(address: str, workers: int | None = None) -> Iterator[Cluster]:
    """The cluster at an address, left at the end; RayMissing or NoCluster.

    LOCAL starts one of so many `workers` (default: one a processor) and stops it, `auto` is the one that this machine
    is part of, HOST:PORT the one with its head there. A process that is in a cluster already gets that one.
    """
    _check(address)
    os.environ.update(_QUIET | (_PRIVATE if address == LOCAL else {}))
    ray = _imported()
    if ray.is_initialized():
        yield Cluster(_size(ray))
        return
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        try:
            with _without_stderr():
                ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **_options(address, workers, folder))
        except Exception as fault:  # noqa: BLE001 - Ray raises the bare class where a cluster does not start in time
            ray.shutdown()  # what of it was started
            raise NoCluster(address, str(fault).strip().partition("\n")[0]) from None
        try:
            yield Cluster(_size(ray))
        finally:
            ray.shutdown()


def _check(address: str) -> None:
    """NoCluster where it is no address, or nothing listens there; Ray itself would try for a minute."""
    if address in (LOCAL, _AUTO):
        return
    if address.startswith("ray://"):
        raise NoCluster(address, "Ray Data does not work through Ray's client")
    if not (place := _PLACE.fullmatch(address)):
        raise NoCluster(address, "an address is local, auto or HOST:PORT")
    try:
        socket.create_connection((place["host"], int(place["port"])), _PATIENCE).close()
    except (OSError, OverflowError) as fault:
        raise NoCluster(address, str(fault)) from None


def _imported() -> Any:  # noqa: ANN401  # the module, which mypy cannot see into
    try:
        import ray
        import ray.data
    except ImportError:
        raise RayMissing from None
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    return ray


def _options(address: str, workers: int | None, folder: str) -> dict[str, object]:
    if address != LOCAL:
        return {"address": address}
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # Ray reads it once
    return {
        "address": LOCAL,
        "num_cpus": workers or cores(),
        "include_dashboard": False,
        "object_store_memory": _STORE,
        "_temp_dir": folder,
    }


@contextmanager
def _without_stderr() -> Iterator[None]:
    """Discards standard error, to which Ray's native code writes whatever the settings."""
    sys.stderr.flush()
    stderr = os.dup(2)
    devnull = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(devnull)


def _size(ray: Any) -> int:  # noqa: ANN401
    return max(int(ray.cluster_resources().get("CPU", 0)), 1)


@contextmanager
def _failures() -> Iterator[None]:
    """Turns what Ray says of a run that failed into WorkFailed."""
    from ray.exceptions import RayError

    try:
        yield
    except RayError as fault:
        raise WorkFailed(_last_line(fault)) from None


def _last_line(fault: BaseException) -> str:
    """The root cause, which is the last line of the first traceback that Ray shows."""
    first = str(fault).partition("\n\nThe above exception")[0].strip()
    return first.rpartition("\n")[2].strip() or type(fault).__name__


def _own_folder() -> Path | None:
    """The folder that all workers of this user on this machine share; None where another user took its name."""
    folder = Path(tempfile.gettempdir(), f"pullquote-{os.getuid()}")
    try:
        make_folder(folder)
        status = folder.lstat()
    except OSError:
        return None
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022
    return folder if is_own else None


_LOCKS: list[int] = []  # the open file whose lock reserves a core


def _keep_to_one_core() -> None:
    """Pins this process to a free core, if there is one: else each worker would start threads for all cores."""
    if not hasattr(os, "sched_setaffinity") or (folder := _own_folder()) is None:
        return
    import fcntl

    for core in sorted(os.sched_getaffinity(0)):
        handle = os.open(folder / f"core-{core}", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another worker's
            os.close(handle)
            continue
        _LOCKS.append(handle)
        os.sched_setaffinity(0, {core})
        return
