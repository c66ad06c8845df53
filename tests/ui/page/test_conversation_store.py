"""Conversations on disk: what they come back as, who else sees them, and what a bad disk does to them."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import pytest

from rag.answer import Answer, Scores
from rag.options import AskOptions
from rag.pipeline import Pipeline
from tests.ui.conftest import CAFE, CAFE_QUESTION, FERRY, FERRY_QUESTION, HOSTILE_QUESTION, UNKNOWN_QUESTION
from tests.ui.page.test_cards import quote, related, reply
from ui.page import conversation_store
from ui.page.conversation import MOST_TURNS, NOWHERE, Conversation, ConversationTurn
from ui.page.conversation_store import ConversationStore

ANSWERED = ConversationTurn(
    1, "Q 🥐?", reply(Answer("a", 0.9, (quote(FERRY, "Mara"), quote(CAFE, "240")))), only=("since 2025",),
    languages={"ferry": "en"}, judged={0: "right", NOWHERE: "nothing"}, instead=("Who?",), standings={1: "moved"},
)  # fmt: skip
REFUSED = ConversationTurn(2, "R?", reply(passages=(related(FERRY, "She came from Gothenburg."),)), newest_first=True)
TURNS = (ANSWERED, REFUSED, ConversationTurn(3, "S?", problem="Stopped."))


@pytest.fixture
def conversations(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite")


def saved(
    conversations: ConversationStore, turns: tuple[ConversationTurn, ...] = TURNS, name: str = "", revision: int = 0
) -> Conversation:
    found = conversations.save(Conversation(turns, id=name, revision=revision))
    assert found is not None
    return found


def loaded(conversations: ConversationStore, name: str) -> tuple[tuple[ConversationTurn, ...], int] | None:
    found = conversations.load(name)
    return found and (found.turns, found.revision)


def test_comes_back_as_it_was_after_a_restart(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    assert loaded(ConversationStore(tmp_path / "conversations.sqlite"), name) == (TURNS, 1)


def test_goes_on_under_its_name(conversations: ConversationStore) -> None:
    first = saved(conversations, TURNS[:1])
    assert saved(conversations, TURNS, first.id, 1) == Conversation(TURNS, id=first.id, revision=2)
    assert loaded(conversations, first.id) == (TURNS, 2)


def test_of_two_tabs_that_go_on_from_the_same_none_loses(conversations: ConversationStore) -> None:
    first = saved(conversations, TURNS[:1])
    saved(conversations, TURNS[:2], first.id, 1)
    other = saved(conversations, TURNS, first.id, 1)
    assert other.id != first.id
    assert loaded(conversations, first.id) == (TURNS[:2], 2)
    assert loaded(conversations, other.id) == (TURNS, 1)


def test_only_who_knows_the_names_sees_them(conversations: ConversationStore) -> None:
    first, second = saved(conversations), saved(conversations, TURNS[1:])
    lines = conversations.listing([first.id, "unknown-name", second.id, "'; DROP TABLE", "x" * 10_000, ""])
    assert [(line.id, line.title, line.turns) for line in lines] == [(second.id, "R?", 2), (first.id, "Q 🥐?", 3)]
    assert len({saved(conversations).id for _ in range(20)}) == 20


def test_is_gone_when_it_is_deleted(conversations: ConversationStore) -> None:
    name = saved(conversations).id
    conversations.delete("unknown-name")
    conversations.delete(name)
    assert conversations.load(name) is None
    assert conversations.listing([name]) == []


@pytest.mark.parametrize("name", ["", "unknown-name", "../../etc", "\x00", "\ud800", "é" * 20])
def test_a_name_that_is_none_finds_nothing(conversations: ConversationStore, name: str) -> None:
    saved(conversations)
    assert conversations.load(name) is None


def test_what_an_older_version_kept_is_read_as_far_as_it_goes(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    changed(tmp_path, """UPDATE conversation SET body = '[{"number": 1, "question": "Q?"}]'""")
    assert loaded(conversations, name) == ((ConversationTurn(1, "Q?"),), 1)


def test_those_used_longest_ago_make_room(conversations: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_store, "MOST_STORED", 3)
    names = [saved(conversations).id for _ in range(3)]
    saved(conversations, TURNS, names[0], 1)
    saved(conversations)
    assert [conversations.load(name) is not None for name in names] == [True, False, True]


def test_who_begins_many_takes_no_place_of_another(
    conversations: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_store, "MOST_STORED", 10)
    others = [conversations.save(Conversation(TURNS[:1], owner=owner)) for owner in ("ann", "bo", "cy")]
    many = [conversations.save(Conversation(TURNS[:1], owner="many")) for _ in range(30)]
    assert all(one and loaded(conversations, one.id) == (TURNS[:1], 1) for one in others)
    assert [conversations.load(one.id) is not None for one in many if one] == [False] * 23 + [True] * 7


def test_who_only_begins_takes_no_place_of_conversations_that_went_on(
    conversations: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_store, "MOST_STORED", 10)
    went_on = [saved(conversations).id for _ in range(5)]
    for _ in range(30):
        saved(conversations, TURNS[:1])
    assert all(loaded(conversations, name) == (TURNS, 1) for name in went_on)


def test_a_file_of_an_older_version_is_read_and_written(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    changed(tmp_path, "DROP INDEX conversation_share")
    changed(tmp_path, "ALTER TABLE conversation DROP COLUMN owner")
    assert loaded(conversations, name) == (TURNS, 1)
    assert loaded(conversations, saved(conversations, TURNS[:1]).id) == (TURNS[:1], 1)


def test_many_threads_lose_nothing(conversations: ConversationStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = [one.id for one in threads.map(lambda _: saved(conversations), range(40))]
    assert all(loaded(conversations, name) == (TURNS, 1) for name in names)


def test_nobody_else_on_this_machine_reads_it(conversations: ConversationStore, tmp_path: Path) -> None:
    saved(conversations)
    assert stat.S_IMODE((tmp_path / "conversations.sqlite").stat().st_mode) == 0o600


def test_a_file_that_is_broken_is_put_aside(conversations: ConversationStore, tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"no database" * 1000)
    name = saved(conversations).id
    assert loaded(conversations, name) == (TURNS, 1)
    assert (tmp_path / "conversations.sqlite.broken").read_bytes().startswith(b"no database")


def test_where_it_cannot_be_written_nothing_is_kept_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").mkdir()
    conversations = ConversationStore(tmp_path / "conversations.sqlite")
    assert conversations.save(Conversation(TURNS)) is None
    assert conversations.load("unknown-name") is None
    conversations.delete("unknown-name")
    assert conversations.save(Conversation()) is None


def test_a_folder_that_takes_nothing_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    assert ConversationStore(file / "conversations.sqlite").save(Conversation(TURNS)) is None
    assert ConversationStore(file / "conversations.sqlite").listing(["unknown-name"]) == []
    conversations = ConversationStore(tmp_path / "conversations.sqlite")
    name = saved(conversations).id
    (tmp_path / "conversations.sqlite").chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("nothing is read-only for this user")
        assert conversations.save(Conversation(TURNS)) is None
        assert loaded(conversations, name) == (TURNS, 1)
    finally:
        tmp_path.chmod(0o700)


def test_to_look_makes_no_file(conversations: ConversationStore, tmp_path: Path) -> None:
    assert conversations.load("unknown-name") is None
    assert conversations.listing(["unknown-name"]) == []
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_is_replaced(conversations: ConversationStore) -> None:
    name = saved(conversations, (replace(ANSWERED, question="Who\ud800, \x00 \u202e🥐?"),)).id
    assert loaded(conversations, name) == ((replace(ANSWERED, question="Who\ufffd, \x00 \u202e🥐?"),), 1)
    assert conversations.listing([name])[0].title == "Who\ufffd, \x00 \u202e🥐?"


def test_every_number_comes_back_exactly(conversations: ConversationStore) -> None:
    one = quote(FERRY, "Mara")
    one = replace(one, scores=Scores(0.1 + 0.2, 5e-324, -0.0, 1e308, -inf, 1 / 3))
    turns = (ConversationTurn(1, "Q?", reply(Answer("a", 0.1 + 0.7, (one,)))),)
    assert loaded(conversations, saved(conversations, turns).id) == (turns, 1)


@pytest.mark.parametrize("question", [FERRY_QUESTION, CAFE_QUESTION, HOSTILE_QUESTION, UNKNOWN_QUESTION])
def test_what_was_really_replied_comes_back(
    conversations: ConversationStore, pipeline: Pipeline, question: str
) -> None:
    turns = (ConversationTurn(1, question, pipeline.ask(question, AskOptions(10))),)
    found = conversations.load(saved(conversations, turns).id)
    assert found == Conversation(turns, 1, found.id, 1)
    assert list(map(type, found.turns[0].excerpts)) == list(map(type, turns[0].excerpts))


def test_the_latest_of_too_many_turns_are_kept(conversations: ConversationStore) -> None:
    turns = tuple(ConversationTurn(number, f"Q{number}?") for number in range(1, MOST_TURNS + 3))
    name = saved(conversations, turns).id
    assert loaded(conversations, name) == (turns[2:], 1)
    assert conversations.listing([name])[0].title == "Q3?"


def test_what_can_no_longer_be_read_is_not_listed_again(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    changed(tmp_path, "UPDATE conversation SET body = '[{\"nonsense\": 1}]'")
    assert conversations.load(name) is None
    assert conversations.listing([name]) == []


def test_what_a_newer_version_added_is_left_out(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    changed(
        tmp_path, """UPDATE conversation SET body = replace(body, '{"number":', '{"mood": {"a": [1]}, "number":')"""
    )
    assert loaded(conversations, name) == (TURNS, 1)


def test_a_conversation_deleted_in_another_tab_goes_on_under_a_new_name(conversations: ConversationStore) -> None:
    first = saved(conversations)
    conversations.delete(first.id)
    other = saved(conversations, TURNS, first.id, first.revision)
    assert other.revision == 1
    assert other.id != first.id


@pytest.mark.parametrize("name", ["", "\ud800", "\x00", "' OR 1=1 --", "x" * 1_000_000, "é" * 20])
def test_a_hostile_name_names_nothing(conversations: ConversationStore, name: str) -> None:
    first = saved(conversations)
    conversations.delete(name)
    other = saved(conversations, TURNS, name, 1)
    assert other.id not in {name, first.id}
    assert conversations.listing([name, None, ["x"], {}, 7]) == []
    assert [line.id for line in conversations.listing([name] * 60 + [first.id] * 2)] == [first.id]


def test_a_browser_is_told_of_fifty(conversations: ConversationStore) -> None:
    names = [saved(conversations).id for _ in range(52)]
    assert [line.id for line in conversations.listing(names)] == names[49::-1]
    assert all(datetime.fromisoformat(line.used).utcoffset() == timedelta() for line in conversations.listing(names))


def test_a_page_of_the_file_that_is_broken_is_found_out(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations).id
    path = tmp_path / "conversations.sqlite"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))  # the first page names tables
    journal = tmp_path / "conversations.sqlite-journal"
    journal.write_bytes(b"of the broken file")
    assert conversations.load(name) is None
    assert loaded(conversations, saved(conversations).id) == (TURNS, 1)
    assert (tmp_path / "conversations.sqlite.broken").stat().st_size > 4096
    assert not journal.exists()


def test_threads_that_find_it_broken_lose_nothing_of_each_other(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"no database" * 1000)
    many = [ConversationStore(tmp_path / "conversations.sqlite") for _ in range(8)]  # as of several processes
    with ThreadPoolExecutor(8) as threads:
        names = [one.id for one in threads.map(saved, many * 5)]
    assert all(loaded(many[0], name) == (TURNS, 1) for name in names)


def test_of_tabs_that_save_at_once_one_goes_on(tmp_path: Path) -> None:
    many = [ConversationStore(tmp_path / "conversations.sqlite") for _ in range(8)]
    first = saved(many[0])
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: saved(one, TURNS, first.id, 1), many))
    assert sorted(one.revision for one in found) == [1] * 7 + [2]
    assert len({one.id for one in found}) == 8


def test_what_is_deleted_leaves_no_words_in_the_file(conversations: ConversationStore, tmp_path: Path) -> None:
    name = saved(conversations, (ConversationTurn(1, "A very private question?"),)).id
    assert b"very private" in (tmp_path / "conversations.sqlite").read_bytes()
    conversations.delete(name)
    assert b"very private" not in (tmp_path / "conversations.sqlite").read_bytes()


def changed(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "conversations.sqlite")) as file, file:
        file.execute(statement)
