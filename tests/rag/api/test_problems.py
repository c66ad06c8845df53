"""What HTTP clients are told of an error: its status, when to try again, and never where the library lies."""

import sqlite3
from pathlib import Path

import pytest

from corpus.article import Article, NoSuchPlace, Span
from corpus.errors import PullquoteError
from corpus.library.faults import LibraryBusy, NotALibrary
from corpus.library.feedback import BadJudgement
from corpus.library.store import NoSuchArticle
from index.encoder.encoder import UnknownEncoder
from index.filters import BadFilter
from index.maintenance.restore_article import NotPutBack
from index.manifest import StaleIndex
from index.milvus.address import CollectionAddress
from index.milvus.errors import ForeignCollection, MilvusFailed, MilvusMissing
from rag.api.access.admission import Busy
from rag.api.access.rate_limit import TooMany
from rag.api.jobs import NoSuchJob
from rag.api.problems import ErrorReply, error_reply, is_logged, sentence
from rag.api.removals import NothingToPutBack
from rag.citation.cite import BrokenQuote
from rag.locate.locate import BadQuote
from rag.question import BadQuestion

FOLDER = Path("/secret/folder")
MILVUS = CollectionAddress("http://secret/folder:19530", "pullquote", is_file=False)


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [
        (BadFilter("a sentence"), 422, None),
        (BadJudgement("a sentence"), 422, None),
        (BadQuestion("a sentence"), 422, None),
        (BadQuote("a sentence"), 422, None),
        (NoSuchPlace(Article("a", "A", "Words.", "a.txt"), 5, 2), 422, None),
        (NoSuchArticle("a"), 404, None),
        (NoSuchJob("j"), 404, None),
        (NothingToPutBack("a"), 404, None),
        (NotPutBack("a sentence"), 409, None),
        (TooMany(5, 7), 429, 7),
        (BrokenQuote("a", Span(1, 2)), 500, None),
        (Busy(3), 503, 3),
    ],
)
def test_an_error_is_told_as_it_is(fault, status, retry_after):
    assert error_reply(fault) == ErrorReply(str(fault), status, retry_after)
    assert is_logged(fault) is (status == 500)


@pytest.mark.parametrize(
    ("fault", "retry_after", "told"),
    [
        (LibraryBusy(FOLDER), 1, "Another process is writing to the library, and nothing was changed; "),
        (sqlite3.OperationalError("/secret/folder"), 1, "The library cannot be read or written at the moment; "),
        (MilvusFailed(MILVUS, "down"), None, "The index cannot be searched at the moment; "),
        (ForeignCollection(MILVUS, "another library"), None, "The index cannot be searched at the moment; "),
        (MilvusMissing("pymilvus", "pymilvus"), None, "The index cannot be searched at the moment; "),
    ],
)
def test_a_state_of_the_server_is_told_without_its_folder(fault, retry_after, told):
    reply = error_reply(fault)
    assert (reply.status, reply.retry_after) == (503, retry_after)
    assert reply.detail.startswith(told)
    assert "secret" not in reply.detail


def test_an_index_of_another_encoder_is_told_without_the_librarys_folder(library):
    fault = StaleIndex(library, "the encoder a", "the settings give b", "go back to a")
    assert error_reply(fault) == ErrorReply(
        "The library was built with the encoder a, and the settings give b; go back to a.", 503
    )
    assert str(library.path) in str(fault)


@pytest.mark.parametrize("fault", [KeyError("a"), UnknownEncoder("/secret", "why"), NotALibrary(FOLDER, "why")])
def test_of_any_other_error_only_the_log_says_what_it_was(fault):
    assert error_reply(fault) is None
    assert is_logged(fault)
    assert sentence(fault, "this job") == "The server failed at this job; its log says how."


def test_an_error_is_the_servers_until_its_class_says_otherwise():
    assert (PullquoteError.status, PullquoteError.retry_after, PullquoteError("a sentence").public) == (500, None, None)
