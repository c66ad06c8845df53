"""What several packages' tests share: the real encoder, compiled once, and a command line that runs in process."""

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Takes Ctrl-C, which a shell has its jobs in the background ignore, and with them all that they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library folder that the settings name; models still come from the user's cache."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PULLQUOTE_HOME", str(folder))
    return folder


@pytest.fixture
def pullquote(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs `pullquote ARGUMENTS` on the empty library of `home`."""
    from ui.cli import main

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), printed.out, printed.err)

    return run
