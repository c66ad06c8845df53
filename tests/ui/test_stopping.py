"""A server that is told to stop while it is asked: what is under way is finished, and it ends well and soon."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.ui.browsing import SERVER
from tests.ui.conftest import CAFE, CAFE_QUESTION

FEW, MANY = 6, 60
HURRIED = SERVER.replace("serve(filled", "import ui.server\nui.server._SECONDS_TO_FINISH = 1\nserve(filled")


def asked(address: str, replies: list[dict[str, object]], faults: list[str]) -> None:
    """Asks until nobody answers any more; a connection that is refused was never under way."""
    body = json.dumps({"question": CAFE_QUESTION}).encode()
    while True:
        request = Request(f"{address}v1/answer", body, {"content-type": "application/json", "connection": "close"})
        try:
            with urlopen(request, timeout=30) as response:
                replies.append(json.load(response))
        except HTTPError as refusal:
            faults.append(f"{refusal.code} {json.load(refusal)['detail']}")
            return
        except URLError as fault:
            if not isinstance(fault.reason, ConnectionRefusedError):
                faults.append(repr(fault))
            return
        except (OSError, ValueError) as fault:
            faults.append(repr(fault))
            return


@pytest.mark.model
@pytest.mark.parametrize(("told", "count"), [(signal.SIGTERM, FEW), (signal.SIGINT, FEW), (signal.SIGTERM, MANY)])
def test_requests_under_way_are_finished_and_the_server_ends_well_and_soon(
    tmp_path: Path, told: signal.Signals, count: int
) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER if count == FEW else HURRIED, str(tmp_path), "0"], cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as server:  # fmt: skip
        assert server.stdout
        address = next(line.split()[1] for line in iter(server.stdout.readline, "") if line.startswith("at "))
        replies: list[dict[str, object]] = []
        faults: list[str] = []
        threads = [threading.Thread(target=asked, args=(address, replies, faults)) for _ in range(count)]
        for thread in threads:
            thread.start()
        while not replies and not faults:  # a busy machine takes longer to begin
            time.sleep(0.1)
        time.sleep(1)
        before = len(replies)
        started = time.monotonic()
        server.send_signal(told)
        for thread in threads:
            thread.join(60)
        out, err = server.communicate(timeout=60)
        assert time.monotonic() - started < 25
    assert (out, server.returncode) == ("stopped\n", 0)
    assert len(replies) >= before > 0
    if count == FEW:
        assert (err, faults) == ("", [])
    else:  # those who could not be answered in time are told so
        assert "Traceback" not in err
        assert set(faults) == {"503 The server stops, and could not finish this in time; try again when it is back."}
    for reply in replies:
        answers = reply["answers"]
        assert isinstance(answers, list)
        assert [CAFE.text[quote["start"] : quote["end"]] for quote in answers[0]["quotes"]] == [
            quote["text"] for quote in answers[0]["quotes"]
        ]
