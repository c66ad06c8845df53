"""A backup put in the place of a library that others ask meanwhile: they see one or the other, never a mixture."""

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.library.backup import NotABackup, backup
from corpus.library.store import Library
from index.dense import dense
from index.dense.snapshot import Snapshot
from index.ingest import add
from index.maintenance.repair import repair
from index.maintenance.restore import restore
from index.maintenance.verify import DeepCheck, verify
from index.search import HybridIndex
from tests.fakes import HashEncoder

ROOT = Path(__file__).parents[3]
ASKING = """
import sys, time
from pathlib import Path
from corpus.library.store import Library
from index.search import HybridIndex
from tests.fakes import HashEncoder

library, encoder = Library(Path(sys.argv[1])), HashEncoder()
index = HybridIndex(library, encoder)
generation, until = -1, time.monotonic() + 120
while time.monotonic() < until:
    with library.reading() as now:
        if now < generation:
            sys.exit(f"generation {now} after {generation}")
        hits = index.search("the gulls of the harbour", 20)
        kinds = {hit.passage.article_id.partition("-")[0] for hit in hits}
        cosines = encoder.encode_passages([hit.passage.text for hit in hits]) @ encoder.encode_query("the gulls of the harbour")
        wrong = [hit for hit, cosine in zip(hits, cosines) if abs(hit.dense - cosine) > 0.01]
        if len(kinds) != 1 or wrong or any(library.article(hit.passage.article_id) is None for hit in hits):
            sys.exit(f"{kinds} {wrong}")
    if now != generation:
        generation = now
        print(now, *kinds, flush=True)
        if len(sys.argv) > 2 and kinds == {sys.argv[2]}:
            break
"""


def articles(name, count):
    for number in range(count):
        text = f"{name} {number}: the gulls of the harbour were {number * 7919 % 101} on day {number}, and {name} wrote it down."
        yield Article(f"{name}-{number}", f"{name} {number}", text, f"{name}-{number}.txt", sha256=f"{name} {number}")


def filled(path, name, count):
    library = Library(path)
    list(add(library, HashEncoder(), articles(name, count)))
    return library


def nobody(_what, _done, _total):
    pass


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Of 40 articles, and with a snapshot."""
    monkeypatch.setattr(dense, "_SNAPSHOT_AFTER", 0)
    library = filled(tmp_path / "home" / "library.sqlite", "old", 40)
    HybridIndex(library, HashEncoder()).search("gulls", 3)
    return library


@pytest.fixture
def kept(tmp_path):
    """A backup of another library, whose rows are those of the first and mean something else."""
    file = tmp_path / "new.backup"
    backup(filled(tmp_path / "other" / "library.sqlite", "new", 60), file, force=False, progress=nobody)
    return file


def test_a_process_that_is_asking_goes_on_with_what_was_restored(library, kept):
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKING, str(library.path), "new"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asking.stdout.readline() == "1 old\n", asking.stderr.read()
    restore(library.path, kept, force=True, progress=nobody)
    said, wrong = asking.communicate(timeout=150)
    assert (asking.returncode, wrong) == (0, "")
    assert said == "2 new\n"


def test_a_search_structure_in_memory_forgets_the_former_rows(library, kept, tmp_path):
    """Fewer rows, the same number of rows, more rows: none can be told by counting."""
    encoder = HashEncoder()
    index = HybridIndex(library, encoder)
    query = "the gulls were 17 on day 21"
    for count in (10, 40, 90):
        index.search(query, 20)
        file = tmp_path / f"{count}.backup"
        backup(
            filled(tmp_path / f"{count}" / "library.sqlite", f"of{count}", count), file, force=False, progress=nobody
        )
        restore(library.path, file, force=True, progress=nobody)
        fresh = HybridIndex(Library(library.path), encoder)
        assert index.search(query, 20) == fresh.search(query, 20)
        assert {hit.passage.article_id.partition("-")[0] for hit in index.search(query, 20)} == {f"of{count}"}
        list(add(library, encoder, articles(f"of{count}", count + 5)))
        assert index.search(query, 20) == HybridIndex(Library(library.path), encoder).search(query, 20)


def test_the_former_snapshot_goes_and_a_new_one_comes(library, kept):
    former = Snapshot(library).path
    assert former.is_file()
    restore(library.path, kept, force=True, progress=nobody)
    assert not former.exists()
    HybridIndex(library, HashEncoder()).search("gulls", 3)
    assert Snapshot(library).path.is_file()
    assert Snapshot(library).path != former
    assert list(verify(library, DeepCheck(HashEncoder()))) == []


def test_a_snapshot_of_what_was_added_and_lost_since_is_not_taken_for_the_truth(library, tmp_path):
    """Backup, more articles and a snapshot of them, restore, as many other articles: the rows are the same."""
    file = tmp_path / "library.backup"
    backup(library, file, force=False, progress=nobody)
    list(add(library, HashEncoder(), articles("lost", 20)))
    HybridIndex(library, HashEncoder()).search("gulls", 3)
    restore(library.path, file, force=True, progress=nobody)
    list(add(library, HashEncoder(), articles("later", 20)))
    assert list(verify(library, DeepCheck(HashEncoder()))) == []
    hits = HybridIndex(library, HashEncoder()).search("later 3: the gulls", 60)
    assert {hit.passage.article_id.partition("-")[0] for hit in hits} == {"old", "later"}


def test_a_backup_of_before_there_were_these_tables_is_fitted_with_them(library, kept):
    old = Library(kept)
    for statement in ("DROP TABLE spelling", "DROP INDEX article_facts", "DROP TABLE file", "DROP INDEX vector_digest"):
        old.connection.execute(statement)
    old.connection.execute("ALTER TABLE vector DROP COLUMN digest")
    old.close()
    index = HybridIndex(library, HashEncoder())
    restore(library.path, kept, force=True, progress=nobody)
    assert library.connection.execute("SELECT passages FROM spelling WHERE word = 'gulls'").fetchone() == (60,)
    assert len(index.search("gulls", 99)) == 60
    list(add(library, HashEncoder(), articles("more", 1)))


def test_a_backup_with_damaged_truth_is_refused_and_says_where(library, kept):
    with_damage = Library(kept)
    with_damage.connection.execute("UPDATE article SET text = replace(text, 'harbour', 'harvest') WHERE id = 'new-7'")
    with_damage.close()
    with pytest.raises(NotABackup, match="articles: new-7 is not as it was written"):
        restore(library.path, kept, force=True, progress=nobody)
    assert library.counts()[0] == 40
    assert Snapshot(library).path.is_file()


def test_a_backup_with_damage_that_can_be_mended_is_put_in_place_and_mended(library, kept):
    with_damage = Library(kept)
    with_damage.connection.execute("DELETE FROM vector WHERE row = 7")
    with_damage.connection.execute("DROP TABLE words")
    with_damage.close()
    restore(library.path, kept, force=True, progress=nobody)
    encoder = HashEncoder()
    repair(library, list(verify(library)), lambda: encoder)
    assert list(verify(library, DeepCheck(encoder))) == []
    assert library.counts() == (60, 60)
    assert len(HybridIndex(library, encoder).search("gulls", 99)) == 60


def test_a_library_that_is_no_longer_one_is_replaced(library, kept):
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    library.path.write_bytes(library.path.read_bytes()[:5000])
    former = restore(library.path, kept, force=True, progress=nobody)
    assert former.stat().st_size == 5000
    assert Library(library.path).counts()[0] == 60
