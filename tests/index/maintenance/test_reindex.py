import os
import random
import shutil
import signal
import threading
from multiprocessing import get_context

import pytest

from corpus.chunk import Chunking
from corpus.library.store import Library
from index.dense import approximate
from index.dense.dense import DenseIndex
from index.ingest import add, remove
from index.maintenance import reindex as reindexing
from index.maintenance import staging
from index.maintenance.reindex import plan, reindex
from index.manifest import StaleIndex, fitted, recorded
from index.search import HybridIndex
from tests.fakes import HashEncoder
from tests.index.conftest import article
from tests.index.indexed import contents

ENCODER = HashEncoder()
BUILT = fitted(ENCODER.card, Chunking(40))
TARGET = fitted(ENCODER.card, Chunking(24, 8), titled=True)
OTHER = HashEncoder("other", 64)
QUERIES = ("harbour of number 3", "ferry 7 aground", "the café", "number 40")


def story(number, sentences):
    names = ("ferry", "harbour", "café", "mill", "bell 🔔")
    said = (f"The {names[(number + one) % 5]} of story {number} has number {one} in it." for one in range(sentences))
    return article(f"a{number:02}", "  ".join(said), f"Story {number} of the {names[number % 5]}")


STORIES = [story(number, 5 + 7 * (number % 4)) for number in range(12)]


class Counting(HashEncoder):
    """A HashEncoder that keeps what it was asked to encode."""

    def __init__(self, name="hash", dimension=256):
        super().__init__(name, dimension)
        self.texts = []

    def encode_passages(self, texts):
        self.texts += texts
        return super().encode_passages(texts)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(reindexing, "_BATCH_PASSAGES", 8)


def built(path, articles=STORIES, encoder=ENCODER, manifest=BUILT):
    library = Library(path)
    list(add(library, encoder, articles, manifest))
    return library


@pytest.fixture
def library(tmp_path):
    return built(tmp_path / "library.sqlite")


@pytest.fixture
def wanted(tmp_path):
    """What a library of these articles holds that was built as another manifest says from the beginning."""

    def holds(articles=STORIES, encoder=ENCODER, manifest=TARGET):
        fresh = built(tmp_path / "fresh.sqlite", articles, encoder, manifest)
        return contents(fresh)

    return holds


def found(library, encoder):
    index = HybridIndex(library, encoder)
    return [[(hit.passage.id, round(hit.score, 6)) for hit in index.search(query, 5)] for query in QUERIES]


@pytest.mark.parametrize("manifest", [TARGET, fitted(ENCODER.card, Chunking(60)), fitted(ENCODER.card, Chunking(40), titled=True)])  # fmt: skip
def test_other_passages_are_those_of_a_library_built_so(library, wanted, tmp_path, manifest):
    counts = list(reindex(library, ENCODER, manifest))
    assert contents(library) == wanted(manifest=manifest)
    assert sum(counts) == library.counts()[1]
    assert len(counts) > 2
    assert found(library, ENCODER) == found(Library(tmp_path / "fresh.sqlite"), ENCODER)


def test_another_encoders_vectors_are_those_of_a_library_built_with_it(library, wanted, tmp_path):
    target = fitted(OTHER.card)
    list(reindex(library, OTHER, target))
    assert contents(library) == wanted(encoder=OTHER, manifest=target)
    assert found(library, OTHER) == found(Library(tmp_path / "fresh.sqlite"), OTHER)
    with pytest.raises(StaleIndex, match="with the encoder other@"):
        HybridIndex(library, ENCODER).search("ferry", 5)


def test_it_is_one_generation_and_nobody_sees_anything_before(library):
    before, generation = contents(library), library.generation
    index = HybridIndex(library, ENCODER)
    steps = reindex(library, ENCODER, TARGET)
    for _ in steps:
        assert library.generation == generation
        assert {**contents(library), "tables": before["tables"]} == before
        assert index.search("ferry 7", 5)
    assert library.generation == generation + 1
    assert recorded(library) == TARGET


def test_texts_are_encoded_once_however_often_it_is_interrupted(library, wanted):
    batches = len(list(reindex(built(library.path.with_name("copy.sqlite")), ENCODER, TARGET)))
    encoder = Counting()
    for _ in range(batches):
        steps = reindex(library, encoder, TARGET)
        next(steps)
        steps.close()
    before = recorded(library)
    assert before == BUILT
    list(reindex(library, encoder, TARGET))
    assert contents(library) == wanted()
    assert len(encoder.texts) == len(set(encoder.texts))


def test_what_the_library_has_of_the_same_encoder_is_not_encoded_again(library, wanted):
    encoder, short = Counting(), [story(40, 1), story(41, 2)]
    list(add(library, encoder, short))
    encoder.texts = []
    longer = fitted(encoder.card, Chunking(60))
    list(reindex(library, encoder, longer))
    assert encoder.texts
    assert not {one.text for one in short} & set(encoder.texts)
    assert contents(library) == wanted([*STORIES, *short], manifest=longer)


@pytest.mark.parametrize("step", range(1, 6))
def test_interrupted_at_a_batch_it_goes_on_there(library, wanted, step):
    steps = reindex(library, OTHER, fitted(OTHER.card, Chunking(24)))
    done = sum(next(steps) for _ in range(step))
    steps.close()
    assert staging.counts(library, fitted(OTHER.card, Chunking(24)))[1] == done
    again = list(reindex(library, OTHER, fitted(OTHER.card, Chunking(24))))
    assert contents(library) == wanted(encoder=OTHER, manifest=fitted(OTHER.card, Chunking(24)))
    assert done + sum(again) == library.counts()[1]


def test_an_exchange_that_fails_leaves_all_as_it_was(library, wanted, monkeypatch):
    def fail(*_):
        raise RuntimeError("a fault")

    before = contents(library)
    with monkeypatch.context() as patched:
        patched.setattr(staging, "record", fail)
        with pytest.raises(RuntimeError, match="a fault"):
            list(reindex(library, ENCODER, TARGET))
    assert {**contents(library), "tables": before["tables"]} == before
    list(reindex(library, ENCODER, TARGET))
    assert contents(library) == wanted()


def killed_at(path, statement):
    """Reindexes in a process that kills itself before its so many-th SQL statement; how many there were if it lived."""

    def work(lived):
        library, seen = Library(path), 0

        def watch(_):
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        library.connection.set_trace_callback(watch)
        for _ in reindex(library, ENCODER, TARGET):
            pass
        lived.send(seen)

    here, there = get_context("fork").Pipe()
    process = get_context("fork").Process(target=work, args=(there,))
    process.start()
    process.join(60)
    assert process.exitcode == (-signal.SIGKILL if statement else 0)
    return here.recv() if not statement else 0


def test_killed_anywhere_it_is_the_old_or_the_new_and_can_be_finished(library, wanted, tmp_path):
    old, new = contents(library), wanted()
    library.close()
    copy = tmp_path / "killed.sqlite"
    shutil.copy(library.path, copy)
    statements = killed_at(copy, 0)
    chance = random.Random(1)
    at = chance.sample(range(1, statements - 60), 8) + chance.sample(range(statements - 60, statements + 1), 12)
    for number in sorted(at):
        for file in tmp_path.glob("killed*"):
            file.unlink()
        shutil.copy(library.path, copy)
        killed_at(copy, number)
        left = Library(copy)
        assert {**contents(left), "tables": old["tables"]} in (old, new), number
        if recorded(left) != TARGET:
            list(reindex(left, ENCODER, TARGET))
        assert contents(left) == new, number
        left.close()


def test_who_asks_meanwhile_gets_the_old_or_the_new(library, tmp_path):
    old = found(library, ENCODER)
    new = found(built(tmp_path / "fresh.sqlite", manifest=TARGET), ENCODER)
    assert old != new
    begin = get_context("fork").Event()
    work = get_context("fork").Process(
        target=lambda: begin.wait() and list(reindex(Library(library.path), ENCODER, TARGET))
    )
    work.start()  # before there are threads, whose locks it would inherit
    index = HybridIndex(library, ENCODER)
    done = threading.Event()
    seen, wrong = set(), []

    def ask():
        while True:
            last = done.is_set()
            for query, *either in zip(QUERIES, old, new, strict=True):
                hits = [(hit.passage.id, round(hit.score, 6)) for hit in index.search(query, 5)]
                right = either[1:] if last else either
                seen.add(either.index(hits)) if hits in right else wrong.append((query, hits))
            if last:
                return

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    begin.set()
    work.join(60)
    done.set()
    for thread in asking:
        thread.join(60)
    assert (work.exitcode, wrong, seen) == (0, [], {0, 1})


def test_articles_that_come_change_and_go_meanwhile_are_followed(library, wanted):
    steps = reindex(library, ENCODER, TARGET)
    next(steps)
    second = Library(library.path)  # as another process has it
    changed = [article(name, f"{name} tells of a lighthouse now. It is tall.", "Changed") for name in ("a00", "a09")]
    list(add(second, ENCODER, [story(20, 30), *changed]))
    remove(second, ["a01", "a10"])
    next(steps)
    assert library.connection.execute("SELECT count(*) FROM staged_gone").fetchone() == (0,)
    remove(second, ["a00"])
    list(add(second, ENCODER, [story(21, 3)]))
    list(steps)
    gone = {"a00", "a01", "a09", "a10"}
    left = [one for one in STORIES if one.id not in gone] + [story(20, 30), changed[1], story(21, 3)]
    assert contents(library) == wanted(left)


class Crowded(Library):
    """A library to which something happens in the moment before it is changed."""

    def __init__(self, path, happens):
        super().__init__(path)
        self.happens = happens

    def writing(self):
        self.happens()
        return super().writing()


def test_what_comes_and_goes_in_the_last_moment_is_not_lost(library, wanted):
    def happens():
        list(add(library, ENCODER, [story(30, 20)]))
        remove(library, ["a00"])

    list(reindex(Crowded(library.path, happens), ENCODER, TARGET))
    assert contents(library) == wanted([*STORIES[1:], story(30, 20)])


def test_of_what_only_goes_in_the_last_moment_no_word_is_left(library, wanted):
    list(reindex(Crowded(library.path, lambda: remove(library, ["a00"])), ENCODER, TARGET))
    assert contents(library) == wanted(STORIES[1:])


def test_an_article_that_changes_while_it_is_encoded_is_encoded_again(library, wanted):
    class Slow(HashEncoder):
        """A HashEncoder during whose first batch another process changes an article of the batch."""

        is_first = True

        def encode_passages(self, texts):
            if self.is_first:
                self.is_first = False
                list(add(Library(library.path), ENCODER, [article("a00", "Quite another text.")]))
            return super().encode_passages(texts)

    list(reindex(library, Slow(), TARGET))
    assert contents(library) == wanted([article("a00", "Quite another text."), *STORIES[1:]])


def test_another_target_throws_away_what_is_staged(library, wanted):
    steps = reindex(library, OTHER, fitted(OTHER.card))
    next(steps)
    list(reindex(library, ENCODER, TARGET))
    assert contents(library) == wanted()
    with pytest.raises(staging.Overtaken, match="meanwhile finished reindexing"):
        next(steps)


def test_what_is_staged_can_be_thrown_away(library, wanted):
    next(reindex(library, ENCODER, TARGET))
    assert staging.staged(library) == TARGET
    staging.discard(library)
    staging.discard(library)
    assert contents(library) == wanted(manifest=BUILT)


def test_row_numbers_are_never_used_twice(library):
    def numbers():
        return {row for (row,) in library.connection.execute("SELECT row FROM passage")}

    before = numbers()
    steps = reindex(library, ENCODER, TARGET)
    next(steps)
    list(add(library, ENCODER, [story(20, 30)]))
    between = numbers() - before
    list(steps)
    after = numbers()
    list(add(library, ENCODER, [story(21, 3)]))
    assert min(after) > max(before)
    assert not after & between
    assert min(numbers() - after) > max(after | between)


def test_a_row_number_that_was_used_in_the_last_moment_is_not_used_again(library):
    used = []

    def happens():
        list(add(library, ENCODER, [story(30, 20)]))
        used.append(library.connection.execute("SELECT max(row) FROM passage").fetchone()[0])
        remove(library, ["a30"])

    list(reindex(Crowded(library.path, happens), ENCODER, TARGET))
    list(add(library, ENCODER, [story(21, 3)]))
    assert library.passages_of("a21")[0].row > used[0]


def test_search_follows_where_as_many_rows_come_as_were_held(tmp_path):
    library = built(tmp_path / "library.sqlite", [article("one", "First half of it. Second half of it.")])
    dense = DenseIndex(library, 256)
    steps = reindex(library, ENCODER, fitted(ENCODER.card, Chunking(4)))
    next(steps)  # rows 2 and 3
    list(add(library, ENCODER, [article("two", "Third half of it.")]))  # row 4
    query = ENCODER.encode_query("half of it")
    assert dense.search(query, 9).keys() == {1, 4}
    list(steps)
    assert dense.search(query, 9).keys() == {2, 3, 5}


def test_codes_are_made_anew_for_other_vectors(library, monkeypatch):
    monkeypatch.setattr(approximate, "FLAT_UP_TO", 20)
    dense = DenseIndex(library, 256)
    query = ENCODER.encode_query("ferry")
    dense.search(query, 9)
    before = library.counts()[1]
    list(reindex(library, ENCODER, fitted(ENCODER.card, Chunking(36))))
    dense.search(query, 9)
    assert before != library.counts()[1] < 2 * before
    assert (dense._structure.card.kind, dense._structure.card.built_for) == ("rabitq", library.counts()[1])


def test_an_emptied_library_takes_another_encoder(library, wanted):
    remove(library, [one.id for one in STORIES])
    assert list(reindex(library, OTHER, fitted(OTHER.card))) == []
    assert recorded(library) == fitted(OTHER.card)
    list(add(library, OTHER, STORIES[:2]))
    assert contents(library) == wanted(STORIES[:2], OTHER, fitted(OTHER.card))


def test_a_new_library_takes_the_passages_that_are_asked_for(tmp_path, wanted):
    library = Library(tmp_path / "library.sqlite")
    list(reindex(library, ENCODER, TARGET))
    list(add(library, ENCODER, STORIES))
    assert contents(library) == wanted()


def test_a_plan_counts_what_there_will_be_and_writes_nothing(library):
    before, generation = contents(library), library.generation
    planned = plan(library, ENCODER, TARGET)
    assert (contents(library), library.generation) == (before, generation)
    assert (planned.built, planned.target, planned.articles, planned.staged) == (BUILT, TARGET, 12, 0)
    assert planned.is_exact
    assert planned.rate > 0
    assert planned.seconds >= planned.to_encode / planned.rate
    assert planned.disk > planned.passages * 2 * 256
    encoder = Counting()
    steps = reindex(library, encoder, TARGET)
    done = next(steps)
    halfway = plan(library, ENCODER, TARGET)
    assert (halfway.passages, halfway.staged) == (planned.passages, done)
    assert halfway.disk < planned.disk
    assert halfway.to_encode == planned.to_encode - len(encoder.texts)
    list(steps)
    assert library.counts()[1] == planned.passages
    assert len(encoder.texts) == planned.to_encode
    assert plan(library, ENCODER, TARGET).to_encode == 0


def test_a_library_of_before_digests_is_planned_and_reindexed(library, wanted):
    library.connection.execute("DROP INDEX vector_digest")
    library.connection.execute("ALTER TABLE vector DROP COLUMN digest")
    library.connection.execute("DROP TABLE spelling")
    planned = plan(library, ENCODER, TARGET)
    list(reindex(library, ENCODER, TARGET))
    assert contents(library) == wanted()
    assert library.counts()[1] == planned.passages


def test_a_large_library_is_estimated_from_a_sample(tmp_path, monkeypatch):
    library = built(tmp_path / "library.sqlite", [story(number, 5 + number % 9) for number in range(90)])
    monkeypatch.setattr(reindexing, "_EXACT_UP_TO", 40)
    planned = plan(library, OTHER, fitted(OTHER.card, Chunking(24)))
    list(reindex(library, OTHER, planned.target))
    assert not planned.is_exact
    assert planned.passages == pytest.approx(library.counts()[1], rel=0.1)
    assert planned.to_encode == planned.passages
