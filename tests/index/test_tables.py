"""Everything that is derived from articles is in one list, and each entry follows what is added, changed and removed."""

import pytest

from index import ingest
from index.derived_table import DerivedTable
from index.ingest import add, remove
from index.tables import STAGED, TABLES, prepare
from tests.fakes import HashEncoder
from tests.index.conftest import article


class Recorder(DerivedTable):
    """Keeps the steps that it is called for."""

    part = "steps"

    def __init__(self):
        self.steps = []

    def keep(self, library, new):
        self.steps.append(("keep", new.article_ids, [one.passage.text for one in new.stored], len(new.encoded.digests)))

    def forget(self, library, article_id, stored):
        self.steps.append(("forget", article_id, [one.passage.text for one in stored], article_id in library))

    def refresh(self, library):
        self.steps.append(("refresh", library.generation))


def test_a_table_in_the_list_is_told_of_every_change(library, monkeypatch):
    table = Recorder()
    monkeypatch.setattr(ingest, "TABLES", (*TABLES, table))
    list(add(library, HashEncoder(), [article("bell", "The bell rang."), article("gull", "A gull came.")]))
    list(add(library, HashEncoder(), [article("bell", "The bell fell.")]))
    remove(library, ["gull"])
    assert table.steps == [
        ("keep", ["bell", "gull"], ["The bell rang.", "A gull came."], 2),
        ("refresh", 1),
        ("forget", "bell", ["The bell rang."], True),
        ("keep", ["bell"], ["The bell fell."], 1),
        ("refresh", 2),
        ("forget", "gull", ["A gull came."], True),
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.part)
def test_a_table_agrees_with_the_articles_and_can_be_rebuilt(library, table):
    list(add(library, HashEncoder(), [article("bell", "The bell rang."), article("gull", "A gull came.")]))
    list(add(library, HashEncoder(), [article("bell", "The bell fell.")]))
    remove(library, ["gull"])
    assert list(table.check(library)) == []
    with library.writing():
        table.rebuild(library)
    assert list(table.check(library)) == []


def test_an_empty_library_is_prepared_without_a_new_generation(library):
    prepare(library)
    prepare(library)
    assert library.generation == 0
    assert {one for table in TABLES for one in table.check(library)} == set()


def test_reindexing_stages_what_passages_give(library):
    assert [(table.part, table.table) for table in STAGED] == [
        ("vectors", "staged_vector"), ("passages", "staged_passage_digest"), ("words", "staged_words"), ("spelling", "staged_spelling"),
    ]  # fmt: skip
