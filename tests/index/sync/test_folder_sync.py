"""A library that follows a folder, by files that are really there."""

import errno
import hashlib
import json
import os
import shutil
import socket
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.library.feedback import Judgement, feedback, keep
from corpus.library.store import Library
from corpus.load import load
from corpus.sync.changes import changes
from corpus.sync.empty_source import Emptied
from corpus.sync.file_state import states_under
from index.ingest import add, remove
from index.lexical import lexical
from index.maintenance.restore_article import restore_article
from index.manifest import StaleIndex
from index.sync.folder_sync import read, settle
from tests.corpus.failing_disk import FailingDisk
from tests.fakes import HashEncoder

LONG_AGO = 10**18  # nanoseconds since 1970: files that have not just been written


class Desk:
    """A folder and the library that follows it."""

    def __init__(self, path):
        self.folder = path / "clippings"
        self.folder.mkdir(parents=True)
        self.library = Library(path / "library.sqlite")
        self.encoder = HashEncoder()
        self.clock = LONG_AGO

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.clock += 10**9
        os.utime(path, ns=(self.clock, self.clock))
        return path

    def changes(self, **options):
        return changes(self.library, self.folder, **options)

    def sync(self, **options):
        found = self.changes(**options)
        return [*settle(self.library, found), *read(self.library, self.encoder, found)]

    def told(self, **options):
        """What became of what, by the names of the files."""
        start = f"{self.folder}/"
        return sorted((entry.outcome, entry.source.removeprefix(start)) for entry in self.sync(**options))

    def held(self):
        """The text of every article by the name of its file."""
        start = f"{self.folder}/"
        return {one.source.removeprefix(start): self.library.article(one.id).text for one in self.library.headers()}

    def ids(self):
        return {one.source.removeprefix(f"{self.folder}/"): one.id for one in self.library.headers()}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture(autouse=True)
def sure(monkeypatch):
    """Files count as settled at once: the change time of a file cannot be set back."""
    monkeypatch.setattr("index.sync.folder_sync._SETTLED", 0)


def test_what_is_added_changed_and_deleted_is_followed(desk):
    desk.write("one.txt", "The first text.")
    desk.write("sub/two.md", "The second text.")
    desk.write("three.txt", "The third text.")
    assert desk.told() == [("added", "one.txt"), ("added", "sub/two.md"), ("added", "three.txt")]
    desk.write("one.txt", "The first text, corrected.")
    (desk.folder / "three.txt").unlink()
    assert desk.told() == [("removed", "three.txt"), ("updated", "one.txt")]
    assert desk.held() == {"one.txt": "The first text, corrected.", "sub/two.md": "The second text."}
    assert lexical.search(desk.library, "third", 9) == {}


def test_files_that_are_as_they_were_are_not_read(desk, monkeypatch):
    desk.write("one.txt", "The first text.")
    desk.write("bad.pdf", "no PDF")
    assert desk.told() == [("added", "one.txt"), ("refused", "bad.pdf")]
    generation = desk.library.generation
    monkeypatch.setattr("corpus.sync.folder.FoundFile.digest", lambda file: pytest.fail(f"{file} was read"))
    found = desk.changes()
    assert (len(found.unchanged), len(found.quarantine)) == (1, 1)
    assert desk.sync() == []
    assert desk.library.generation == generation


def test_a_file_with_another_time_and_the_same_bytes_is_remembered_anew(desk):
    path = desk.write("one.txt", "The first text.")
    desk.sync()
    os.utime(path, ns=(1, 1))
    assert desk.told() == []
    (known,) = states_under(desk.library, f"{desk.folder}/").values()
    assert known.signature.modified == 1
    assert desk.changes().touched == []


def test_a_file_that_says_the_same_in_other_bytes_keeps_its_passages(desk):
    desk.write("one.txt", "The first text.")
    desk.sync()
    identity = desk.ids()["one.txt"]
    rows = desk.library.passages_of(identity)
    path = desk.write("one.txt", "\n\nThe first text.\n")
    assert [entry.is_unchanged for entry in desk.sync()] == [True]
    assert desk.library.passages_of(identity) == rows
    article = desk.library.article(identity)
    assert article.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert article.origin.source_range(0, 3) == (2, 5)
    assert len(desk.changes().unchanged) == 1


def test_bytes_that_changed_behind_the_same_size_and_time_are_found(desk):
    path = desk.write("one.txt", "The first text.")
    desk.sync()
    looked = path.stat()
    path.write_text("The worst text.")
    os.utime(path, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    assert path.stat().st_size == looked.st_size
    assert desk.told() == [("updated", "one.txt")]


def test_a_file_that_has_just_been_written_is_looked_at_again(desk, monkeypatch):
    monkeypatch.setattr("index.sync.folder_sync._SETTLED", 10**12)
    desk.write("one.txt", "The first text.")
    desk.sync()
    (known,) = states_under(desk.library, f"{desk.folder}/").values()
    assert known.signature.size == -1
    assert desk.told() == []


def test_a_file_that_moves_keeps_its_article_and_what_was_judged_of_it(desk):
    desk.write("one.txt", "The first text is short.")
    desk.sync()
    identity = desk.ids()["one.txt"]
    keep(desk.library, Judgement("Which?", "right", identity, 4, 9, "first"))
    rows = desk.library.passages_of(identity)
    (desk.folder / "archive").mkdir()
    (desk.folder / "one.txt").rename(desk.folder / "archive" / "first.txt")
    assert desk.told() == [("moved", "archive/first.txt")]
    assert desk.ids() == {"archive/first.txt": identity}
    assert desk.library.passages_of(identity) == rows
    assert feedback(desk.library)[0].span is not None
    # Another file takes its former place, and it changes at its new one.
    desk.write("one.txt", "Something else.")
    desk.write("archive/first.txt", "The first text is longer now.")
    assert desk.told() == [("added", "one.txt"), ("updated", "archive/first.txt")]
    assert desk.ids() == {"archive/first.txt": identity, "one.txt": f"{identity}-2"}


def test_files_that_change_places_keep_their_articles(desk):
    desk.write("a.txt", "The text of a.")
    desk.write("b.txt", "The text of b.")
    desk.write("c.txt", "The text of c.")
    desk.sync()
    before = desk.ids()
    for former, name in (("a", "x"), ("b", "a"), ("c", "b"), ("x", "c")):
        (desk.folder / f"{former}.txt").rename(desk.folder / f"{name}.txt")
    assert desk.told() == [("moved", "a.txt"), ("moved", "b.txt"), ("moved", "c.txt")]
    assert desk.ids() == {"a.txt": before["b.txt"], "b.txt": before["c.txt"], "c.txt": before["a.txt"]}
    assert desk.held() == {"a.txt": "The text of b.", "b.txt": "The text of c.", "c.txt": "The text of a."}


def test_a_file_moved_over_another_takes_its_place(desk):
    desk.write("a.txt", "The text of a.")
    desk.write("b.txt", "The text of b.")
    desk.sync()
    before = desk.ids()
    (desk.folder / "a.txt").rename(desk.folder / "b.txt")
    assert desk.told() == [("moved", "b.txt"), ("removed", "b.txt")]
    assert desk.ids() == {"b.txt": before["a.txt"]}
    assert desk.held() == {"b.txt": "The text of a."}


def test_a_file_that_moves_away_and_leaves_another_text_behind(desk):
    desk.write("a.txt", "The text of a.")
    desk.sync()
    identity = desk.ids()["a.txt"]
    (desk.folder / "a.txt").rename(desk.folder / "b.txt")
    desk.write("a.txt", "A new text.")
    assert desk.told() == [("added", "a.txt"), ("moved", "b.txt")]
    assert desk.ids() == {"b.txt": identity, "a.txt": f"{identity}-2"}


def test_a_file_that_comes_from_another_folder_keeps_its_article(desk, tmp_path):
    other = tmp_path / "inbox"
    other.mkdir()
    (other / "one.txt").write_text("The first text.")
    (other / "many.jsonl").write_text('{"id": "1", "text": "Line one."}\n{"id": "2", "text": "Line two."}\n')
    found = changes(desk.library, other)
    list(read(desk.library, desk.encoder, found))
    before = {one.id for one in desk.library.headers()}
    for file in list(other.iterdir()):
        shutil.move(file, desk.folder / file.name)
    assert desk.told() == [("moved", "many.jsonl#1"), ("moved", "many.jsonl#2"), ("moved", "one.txt")]
    assert set(desk.ids().values()) == before
    assert changes(desk.library, other).removed == []


def test_a_copy_is_told_and_takes_over_when_the_original_goes(desk):
    desk.write("a.txt", "The same text.")
    desk.sync()
    identity = desk.ids()["a.txt"]
    desk.write("b.txt", "The same text.")
    (entry,) = desk.sync()
    assert (entry.outcome, entry.reason) == ("skipped", f"The same bytes are in the library as {desk.folder}/a.txt.")
    assert desk.sync() == []
    (desk.folder / "a.txt").unlink()
    assert desk.told() == [("moved", "b.txt")]
    assert desk.ids() == {"b.txt": identity}


def test_copies_that_come_together_are_one_article(desk):
    desk.write("a.txt", "The same text.")
    desk.write("b.txt", "The same text.")
    assert desk.told() == [("added", "a.txt"), ("skipped", "b.txt")]
    desk.write("a.txt", "Another text.")
    desk.sync()
    desk.sync()
    assert desk.held() == {"a.txt": "Another text.", "b.txt": "The same text."}


def test_what_cannot_be_read_is_in_quarantine_until_it_changes(desk):
    desk.write("bad.pdf", "no PDF")
    (entry,) = desk.sync()
    assert entry.outcome == "refused"
    found = desk.changes()
    assert [(one.path, one.reason) for one in found.quarantine] == [(f"{desk.folder}/bad.pdf", entry.reason)]
    assert desk.sync() == []
    assert desk.told(retry=True) == [("refused", "bad.pdf")]
    (desk.folder / "bad.pdf").rename(desk.folder / "good.txt")
    assert desk.told() == [("added", "good.txt")]
    assert desk.changes().quarantine == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_be_read_again_is(desk):
    path = desk.write("one.txt", "The first text.")
    path.chmod(0)
    assert desk.told() == [("refused", "one.txt")]
    path.chmod(0o600)
    assert desk.told() == [("added", "one.txt")]


def test_no_entry_of_a_folder_ends_a_run(desk, monkeypatch):
    desk.write("good.txt", "The good text.")
    desk.write("sub/deep.txt", "The deep text.")
    (desk.folder / "l.txt").symlink_to("l.txt")
    (desk.folder / "nowhere.txt").symlink_to("nothing")
    (desk.folder / "circle").symlink_to(".", target_is_directory=True)
    (desk.folder / "folder.txt").mkdir()
    os.mkfifo(desk.folder / "pipe.txt")
    (desk.folder / "device.txt").symlink_to("/dev/zero")
    with (desk.folder / "huge.txt").open("wb") as sparse:
        sparse.truncate(2**40)
    odd = [os.fsdecode(b"caf\xe9.txt"), "two\nlines \x1b[2J\u202e.txt", f"{'n' * 251}.txt", "ring.jsonl"]
    for name in odd:
        desk.write(name, f"The text of {len(name)}.")
    monkeypatch.chdir(desk.folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.txt")
        reasons = {entry.source.removeprefix(f"{desk.folder}/"): entry.reason for entry in desk.sync()}
        again = desk.told()
    assert reasons == {
        "good.txt": "", "sub/deep.txt": "", odd[1]: "", odd[2]: "",
        "l.txt": f"l.txt cannot be read ({os.strerror(errno.ELOOP)}); check that it is there and yours to read.",
        "caf\ufffd.txt": "caf\ufffd.txt lies under a name that is not UTF-8; rename it.",
        "huge.txt": "huge.txt is larger than 64 MB; split it.",
        "ring.jsonl#line-1": "ring.jsonl: line 1 is not JSON; write one object a line.",
    }  # fmt: skip
    assert again == [("refused", "l.txt")]


@pytest.mark.parametrize("name", ["sub", "sub/two.txt"])
def test_what_could_not_be_looked_at_keeps_its_articles(desk, monkeypatch, name):
    desk.write("one.txt", "The first text.")
    desk.write("sub/two.txt", "The second text.")
    desk.sync()
    held = desk.held()
    desk.write("one.txt", "The first text, corrected.")
    monkeypatch.setattr(os, "scandir", FailingDisk(name.rpartition("/")[2], "type"))
    assert desk.told() == [("refused", name), ("updated", "one.txt")]
    assert desk.held() == held | {"one.txt": "The first text, corrected."}
    (desk.folder / "one.txt").unlink()
    with pytest.raises(Emptied, match="its one article is to leave"):
        desk.sync()
    assert min(desk.sync(allow_empty=True), key=lambda one: one.source).outcome == "removed"
    assert desk.held().keys() == {"sub/two.txt"}
    monkeypatch.undo()
    assert desk.told() == []
    assert desk.held().keys() == {"sub/two.txt"}


def test_a_file_that_vanishes_or_turns_into_a_pipe_before_it_is_read_is_refused(desk):
    vanishing, turning = desk.write("one.txt", "The first text."), desk.write("two.txt", "The second text.")
    desk.write("three.txt", "The third text.")
    found = desk.changes()
    vanishing.unlink()
    turning.unlink()
    os.mkfifo(turning)
    entries = [*settle(desk.library, found), *read(desk.library, desk.encoder, found)]
    assert sorted((entry.outcome, entry.reason) for entry in entries) == [
        ("added", ""),
        ("refused", f"one.txt cannot be read ({os.strerror(errno.ENOENT)}); check that it is there and yours to read."),
        ("refused", "two.txt is a device and no file; name a file."),
    ]


def test_a_file_elsewhere_that_cannot_be_looked_at_has_not_moved(desk, tmp_path, monkeypatch):
    other = Desk(tmp_path / "other")
    other.library = desk.library
    path = other.write("one.txt", "The first text.")
    other.sync()
    desk.write("copy.txt", "The first text.")
    look = os.stat

    def forbidden(file, *rest, **options):
        if file == str(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return look(file, *rest, **options)

    monkeypatch.setattr(os, "stat", forbidden)
    assert desk.told() == [("skipped", "copy.txt")]


def test_a_text_whose_file_was_spoilt_stays(desk):
    desk.write("one.txt", "The first text.")
    desk.sync()
    desk.write("one.txt", "")
    (entry,) = desk.sync()
    assert entry.reason == (
        "one.txt is empty; put the article in it. The version that was read before stays in the library."
    )
    assert desk.held() == {"one.txt": "The first text."}
    assert desk.sync() == []


def test_an_article_taken_out_by_hand_stays_out_until_its_file_changes(desk):
    desk.write("one.txt", "The first text.")
    desk.write("two.txt", "The second text.")
    desk.sync()
    remove(desk.library, [desk.ids()["one.txt"]])
    assert [one.path for one in desk.changes().left_out] == [f"{desk.folder}/one.txt"]
    assert desk.sync() == []
    desk.write("one.txt", "The first text again.")
    assert desk.told() == [("added", "one.txt")]


def test_what_was_taken_out_by_hand_stays_out_where_its_bytes_turn_up(desk):
    desk.write("one.txt", "The first text.")
    desk.write("two.txt", "The second text.")
    desk.sync()
    remove(desk.library, [desk.ids()["one.txt"]])
    desk.write("old/one.txt", "The first text.")
    desk.write("one (conflicted copy).txt", "The first text.")
    assert desk.sync() == []
    assert {one.path for one in desk.changes().left_out} == {
        f"{desk.folder}/{name}" for name in ("one.txt", "old/one.txt", "one (conflicted copy).txt")
    }
    (desk.folder / "one.txt").unlink()
    assert desk.sync() == []
    shutil.move(desk.folder / "old/one.txt", desk.folder / "renamed.txt")
    assert desk.sync() == []
    for name in ("renamed.txt", "one (conflicted copy).txt"):
        (desk.folder / name).unlink()
    assert desk.sync() == []
    desk.write("one.txt", "The first text.")  # put back by another program
    assert desk.sync() == []
    desk.write("two.txt", "The first text.")  # which was another article
    assert desk.told() == [("removed", "two.txt")]
    assert desk.sync() == []
    desk.write("renamed.txt", "The first text, corrected.")
    assert desk.told() == [("added", "renamed.txt")]


def test_a_copy_does_not_take_the_place_of_what_was_taken_out_by_hand(desk):
    desk.write("lamp.txt", "The lamp.")
    desk.sync()
    desk.write("lamp (conflicted copy).txt", "The lamp.")
    assert desk.told() == [("skipped", "lamp (conflicted copy).txt")]
    remove(desk.library, [desk.ids()["lamp.txt"]])
    assert desk.sync() == []
    assert desk.held() == {}
    assert desk.sync() == []
    # What is added by hand is there, and its copy takes its place when it goes.
    list(add(desk.library, desk.encoder, load(desk.folder / "lamp (conflicted copy).txt")))
    assert desk.sync() == []
    assert desk.held().keys() == {"lamp (conflicted copy).txt"}


def test_what_was_put_back_by_hand_is_followed_with_its_copies(desk):
    desk.write("lamp.txt", "The lamp.")
    desk.sync()
    article = desk.library.article(desk.ids()["lamp.txt"])
    remove(desk.library, [article.id])
    desk.write("copy.txt", "The lamp.")
    assert desk.sync() == []
    restore_article(desk.library, desk.encoder, article)
    (desk.folder / "lamp.txt").unlink()
    assert desk.told() == [("moved", "copy.txt")]


def lines(**texts):
    return "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items())


def test_the_lines_of_a_file_are_followed(desk):
    desk.write("wire.jsonl", lines(a="Story a.", b="Story b.", c="Story c."))
    desk.sync()
    desk.write("wire.jsonl", lines(a="Story a.", b="Story b, corrected.", d="Story d."))
    told = [one for one in desk.told() if one[0] != "skipped"]
    assert told == [("added", "wire.jsonl#d"), ("removed", "wire.jsonl#c"), ("updated", "wire.jsonl#b")]
    # Which article a line was that cannot be read, nobody knows: then none is taken out.
    desk.write("wire.jsonl", lines(a="Story a.") + "{broken\n")
    assert [one for one in desk.told() if one[0] != "skipped"] == [("refused", "wire.jsonl#line-2")]
    assert desk.held().keys() == {"wire.jsonl#a", "wire.jsonl#b", "wire.jsonl#d"}
    (desk.folder / "wire.jsonl").rename(desk.folder / "moved.jsonl")
    desk.write("one.txt", "Another.")
    assert Counter(outcome for outcome, _ in desk.told()) == {"moved": 3, "added": 1}
    (desk.folder / "moved.jsonl").unlink()
    assert desk.told() == [("removed", f"moved.jsonl#{name}") for name in "abd"]


def test_what_is_excluded_leaves_and_comes_back(desk):
    desk.write("one.txt", "The first text.")
    desk.write("drafts/two.txt", "The second text.")
    desk.sync()
    assert desk.told(excluded=["drafts"]) == [("removed", "drafts/two.txt")]
    assert desk.told() == [("added", "drafts/two.txt")]


def test_other_folders_and_pages_are_left_alone(desk, tmp_path):
    other = tmp_path / "clippings too"
    other.mkdir()
    (other / "one.txt").write_text("Elsewhere.")
    list(read(desk.library, desk.encoder, changes(desk.library, other)))
    desk.write("one.txt", "Here.")
    desk.sync()
    (desk.folder / "one.txt").unlink()
    desk.write("two.txt", "There.")
    assert desk.told() == [("added", "two.txt"), ("removed", "one.txt")]
    assert len(desk.library.headers()) == 2


def test_articles_added_before_are_known(desk):
    path = desk.write("one.txt", "The first text.")
    desk.write("wire.jsonl", lines(a="Story a."))
    list(add(desk.library, desk.encoder, [*load(path), *load(desk.folder / "wire.jsonl")]))
    assert desk.told() == [("skipped", "wire.jsonl#a")]
    assert len(desk.changes().unchanged) == 2


def test_an_emptied_folder_is_asked_about(desk):
    desk.write("one.txt", "The first text.")
    desk.sync()
    (desk.folder / "one.txt").unlink()
    with pytest.raises(Emptied, match="check that the folder is the right one, or say with --allow-empty"):
        desk.changes()
    assert desk.held() != {}
    assert desk.told(allow_empty=True) == [("removed", "one.txt")]
    assert desk.sync() == []


def test_a_folder_that_is_not_there_changes_nothing(desk):
    desk.write("one.txt", "The first text.")
    desk.sync()
    shutil.rmtree(desk.folder)
    with pytest.raises(FileNotFoundError):
        desk.changes(allow_empty=True)


def test_a_library_of_another_encoder_is_not_touched(desk):
    desk.write("one.txt", "The first text.")
    desk.sync()
    desk.write("two.txt", "The second text.")
    with pytest.raises(StaleIndex):
        list(read(desk.library, HashEncoder("other"), desk.changes()))
    assert desk.held().keys() == {"one.txt"}


def test_stopped_between_files_it_goes_on_where_it_was(desk):
    for number in range(5):
        desk.write(f"{number}.txt", f"Text number {number}. " * 15_000)  # each more than a batch
    entries = read(desk.library, desk.encoder, desk.changes())
    assert next(entries).outcome == "added"
    entries.close()
    held = desk.held().keys()
    assert 0 < len(held) < 5
    assert {name for _, name in desk.told()} == {f"{number}.txt" for number in range(5)} - held
    assert len(desk.changes().unchanged) == 5


def test_of_two_files_that_become_the_same_one_is_held(desk):
    desk.write("one.txt", "The first text.")
    desk.write("two.txt", "The second text.")
    desk.sync()
    for name in ("one.txt", "two.txt"):
        desk.write(name, "The third text.")
    assert desk.told() == [("removed", "two.txt"), ("skipped", "two.txt"), ("updated", "one.txt")]
    assert desk.held() == {"one.txt": "The third text."}
    desk.write("one.txt", "The fourth text.")
    desk.sync()
    desk.sync()
    assert desk.held() == {"one.txt": "The fourth text.", "two.txt": "The third text."}


def test_two_files_that_become_unreadable_alike_both_stay(desk):
    desk.write("one.txt", "The first text.")
    desk.write("two.txt", "The second text.")
    desk.sync()
    for name in ("one.txt", "two.txt"):
        desk.write(name, "")
    assert desk.told() == [("refused", "one.txt"), ("refused", "two.txt")]
    assert desk.held() == {"one.txt": "The first text.", "two.txt": "The second text."}


_TEXTS = st.sampled_from(["The text of one.", "The text of two.", "Three, a third text."])
_FILES = ["a.txt", "b.txt", "c.txt", "sub/a.txt"], ["d.jsonl", "sub/e.jsonl"]
_STEPS = st.one_of(
    *(st.tuples(st.just("write"), st.sampled_from(names), _TEXTS) for names in _FILES),
    *(st.tuples(st.just("move"), st.sampled_from(names), st.sampled_from(names)) for names in _FILES),
    st.tuples(st.just("delete"), st.sampled_from([*_FILES[0], *_FILES[1]]), st.just("")),
    st.just(("sync", "", "")),
)


@settings(deadline=None, max_examples=40)
@example(
    steps=[
        ("write", "a.txt", "1"),
        ("write", "c.txt", "2"),
        ("sync", "", ""),
        ("write", "a.txt", "3"),
        ("write", "c.txt", "3"),
    ]
)
@given(steps=st.lists(_STEPS, max_size=16))
def test_whatever_happens_in_the_folder_the_library_holds_each_of_its_texts_once(steps, tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for step, name, more in steps:
        path = desk.folder / name
        if step == "write":
            desk.write(name, lines(one=more, two=f"{more} And more.") if name.endswith("jsonl") else more)
        elif step == "delete":
            path.unlink(missing_ok=True)
        elif step == "move" and path.is_file():
            (desk.folder / more).parent.mkdir(exist_ok=True)
            path.replace(desk.folder / more)
        elif step == "sync":
            desk.sync(allow_empty=True)
    while any(outcome != "skipped" for outcome, _ in desk.told(allow_empty=True)):
        pass  # a copy takes over once its original has changed
    fresh = Desk(tmp_path_factory.mktemp("fresh"))
    shutil.copytree(desk.folder, fresh.folder, dirs_exist_ok=True)
    fresh.sync()
    assert sorted(desk.held().values()) == sorted(fresh.held().values())
    assert len(set(desk.ids().values())) == len(desk.held())


def test_what_was_saved_with_a_page_leaves_the_library_if_it_came_in_before(desk):
    page = "<html><body><article><p>{}</p></article></body></html>"
    desk.write("story.html", page.format("The bell came home to Merrin after fifty years."))
    saved = desk.write("story_files/ad.html", page.format("Buy soap, the best soap of the whole coast."))
    note = desk.write("other_files/note.txt", "The ferry ran aground.")
    articles = [article for path in (saved, note) for article in load(path)]
    assert [entry.outcome for entry in add(desk.library, desk.encoder, articles)] == ["added", "added"]
    assert desk.told() == [("added", "story.html"), ("removed", "story_files/ad.html")]
    assert desk.told() == []
    (desk.folder / "story.html").unlink()
    assert desk.told() == [("added", "story_files/ad.html"), ("removed", "story.html")]
