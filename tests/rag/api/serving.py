"""A real server on a free port of this machine, for what a client in process cannot show."""

import threading
import time
from contextlib import contextmanager

import uvicorn

_PATIENCE = 20  # seconds for it to start, and to stop


@contextmanager
def serving(app):
    """The address at which the app answers, lifespan and all, until the block ends."""
    config = uvicorn.Config(app, port=0, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="serving")
    thread.start()
    try:
        until = time.monotonic() + _PATIENCE
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < until, "the server took too long to start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        assert not thread.is_alive(), "the server did not stop"
