"""Streams are counted while they are open, by address."""

import asyncio

import pytest

from rag.api.access.streams import StreamLimit

PAGE = "/gradio_api/queue/data"


async def opened(limit, address, path=PAGE):
    """Whether the stream begins; the task ends with it."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "client": (address, 1)}
    task = asyncio.create_task(limit(scope, None, send))
    await asyncio.sleep(0)
    return task, [message["status"] for message in sent if "status" in message]


def limit_of(most):
    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    return StreamLimit(endless, most)


async def begun(limit, address, path=PAGE, count=10):
    outcomes = [await opened(limit, address, path) for _ in range(count)]
    return [status for _, (status,) in outcomes].count(200), [task for task, _ in outcomes]


def test_an_address_has_as_many_streams_as_are_left_for_others():
    async def run():
        limit = limit_of(8)
        assert [(await begun(limit, address))[0] for address in "abcd"] == [4, 2, 1, 1]
        assert (await begun(limit, "e"))[0] == 0

    asyncio.run(run())


def test_the_addresses_of_a_subscriber_share_their_streams():
    async def run():
        limit = limit_of(8)
        assert [(await begun(limit, f"2001:db8::{number}", count=3))[0] for number in (1, 2)] == [3, 1]
        assert (await begun(limit, "2001:db8:0:1::1"))[0] == 2

    asyncio.run(run())


def test_a_stream_that_ends_makes_room():
    async def run():
        limit = limit_of(4)
        _, tasks = await begun(limit, "a")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (await begun(limit, "a"))[0] == 2

    asyncio.run(run())


@pytest.mark.parametrize(("path", "count"), [
    (PAGE, 2), ("/v1/jobs/abc/events", 2), ("/v1/jobs/abc", 10), ("/v1/jobs", 10), ("/", 10),
])  # fmt: skip
def test_only_streams_without_an_end_are_counted(path, count):
    assert asyncio.run(begun(limit_of(4), "a", path))[0] == count
