"""A session's cookie is made by this server, and holds until its time is over."""

import pytest

from rag.api.access import sessions as bounds
from rag.api.access.sessions import SESSION_SECONDS, Sessions


def test_a_session_holds_at_the_server_that_began_it_only():
    here, elsewhere = Sessions(), Sessions()
    cookie = here.begin()
    assert here.holds(cookie)
    assert not elsewhere.holds(cookie)
    assert cookie != here.begin()


def test_a_session_ends(monkeypatch):
    sessions = Sessions()
    cookie, now = sessions.begin(), bounds.time()
    monkeypatch.setattr(bounds, "time", lambda: now + SESSION_SECONDS + 1)
    assert not sessions.holds(cookie)


@pytest.mark.parametrize("cookie", ["", ".", "..", "a.b.c", "9999999999.aa.", "é.é.é", "\udcff", "9" * 5000, "٣.a.b"])
def test_anything_else_is_no_session(cookie):
    assert not Sessions().holds(cookie)


def test_a_session_cannot_be_made_longer():
    sessions = Sessions()
    expires, nonce, signature = sessions.begin().split(".")
    assert not sessions.holds(f"{int(expires) + 1}.{nonce}.{signature}")
