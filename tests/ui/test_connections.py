"""A server whose clients are slow, idle or many: honest ones are answered, and all that others can hold is bounded."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from corpus.library.store import Library
from tests.ui.browsing import SERVER, serving
from tests.ui.conftest import article
from ui.connections import BoundedConnection, Connections

resource = pytest.importorskip("resource")

FILES = 256  # which makes 64 connections, 32 of one address, and 16 streams of it
BEFORE = f"""
import os, resource, sys, rag.assemble, ui.connections as bounds
from tests.fakes import HashEncoder
from rag.api.jobs import Job, Jobs
rag.assemble.open_encoder = lambda *_: HashEncoder()
Jobs.get = lambda jobs, name: Job(name, "running", 1, 0, {{}}, (), None, "", None)  # a job that takes long
bounds.HEAD_SECONDS = bounds.BODY_SECONDS = bounds.TAKE_SECONDS = 2
resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))
open(sys.argv[1] + "/pid", "w").write(str(os.getpid()))
"""
LARGE = (100 * "A long way home. " + "\n\n") * 5_000  # 8 MB
READERS = 14
ASKED = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
POSTED = b"POST /v1/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def place(home: Path) -> Iterator[tuple[str, int]]:
    """Where a server with short times and few descriptors listens; it has a large article, and logs nothing."""
    library = Library(home / "library.sqlite")
    with library.writing():
        library.put(article("large", "Large", LARGE), [])
    library.close()
    with serving(home, BEFORE) as address:
        yield place_of(address)


def place_of(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


@contextmanager
def connected(place: tuple[str, int], sent: bytes = b"", buffer: int = 0) -> Iterator[socket.socket]:
    """A connection that has sent something; the system keeps `buffer` bytes for its reader."""
    with socket.socket() as connection:
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(20)
        connection.connect(place)
        connection.sendall(sent)
        yield connection


def status(place: tuple[str, int], path: str = "/v1/models") -> int:
    client = HTTPConnection(*place, timeout=10)
    try:
        client.request("GET", path)
        return client.getresponse().status
    finally:
        client.close()


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    received = b""
    try:
        while more := connection.recv(2**16):
            received += more
    except ConnectionError:
        pass
    return received


def dripped(connection: socket.socket, piece: bytes) -> bytes:
    """What the server says to a client that sends a piece twice a second, until the connection is closed."""
    connection.settimeout(0.5)
    for _ in range(40):
        try:
            connection.sendall(piece)
            if received := all_of(connection):
                return received
        except TimeoutError:
            continue
        except ConnectionError:
            return b""
    pytest.fail("The server waited for 20 seconds.")


def test_idle_connections_keep_nobody_out_and_are_closed(place: tuple[str, int]) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(place)) for _ in range(150)]
        assert [status(place) for _ in range(10)] == [200] * 10
        started = time.monotonic()
        assert [all_of(one) for one in idle] == [b""] * 150
        assert time.monotonic() - started < 10


@pytest.mark.parametrize(("sent", "piece"), [(ASKED, b"a: b\r\n"), (POSTED % 1000, b" ")], ids=["head", "body"])
def test_a_request_that_comes_in_drops_is_ended_with_a_sentence(
    place: tuple[str, int], sent: bytes, piece: bytes
) -> None:
    with connected(place, sent) as connection:
        head, _, body = dripped(connection, piece).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert json.loads(body) == {"detail": "The request took too long to arrive; send it faster, or in smaller parts."}


def test_requests_in_drops_keep_nobody_out(place: tuple[str, int]) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connected(place, POSTED % 1000))
            stack.enter_context(connected(place, ASKED))
        assert [status(place) for _ in range(10)] == [200] * 10


def test_a_long_body_may_take_long(place: tuple[str, int]) -> None:
    padding = b" " * 100_000
    question = b'{"question": "Who?"}'
    with connected(place, POSTED % (8 * len(padding) + len(question))) as connection:
        for _ in range(8):
            time.sleep(0.5)
            connection.sendall(padding)
        connection.sendall(question)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_kept_between_requests(place: tuple[str, int]) -> None:
    client = HTTPConnection(*place, timeout=10)
    ports = set()
    for _ in range(3):
        client.request("GET", "/v1/models")
        assert client.getresponse().read().startswith(b"{")
        assert client.sock
        ports.add(client.sock.getsockname())
        time.sleep(1)
    client.close()
    assert len(ports) == 1


def test_two_requests_sent_at_once_are_both_answered(place: tuple[str, int]) -> None:
    with connected(place, 2 * (ASKED + b"\r\n")) as connection:
        assert all_of(connection).count(b"HTTP/1.1 200 OK") == 2


def asked_for_large(place: tuple[str, int], path: str = "/v1/articles/large", buffer: int = 4096) -> Any:
    return connected(place, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), buffer)


def test_who_takes_nothing_of_a_reply_is_disconnected_and_who_takes_it_slowly_has_it_all(
    place: tuple[str, int],
) -> None:
    received = b""
    with asked_for_large(place) as stuck, asked_for_large(place, buffer=2**16) as slow:
        while not received.endswith(b'"passages":[]}'):
            received += slow.recv(2**16)
            time.sleep(0.03)  # at least 4 seconds for all of it
        assert len(all_of(stuck)) < 2**20
    assert json.loads(received.partition(b"\r\n\r\n")[2])["text"] == LARGE


def memory(home: Path) -> float:
    """Megabytes that the server holds."""
    status = Path(f"/proc/{(home / 'pid').read_text()}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says how much memory a process holds")
@pytest.mark.parametrize("path", ["/v1/articles/large", "/v1/articles/large/view"])
def test_slow_readers_take_no_memory(place: tuple[str, int], home: Path, path: str) -> None:
    held = []
    for count in (4, 4, READERS):  # a few are made at once, whose memory the process keeps
        with ExitStack() as stack:
            readers = [stack.enter_context(asked_for_large(place, path)) for _ in range(count)]
            assert [one.recv(12) for one in readers] == [b"HTTP/1.1 200"] * count
            held.append(memory(home))
        time.sleep(1)  # the server needs few files for a moment
    assert held[-1] - held[-2] < READERS * len(LARGE) / 2**20 / 2


def followed(place: tuple[str, int], name: str) -> Any:
    return connected(
        place, f"GET /v1/jobs/{name}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )


def test_a_stream_may_last_and_no_more_than_so_many_are_open(place: tuple[str, int]) -> None:
    with ExitStack() as stack:
        jobs = [stack.enter_context(followed(place, f"job{number}")) for number in range(16)]
        assert [one.recv(15) for one in jobs] == [b"HTTP/1.1 200 OK"] * 16
        with followed(place, "job16") as refused:
            received = all_of(refused)
        assert received.startswith(b"HTTP/1.1 429 ")
        assert b"Too many replies and jobs are followed at once; close one, or try again in a minute." in received
        time.sleep(5)  # more than the server waits for anybody
        for job in jobs:
            job.settimeout(0.1)
            with pytest.raises(TimeoutError):
                all_of(job)
        assert status(place) == 200
    time.sleep(1)
    with followed(place, "job17") as job:
        assert job.recv(15) == b"HTTP/1.1 200 OK"


def test_where_the_system_has_no_descriptors_left_the_log_stays_short(tmp_path: Path) -> None:
    too_many = BEFORE + "bounds.affordable_connections = lambda wanted: 10_000\n"
    log = tmp_path / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-c", too_many + SERVER, str(tmp_path), "0"], cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": "."}, text=True, stdout=subprocess.PIPE, stderr=errors,
        ) as server,
    ):  # fmt: skip
        assert server.stdout
        place = place_of(next(line.split()[1] for line in server.stdout if line.startswith("at ")))
        with ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(connected(place))
            time.sleep(8)  # two rounds of accepted connections and of their time
        assert status(place) == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
    assert "Too many open files" in log.read_text()
    assert "(more of these are left out for a minute)" in log.read_text()
    assert log.stat().st_size < 2**15


class Fake:
    """A connection of an address; `ended` says whether another one took its place."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.transport = self
        self.ended = False

    def abort(self) -> None:
        self.ended = True


def opened(connections: Connections, address: str, count: int, *, waiting: bool) -> list[Any]:
    """As many connections of the address as are let in of `count`."""
    admitted = []
    for _ in range(count):
        one: Any = Fake(address)
        if connections.admit(one):
            admitted.append(one)
            if waiting:
                connections.keeps_waiting(one)
    return admitted


def test_an_address_may_have_what_is_left_for_others() -> None:
    connections = Connections(100)
    assert [len(opened(connections, address, 100, waiting=False)) for address in "abc"] == [50, 25, 13]


@pytest.mark.parametrize(("address", "client"), [("2001:db8::1:2:3:4", "2001:db8::/64"), ("10.0.0.1", "10.0.0.1")])
def test_a_connection_counts_for_its_client(address: str, client: str) -> None:
    class Transport(asyncio.Transport):
        def get_extra_info(self, name: str, default: Any = None) -> Any:
            return (address, 1) if name == "peername" else default

    async def connected() -> str:
        config = Config(lambda *_: None, log_config=None)
        connection = BoundedConnection(Connections(10), config=config, server_state=ServerState(), app_state={})
        connection.connection_made(Transport())
        return connection.address

    assert asyncio.run(connected()) == client


def test_the_one_that_kept_the_server_waiting_longest_makes_room() -> None:
    connections = Connections(10)
    worked_for = opened(connections, "a", 2, waiting=False)
    waiting = opened(connections, "a", 5, waiting=True)
    assert [one.ended for one in worked_for + waiting] == [False] * 2 + [True] * 2 + [False] * 3
    connections.is_worked_for(waiting[2])
    opened(connections, "a", 1, waiting=True)
    assert [one.ended for one in waiting] == [True, True, False, True, False]


def test_others_get_in_where_one_address_has_all_it_may() -> None:
    connections = Connections(10)
    greedy = opened(connections, "a", 50, waiting=True)
    assert sum(not one.ended for one in greedy) == 5
    few = opened(connections, "b", 3, waiting=False)
    assert len(few) == 3
    assert not any(one.ended for one in few)
    for one in [*greedy, *few]:
        connections.forget(one)
    assert len(opened(connections, "c", 10, waiting=False)) == 5
