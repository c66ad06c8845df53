"""Articles come and go while others ask: every reply is whole, and cites what stood in the library at its generation."""

import threading
import time

import httpx
import pytest

from index.ingest import add
from rag.api.app import create_app
from rag.client import NotThere, Pullquote
from tests.fakes import HashEncoder
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving
from tests.rag.conftest import article

ASKING, SECONDS = 16, 6
QUESTION = "Which bell of Merrin came home on what day?"


def version(number):
    """The text of an article in its nth version, with the answer at another place in each."""
    return f"{'Before all that, a word. ' * (number % 5)}The bell number {number} of Merrin came home on day {number}. It rang."


class Written:
    """One who adds, changes and deletes an article over and over, and knows what stood at which generation."""

    def __init__(self, library):
        self.library = library
        self.texts = {}  # generation -> the text, or None
        self.ended = threading.Event()

    def note(self, text):
        self.texts[self.library.health().generation] = text

    def write(self):
        number = 0
        while not self.ended.is_set():
            number += 1
            [entry] = self.library.add(("bell.txt", version(number).encode()))
            assert entry.outcome in {"added", "updated"}
            self.note(version(number))
            if number % 3 == 0:
                self.library.remove(entry.article_id)
                self.note(None)


def asked(address, until, replies, faults):
    with Pullquote(address) as library:
        while time.monotonic() < until:
            try:
                replies.append(library.ask(QUESTION, threshold=0))
            except Exception as fault:  # noqa: BLE001  # whatever it is, it is a failure
                faults.append(repr(fault))


def test_every_reply_cites_what_stood_in_the_library_at_its_generation(pipeline):
    standing = [
        article(f"old{number}", f"The old clock {number} of Merrin stopped on day {number}.") for number in range(30)
    ]
    list(add(pipeline.library, HashEncoder(), standing))
    texts = {header.id: pipeline.library.article(header.id).text for header in pipeline.library.headers()}
    with serving(create_app(pipeline, settings(rate=0))) as address, Pullquote(address) as writer:
        written = Written(writer)
        written.note(None)
        replies, faults = [], []
        until = time.monotonic() + SECONDS
        askers = [threading.Thread(target=asked, args=(address, until, replies, faults)) for _ in range(ASKING)]
        writing = threading.Thread(target=written.write)
        for thread in (writing, *askers):
            thread.start()
        for thread in askers:
            thread.join()
        written.ended.set()
        writing.join()
    assert faults == []
    changed = set()
    for reply in replies:
        generation = reply.library.generation
        for quote in (quote for answer in reply.answers for quote in answer.quotes):
            text = texts.get(quote.article_id) or written.texts[generation]
            assert text is not None, f"an article that was not there at generation {generation} is quoted"
            assert text[quote.start : quote.end] == quote.text
            assert text[quote.context.start : quote.context.end] == quote.context.text
            if quote.article_id not in texts:
                changed.add(generation)
    assert len(written.texts) > 5
    assert len(changed) > 3, "the article that changes was hardly ever quoted"
    assert {reply.question for reply in replies} == {QUESTION}


def test_an_article_that_was_deleted_is_not_shown_and_not_quoted(pipeline):
    with serving(create_app(pipeline, settings())) as address, Pullquote(address) as library:
        [entry] = library.add(("bell.txt", version(1).encode()))
        assert library.ask(QUESTION, threshold=0).answers[0].quotes[0].article_id == entry.article_id
        library.remove(entry.article_id)
        quoted = [quote.article_id for answer in library.ask(QUESTION, threshold=0).answers for quote in answer.quotes]
        assert entry.article_id not in quoted
        with pytest.raises(NotThere):
            library.article(entry.article_id)
        assert httpx.get(f"{address}/v1/articles/{entry.article_id}/view").status_code == 404
