"""What a form with files takes while it comes: the disk, and hardly any memory."""

import asyncio
import errno
import tracemalloc
from pathlib import Path

import pytest
from fastapi import HTTPException, Request

from rag.api.routes.upload_form import MOST_ADDRESS_BYTES, MOST_SOURCES, stored_form

HEAD = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
FILE = HEAD % (b"file", b'; filename="a.txt"')


def request(pieces):
    """A request whose form comes in these pieces; it ends only where one is its end."""
    left = list(pieces)

    async def receive():
        if not left:
            await asyncio.Event().wait()
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": body != b"--x--\r\n"}

    kind = (b"content-type", b"multipart/form-data; boundary=x")
    return Request({"type": "http", "method": "POST", "path": "/", "headers": [kind]}, receive), left


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def held(pieces, folder):
    """The bytes of memory, and the descriptors, that a form takes once all but its end has come."""

    async def run():
        asked, left = request(pieces)
        open_before = descriptors()
        task = asyncio.create_task(stored_form(asked, str(folder)))
        while left and not task.done():  # noqa: ASYNC110 - the form's reader tells of nothing
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        taken, opened = tracemalloc.get_traced_memory()[0], descriptors() - open_before
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return taken, opened

    tracemalloc.start()
    try:
        return asyncio.run(run())
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted on Linux")
@pytest.mark.parametrize("size", [2_000, 200_000, 900_000])
def test_a_form_that_never_ends_lies_on_the_disk(tmp_path, size):
    count = 20_000_000 // size if size > 20_000 else 1_000
    memory, opened = held((FILE + bytes(size) + b"\r\n" for _ in range(count)), tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) >= count * size - 100
    assert memory < 2**22 + 2 * size * 20
    assert opened < 5


def test_headers_of_parts_are_not_kept(tmp_path):
    padded = FILE.replace(b"\r\n\r\n", b"".join(b"\r\nX-%d: %b" % (n, b"x" * 4_000) for n in range(7)) + b"\r\n\r\n")
    memory, _ = held((padded + b"w\r\n" for _ in range(300)), tmp_path)  # 8 MB
    assert memory < 2**22


def test_all_addresses_of_a_form_have_a_megabyte(tmp_path):
    def read(length):
        url = HEAD % (b"url", b"") + b"u" * length + b"\r\n"
        return asyncio.run(stored_form(request([url * 256, b"--x--\r\n"])[0], str(tmp_path)))

    assert read(MOST_ADDRESS_BYTES // 256) == ([], ["u" * 4_096] * 256)
    with pytest.raises(HTTPException) as refused:
        read(MOST_ADDRESS_BYTES // 256 + 1)
    assert (refused.value.status_code, refused.value.detail) == (
        413, "The form's addresses have more than 1 MB; send fewer at once.",
    )  # fmt: skip


def test_a_thousand_files_and_no_more(tmp_path):
    files, _ = asyncio.run(stored_form(request([FILE + b"w\r\n"] * MOST_SOURCES + [b"--x--\r\n"])[0], str(tmp_path)))
    assert [Path(file.path).read_bytes() for file in files] == [b"w"] * MOST_SOURCES
    with pytest.raises(HTTPException) as refused:
        asyncio.run(stored_form(request([FILE + b"w\r\n"] * (MOST_SOURCES + 1))[0], str(tmp_path)))
    assert refused.value.status_code == 400


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    asked, _ = request([FILE + b"w\r\n", b"--x--\r\n"])
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(stored_form(asked, str(tmp_path)))
    assert (refused.value.status_code, refused.value.detail, refused.value.headers) == (
        503, "The server has no room for the files at the moment; try again in 10 seconds.", {"Retry-After": "10"},
    )  # fmt: skip
