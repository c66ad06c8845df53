"""An article taken out is put back as it was: its id, its words, its place in sync, what was judged of it."""

from dataclasses import replace

import pytest

from corpus.library.feedback import Judgement, feedback, keep
from corpus.sync.file_state import FILES, FileState, states_under
from corpus.sync.folder import Signature
from corpus.sync.state_table import StateTable
from index.ingest import add, remove
from index.maintenance.restore_article import NotPutBack, restore_article
from index.maintenance.verify import verify
from rag.options import AskOptions
from rag.pipeline import Pipeline
from tests.fakes import HashEncoder
from tests.ui.conftest import FERRY, FERRY_QUESTION, filled


@pytest.fixture
def pipeline(tmp_path):
    made = filled(tmp_path, HashEncoder())
    yield made
    made.library.close()


def test_it_is_there_as_before(pipeline: Pipeline) -> None:
    library = pipeline.library
    before, asked = library.article("ferry"), pipeline.ask(FERRY_QUESTION, AskOptions(10))
    keep(library, Judgement(FERRY_QUESTION, "right", "ferry", 0, 2, "On"))
    remove(library, ["ferry"])
    assert feedback(library)[0].span is None
    assert restore_article(library, HashEncoder(), before).id == "ferry"
    assert library.article("ferry") == before
    assert pipeline.ask(FERRY_QUESTION, AskOptions(10)).answers == asked.answers
    assert feedback(library)[0].span is not None


def test_its_file_is_followed_again(pipeline: Pipeline) -> None:
    library = pipeline.library
    FILES.prepare(library)
    with library.writing():
        FileState(FERRY.source, Signature(1, 2, 3), FERRY.sha256).keep(library)
    article = library.article("ferry")
    remove(library, ["ferry"])
    assert states_under(library, FERRY.source)[FERRY.source].fate == "removed"
    restore_article(library, HashEncoder(), article)
    assert states_under(library, FERRY.source)[FERRY.source].fate == "read"


def test_what_came_in_again_meanwhile_stays(pipeline: Pipeline) -> None:
    library = pipeline.library
    article = library.article("ferry")
    remove(library, ["ferry"])
    list(add(library, HashEncoder(), [replace(FERRY, id="other")]))
    with pytest.raises(NotPutBack, match="is in the library again"):
        restore_article(library, HashEncoder(), article)
    assert "ferry" not in library


def test_what_came_in_from_its_source_since_is_not_overwritten(pipeline: Pipeline) -> None:
    library = pipeline.library
    article = library.article("ferry")
    remove(library, ["ferry"])
    list(add(library, HashEncoder(), [replace(FERRY, text="Corrected: it was another ship.", sha256="0" * 64)]))
    with pytest.raises(NotPutBack):
        restore_article(library, HashEncoder(), article)
    assert library.article("ferry").text == "Corrected: it was another ship."


def test_it_comes_back_in_one_transaction_or_not_at_all(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    library = pipeline.library
    article = library.article("ferry")
    remove(library, ["ferry"])
    before = library.generation

    def full(*_: object) -> None:
        raise OSError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(StateTable, "let_in", full)
        with pytest.raises(OSError, match="disk is full"):
            restore_article(library, HashEncoder(), article)
    assert (library.generation, "ferry" in library) == (before, False)
    restore_article(library, HashEncoder(), article)
    assert (library.generation, "ferry" in library) == (before + 1, True)


def test_an_id_that_another_article_has_by_now_is_not_taken_from_it(pipeline: Pipeline) -> None:
    library = pipeline.library
    article = library.article("ferry")
    remove(library, ["ferry"])
    list(add(library, HashEncoder(), [replace(FERRY, source="/elsewhere/ferry.txt", text="Another.", sha256="1" * 64)]))
    with pytest.raises(NotPutBack):
        restore_article(library, HashEncoder(), article)
    assert library.article("ferry").source == "/elsewhere/ferry.txt"


def test_one_of_two_articles_of_the_same_bytes_comes_back(pipeline: Pipeline) -> None:
    library = pipeline.library
    list(
        add(
            library,
            HashEncoder(),
            [replace(FERRY, id="other", source="/o.txt", text="Soon the same.", sha256="2" * 64)],
        )
    )
    list(add(library, HashEncoder(), [replace(FERRY, id="other", source="/o.txt")]))  # what has become the same by now
    article = library.article("ferry")
    remove(library, ["ferry"])
    assert restore_article(library, HashEncoder(), article).id == "ferry"
    assert {"ferry", "other"} <= {header.id for header in library.headers()}


def test_the_library_is_whole_afterwards(pipeline: Pipeline) -> None:
    library = pipeline.library
    article = library.article("ferry")
    before = [one.what for one in verify(library) if one.is_damage]
    remove(library, ["ferry"])
    restore_article(library, HashEncoder(), article)
    assert [one.what for one in verify(library) if one.is_damage] == before
