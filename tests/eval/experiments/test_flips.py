"""A small run of the experiment: of the bytes that are changed, none makes the library lie or the program crash."""

from contextlib import closing

from corpus.library.backup import backup
from corpus.library.store import Library
from corpus.sample import sample_articles
from eval.experiments import flips
from eval.experiments.flips import ChangedByte, SampleLook, changed_bytes, markdown
from index.ingest import add
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder


def test_a_byte_is_changed_and_put_back(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(100))
    seen = []

    def look():
        seen.append(path.read_bytes())
        return "none", ""

    found = list(changed_bytes(path, 20, 7, look))
    assert path.read_bytes() == bytes(100)
    assert [sum(map(bool, one)) for one in seen] == [1] * 20
    assert [one[flip.offset] for one, flip in zip(seen, found, strict=True)] == [flip.after for flip in found]
    assert list(changed_bytes(path, 20, 7, look)) == found


def test_of_ten_changed_bytes_none_is_a_lie_or_a_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(flips, "QUESTIONS", 5)
    encoder = HashEncoder()
    with closing(Library(tmp_path / "library.sqlite")) as library:
        list(add(library, encoder, sample_articles()))
        look = SampleLook(library, encoder, SentenceReader(encoder), Settings())
        path = tmp_path / "copy" / "library.sqlite"
        path.parent.mkdir()
        backup(library, path, force=False, progress=lambda *_: None)
        assert look.at(path) == ("none", "")
        found = list(changed_bytes(path, 10, 3, lambda: look.at(path)))
    assert [one for one in found if one.effect in {"lie", "crash"}] == []
    assert {one.effect for one in found} > {"found"}


def test_a_change_of_a_text_is_no_lie(tmp_path):
    encoder = HashEncoder()
    with closing(Library(tmp_path / "library.sqlite")) as library:
        list(add(library, encoder, sample_articles()))
        look = SampleLook(library, encoder, SentenceReader(encoder), Settings())
        library.connection.execute("UPDATE article SET text = replace(text, 'a', 'e')")
        assert look.at(library.path) == ("found", "articles: is not as it was written")


def test_the_table_counts_the_effects():
    one = ChangedByte("library.sqlite", 5, 0, 1, "found", "")
    none = ChangedByte("library.sqlite", 6, 0, 1, "none", "")
    assert list(markdown([one, one, none])) == [
        "| file | bytes changed | not opened | found by verify | no effect | lies | crashes |",
        "|---|---|---|---|---|---|---|",
        "| library.sqlite | 3 | 0 | 2 | 1 | 0 | 0 |",
    ]
