"""One error that comes again and again does not fill the log."""

import logging

import pytest

from rag.api import log_throttle as bounds
from rag.api.log_throttle import MOST_REPEATS, throttle


@pytest.fixture
def log():
    made = logging.getLogger("pullquote.test.throttle")
    made.filters.clear()
    return made


def fail(log, kind=ValueError, count=50):
    for _ in range(count):
        fault = kind()
        log.error("failed", exc_info=fault)


def test_an_error_is_logged_so_many_times_a_minute_and_another_one_still(log, caplog, monkeypatch):
    throttle(log)
    fail(log)
    assert len(caplog.messages) == MOST_REPEATS
    assert caplog.messages[-1] == "failed (more of these are left out for a minute)"
    fail(log, OSError, 1)
    log.warning("by the way")
    assert caplog.messages[MOST_REPEATS:] == ["failed", "by the way"]
    monkeypatch.setattr(bounds, "_MINUTE", -1)
    fail(log, count=1)
    assert caplog.messages[-1] == "failed"


def test_lines_that_are_kept_lose_their_traceback(log, caplog):
    throttle(log, keeps_lines=True)
    fail(log)
    assert [record.exc_info is not None for record in caplog.records] == [True] * MOST_REPEATS + [False] * (
        50 - MOST_REPEATS
    )
    assert caplog.messages == ["failed"] * 50


def test_a_log_is_throttled_once(log):
    throttle(log)
    throttle(log)
    assert len(log.filters) == 1
