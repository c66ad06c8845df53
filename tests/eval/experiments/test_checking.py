"""What checking a draft costs is measured over a library."""

from corpus.library.store import Library
from eval.experiments.checking import measure
from index.ingest import add
from rag.assemble import assemble
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.draft.articles import ARTICLES


def test_sentences_as_they_are_are_exact_and_no_other(tmp_path):
    library, encoder = Library(tmp_path / "library.sqlite"), HashEncoder()
    list(add(library, encoder, ARTICLES))
    cost = measure(assemble(library, encoder, SentenceReader(encoder), Settings()), 300)
    assert cost.verdicts.total() >= 4
    assert {verdict for kind, verdict in cost.verdicts if kind == "as it is"} == {"exact"}
    assert "exact" not in {verdict for kind, verdict in cost.verdicts if kind != "as it is"}
    assert cost.core >= 0 <= cost.clock
