"""All bodies at once have room for so much, of which a client has a share; those of ordinary questions always fit."""

import asyncio

import pytest
from starlette.exceptions import HTTPException

from rag.api.access import bodies as bounds
from rag.api.access.bodies import MEGABYTE, BodyLimit

NO_ROOM = "The server has no room for so much at the moment; try again in 10 seconds."
UPLOAD = {"type": "http", "method": "POST", "path": "/v1/articles",
          "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}  # fmt: skip
QUESTION = {"type": "http", "method": "POST", "path": "/v1/answer", "headers": []}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_IN_MEMORY", 8 * MEGABYTE)
    monkeypatch.setattr(bounds, "MOST_ON_DISK", 80 * MEGABYTE)
    monkeypatch.setattr(bounds, "MOST_UPLOADS", 16)


async def held(limit, scope, client, megabytes):
    """The task of a body of which so many megabytes have come and no end, and what was sent."""
    body = [{"type": "http.request", "body": bytes(2**16), "more_body": True}] * int(16 * megabytes)
    sent = []

    async def receive():
        return body.pop() if body else await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    task = asyncio.create_task(limit({**scope, "client": (client, 1)}, receive, send))
    while body and not task.done():  # noqa: ASYNC110 - each turn of the loop is one piece
        await asyncio.sleep(0)
    return task, sent


async def tasks_held(limit, scope, client, megabytes, count=40):
    """The tasks of those of so many bodies that are held; the others are told when to try again."""
    begun = [await held(limit, scope, client, megabytes) for _ in range(count)]
    await asyncio.sleep(0)
    for task, sent in begun:
        if task.done() and task.exception():
            refused = task.exception()
            assert isinstance(refused, HTTPException)
            assert (refused.status_code, refused.detail, refused.headers) == (503, NO_ROOM, {"Retry-After": "10"})
        elif task.done():
            assert (sent[0]["status"], dict(sent[0]["headers"])[b"retry-after"]) == (503, b"10")
    return [task for task, _ in begun if not task.done()]


def limit():
    async def reading(scope, receive, send):
        while True:
            await receive()

    return BodyLimit(reading, {"/v1/articles": 100})


@pytest.mark.parametrize(
    ("scope", "megabytes", "shares"), [(QUESTION, 1, [4, 2, 1]), (UPLOAD, 10, [4, 2, 1]), (UPLOAD, 1, [8, 4, 2])]
)
def test_a_client_has_what_is_left_free_for_others(scope, megabytes, shares):
    async def run():
        bounded = limit()
        kept = [await tasks_held(bounded, scope, client, megabytes) for client in ("a", "b", "c")]
        assert [len(tasks) for tasks in kept] == shares

    asyncio.run(run())


def test_a_question_has_room_where_its_client_holds_all_it_may():
    async def run():
        bounded = limit()
        kept = await tasks_held(bounded, QUESTION, "a", 1)
        assert len(kept) == 4
        assert len(await tasks_held(bounded, QUESTION, "a", 1 / 16)) == 40  # 64 KB

    asyncio.run(run())


@pytest.mark.parametrize(("scope", "megabytes"), [(QUESTION, 1), (UPLOAD, 10), (UPLOAD, 1)])
def test_what_has_ended_makes_room(scope, megabytes):
    async def run():
        bounded = limit()
        first = await tasks_held(bounded, scope, "a", megabytes)
        for task in first:
            task.cancel()
        await asyncio.gather(*first, return_exceptions=True)
        assert len(await tasks_held(bounded, scope, "b", megabytes)) == len(first)

    asyncio.run(run())


def test_the_addresses_of_a_subscriber_share_their_room():
    async def run():
        bounded = limit()
        kept = [await tasks_held(bounded, QUESTION, f"2001:db8::{number}", 1, 3) for number in (1, 2)]
        assert [len(tasks) for tasks in kept] == [3, 1]

    asyncio.run(run())
