"""Work that a client may begin over adversarial articles: it is done soon, or it ends with its deadline."""

import threading
import time
import tracemalloc

import httpx
import pytest

from corpus.article import Span
from corpus.deadline import WorkDeadline, WorkEnded, within
from corpus.sentences import paragraphs, sentences_around
from index.ingest import add, remove
from index.lexical.spelling import repaired
from index.maintenance.restore_article import restore_article
from rag.api.app import create_app
from rag.api.article_page import article_page
from rag.citation.cite import Citer
from rag.citation.marked import body_html
from rag.citation.reanchor import reanchor
from rag.options import AskOptions
from tests.fakes import HashEncoder
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving
from tests.rag.conftest import CANNERY, FERRY, article

HURT = {"question": "Was anybody on board hurt?"}


def test_four_who_look_for_what_repeats_itself_stop_nobody(library, pipeline):
    with library.writing():
        library.put(article("words", "word " * 300_000), ())
    replies, honest = [], []
    with serving(create_app(pipeline, settings(seconds=10))) as address:

        def attack():
            replies.append(httpx.post(f"{address}/v1/quotes/locate", json={"quote": "word " * 1_000}, timeout=60))

        attacking = [threading.Thread(target=attack) for _ in range(4)]
        for one in attacking:
            one.start()
        while any(one.is_alive() for one in attacking):
            honest.append(httpx.post(f"{address}/v1/answer", json=HURT, timeout=60).status_code)
        honest.append(httpx.post(f"{address}/v1/answer", json=HURT, timeout=60).status_code)
    assert [(reply.status_code, reply.json()["total"]) for reply in replies] == [(200, 299_001)] * 4
    assert set(honest) == {200}


LONG = article("long", "a\n\n" * 3_300_000)


def test_a_page_of_a_very_long_article_is_made_soon_and_takes_little_memory():
    tracemalloc.start()
    try:
        body = article_page(LONG, Span(0, 3)).body
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()
    assert len(body) < 4 * 2**20
    assert body.count(b'id="quoted"') == 1


@pytest.mark.parametrize("work", [
    lambda: body_html(LONG.text, None, ()), lambda: sentences_around(LONG.text, Span(0, len(LONG.text))), lambda: list(paragraphs(LONG.text)),
])  # fmt: skip
def test_no_loop_over_paragraphs_begins_after_its_deadline(work):
    started = time.thread_time()
    with within(WorkDeadline(0)), pytest.raises(WorkEnded):
        work()
    assert time.thread_time() - started < 0.5


@pytest.fixture
def ferry(library, pipeline):
    return library.article("ferry")


@pytest.fixture
def works(library, pipeline, ferry):
    """What a client may begin, by name."""
    quote = Citer(library, ()).excerpt("ferry", Span(10, 23), "Saint Brannoc")
    return {
        "asking": lambda: pipeline.ask(HURT["question"], AskOptions(3)),
        "searching": lambda: pipeline.search("ferry", 3, "lexical"),
        "reading": lambda: pipeline.search("ferry", 3, "reranked"),
        "repairing": lambda: repaired(library, lambda texts: [2 for _ in texts], "the fery sank"),
        "listing": library.headers,
        "looking for words": lambda: list(library.may_hold("ferry")),
        "showing": lambda: body_html(FERRY, None, ()),
        "citing": lambda: Citer(library, ()).excerpt("ferry", Span(10, 23), "Saint Brannoc"),
        "finding again": lambda: reanchor(quote, article("ferry", f"Once more. {FERRY}")),
    }


@pytest.mark.parametrize("name", [
    "asking", "searching", "reading", "repairing", "listing", "looking for words", "showing", "citing", "finding again",
])  # fmt: skip
def test_work_ends_with_its_deadline(works, name):
    works[name]()
    with within(WorkDeadline(0)), pytest.raises(WorkEnded):
        works[name]()
    works[name]()


def test_what_is_put_back_is_put_back_whole_or_not_at_all(library, pipeline, ferry):
    remove(library, ["ferry"])
    before = library.generation
    with within(WorkDeadline(0)), pytest.raises(WorkEnded):
        restore_article(library, HashEncoder(), ferry)
    assert ("ferry" in library, library.generation) == (False, before)
    assert restore_article(library, HashEncoder(), ferry).id == "ferry"


def test_a_job_that_is_cancelled_ends_while_it_encodes(library, pipeline):
    deadline, reached = WorkDeadline(), []

    class EndedWhileEncoding(HashEncoder):
        def encode_passages(self, texts):
            reached.append(len(texts))
            deadline.end()
            return super().encode_passages(texts)

    text = "\n\n".join(f"Paragraph {number} of many says {number * 7}." * 20 for number in range(2_000))
    started = time.perf_counter()
    with within(deadline), pytest.raises(WorkEnded):
        list(add(library, EndedWhileEncoding(), [article("long", text)]))
    assert time.perf_counter() - started < 30
    assert len(reached) == 1
    assert "long" not in library
    assert library.article("cannery").text == CANNERY
