"""How much memory a server takes at its most while one hostile file is uploaded and added, and how long that takes.

`python -m benchmarks.uploads` prints a table, a row a file: each is uploaded over HTTP to a server of its own with an
empty library. The memory is that of the server and of its workers together: at each look, the sum of the most that each
of them has held since the look before (VmHWM, which is set back each time); Linux.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Self

import httpx

from benchmarks.measurement import ROOT
from benchmarks.process import family
from benchmarks.upload_files import MEGABYTE, UploadFile, upload_files

BAR = 1_500  # MB
_EVERY = 0.02  # seconds between looks at the memory
_START_SECONDS = 60
_SERVE = "import sys; sys.argv[0] = 'pullquote'; from ui.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Upload:
    """What came of a file: its bytes, seconds until the job was over, what was told, bytes of memory at the most."""

    what: str
    size: int
    seconds: float
    told: str
    peak: int

    def row(self) -> str:
        size, peak = f"{self.size / MEGABYTE:,.2f}", f"{self.peak / 1e6:,.0f}"
        return f"| {self.what} | {size} | {self.seconds:,.0f} | {self.told} | {peak} |"


def main() -> None:
    """Uploads what the command line asks for; exit status 1 where more memory was taken than the bar allows."""
    arguments = _arguments()
    chosen = [one for one in upload_files() if not arguments.only or any(word in one.what for word in arguments.only)]
    _tell("| file | MB | s | told | peak MB |\n|---|---|---|---|---|")
    highest = 0
    for one in chosen:
        upload = uploaded(one, arguments.code, arguments.seconds, arguments.stop * 10**6)
        highest = max(highest, upload.peak)
        _tell(upload.row())
    sys.exit(highest > BAR * 10**6)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def uploaded(file: UploadFile, code: Path, seconds: float, stop: int) -> Upload:
    """What came of a file that a fresh server of the code in this folder was sent.

    The job is cancelled after so many seconds. The server is ended where it takes more than `stop` bytes.
    """
    with tempfile.TemporaryDirectory(prefix="pullquote-uploads-") as folder:
        path = file.write(Path(folder))
        size = path.stat().st_size
        with _server(code, Path(folder) / "home") as (process, url), _Watch(process, stop) as watch:
            started = perf_counter()
            told = _told(url, path, seconds)
            spent = perf_counter() - started
        is_stopped = watch.peak > stop
        return Upload(file.what, size, spent, f"ended at {stop / 1e6:,.0f} MB" if is_stopped else told, watch.peak)


def _told(url: str, path: Path, seconds: float) -> str:
    """What the server says of a file, in a few words."""
    deadline = perf_counter() + seconds
    with httpx.Client(base_url=url, timeout=60) as client, path.open("rb") as file:
        try:
            reply = client.post("v1/articles", files={"file": (path.name, file)})
            if reply.status_code >= 400:
                return f"{reply.status_code}: {reply.json().get('detail')}"
            job = reply.json()
            while not job["finished"] and perf_counter() < deadline:
                sleep(0.1)
                job = client.get(f"v1/jobs/{job['id']}").json()
            if not job["finished"]:
                client.delete(f"v1/jobs/{job['id']}")
        except httpx.HTTPError as fault:
            return f"no reply ({type(fault).__name__})"
    return summary(job)


def summary(job: dict[str, Any]) -> str:
    """How many articles a job added and refused, and the first sentence of a refusal."""
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(job["counts"].items()))
    reasons = (entry["reason"] for entry in job["entries"] if entry["outcome"] == "refused")
    parts = [counts, next(reasons, ""), job["detail"] or "", "" if job["finished"] else "cancelled, as it takes longer"]
    return ": ".join(filter(None, parts)).replace("|", "/")


@contextmanager
def _server(code: Path, home: Path) -> Iterator[tuple[int, str]]:
    """A server's process and address."""
    environment = {**os.environ, "PULLQUOTE_HOME": str(home), "PYTHONPATH": str(code), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", _SERVE, "serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=code, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        timer = threading.Timer(_START_SECONDS, process.kill)
        timer.start()
        try:
            assert process.stderr is not None
            url = next((line.split()[3] for line in process.stderr if "answers at" in line), "")
            timer.cancel()
            if not url:
                sys.exit("The server does not start; `pullquote serve` says why.")
            threading.Thread(target=process.stderr.read, daemon=True).start()  # so that it can go on writing
            yield process.pid, url
        finally:
            timer.cancel()
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class _Watch:
    """The most memory that a process and those below it hold together; it ends one that takes more than `stop`."""

    def __init__(self, process: int, stop: int) -> None:
        self.peak = 0
        self._process, self._stop = process, stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(highest, family(self._process))))
            if self.peak > self._stop:
                with suppress(ProcessLookupError):
                    os.kill(self._process, 9)
                return


def highest(pid: int) -> int:
    """The most bytes of memory that a process has held since this was last asked (VmHWM); 0 where it has ended."""
    peak = 0
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                peak = 1024 * int(line.split()[1])
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    return peak


def _arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description="Memory while a file is added.")
    parser.add_argument("only", nargs="*", help="words of the files' descriptions (default: all files)")
    parser.add_argument("--code", type=Path, default=ROOT, help="the checkout whose server is measured")
    parser.add_argument("--seconds", type=float, default=120, help="after how long a job is cancelled")
    parser.add_argument("--stop", type=int, default=6_000, help="MB of memory at which a server is ended")
    return parser.parse_args(given)


if __name__ == "__main__":
    main()
