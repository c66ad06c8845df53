"""Conversations on disk: what they come back as, who else sees them, and what a bad disk does to them."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer import Answer
from tests.ui.conftest import CAFE, FERRY
from tests.ui.page.test_cards import quote, related, reply
from ui.page import kept
from ui.page.conversation import NOWHERE, Turn
from ui.page.kept import Conversations, Loaded, Saved

ANSWERED = Turn(
    1, "Q 🥐?", reply(Answer("a", 0.9, (quote(FERRY, "Mara"), quote(CAFE, "240")))), only=("since 2025",),
    languages={"ferry": "en"}, judged={0: "right", NOWHERE: "nothing"}, instead=("Who?",), standings={1: "moved"},
)  # fmt: skip
REFUSED = Turn(2, "R?", reply(passages=(related(FERRY, "She came from Gothenburg."),)), newest_first=True)
TURNS = (ANSWERED, REFUSED, Turn(3, "S?", problem="Stopped."))


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


def saved(conversations: Conversations, turns: tuple[Turn, ...] = TURNS, name: str = "", revision: int = 0) -> Saved:
    found = conversations.save(name, turns, revision)
    assert found is not None
    return found


def test_comes_back_as_it_was_after_a_restart(conversations: Conversations, tmp_path: Path) -> None:
    name = saved(conversations).id
    assert Conversations(tmp_path / "conversations.sqlite").load(name) == Loaded(TURNS, 1)


def test_goes_on_under_its_name(conversations: Conversations) -> None:
    first = saved(conversations, TURNS[:1])
    assert saved(conversations, TURNS, first.id, 1) == Saved(first.id, 2)
    assert conversations.load(first.id) == Loaded(TURNS, 2)


def test_of_two_tabs_that_go_on_from_the_same_none_loses(conversations: Conversations) -> None:
    first = saved(conversations, TURNS[:1])
    saved(conversations, TURNS[:2], first.id, 1)
    other = saved(conversations, TURNS, first.id, 1)
    assert other.id != first.id
    assert conversations.load(first.id) == Loaded(TURNS[:2], 2)
    assert conversations.load(other.id) == Loaded(TURNS, 1)


def test_only_who_knows_the_names_sees_them(conversations: Conversations) -> None:
    first, second = saved(conversations), saved(conversations, TURNS[1:])
    lines = conversations.listing([first.id, "unknown-name", second.id, "'; DROP TABLE", "x" * 10_000, ""])
    assert [(line.id, line.title, line.turns) for line in lines] == [(second.id, "R?", 2), (first.id, "Q 🥐?", 3)]
    assert len({saved(conversations).id for _ in range(20)}) == 20


def test_is_gone_when_it_is_deleted(conversations: Conversations) -> None:
    name = saved(conversations).id
    conversations.delete("unknown-name")
    conversations.delete(name)
    assert conversations.load(name) is None
    assert conversations.listing([name]) == []


@pytest.mark.parametrize("name", ["", "unknown-name", "../../etc", "\x00", "\ud800", "é" * 20])
def test_a_name_that_is_none_finds_nothing(conversations: Conversations, name: str) -> None:
    saved(conversations)
    assert conversations.load(name) is None


def test_what_an_older_version_kept_is_read_as_far_as_it_goes(conversations: Conversations, tmp_path: Path) -> None:
    name = saved(conversations).id
    file = sqlite3.connect(tmp_path / "conversations.sqlite")
    file.execute("""UPDATE conversation SET body = '[{"number": 1, "question": "Q?"}]'""")
    file.commit()
    assert conversations.load(name) == Loaded((Turn(1, "Q?"),), 1)
    file.execute("""UPDATE conversation SET body = '[{"nonsense": 1}]'""")
    file.commit()
    file.close()
    assert conversations.load(name) is None


def test_those_used_longest_ago_make_room(conversations: Conversations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    names = [saved(conversations).id for _ in range(3)]
    saved(conversations, TURNS, names[0], 1)
    saved(conversations)
    assert [conversations.load(name) is not None for name in names] == [True, False, True]


def test_many_threads_lose_nothing(conversations: Conversations) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = [one.id for one in threads.map(lambda _: saved(conversations), range(40))]
    assert all(conversations.load(name) == Loaded(TURNS, 1) for name in names)


def test_nobody_else_on_this_machine_reads_it(conversations: Conversations, tmp_path: Path) -> None:
    saved(conversations)
    assert stat.S_IMODE((tmp_path / "conversations.sqlite").stat().st_mode) == 0o600


def test_a_file_that_is_broken_is_put_aside(conversations: Conversations, tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"no database" * 1000)
    name = saved(conversations).id
    assert conversations.load(name) == Loaded(TURNS, 1)
    assert (tmp_path / "conversations.sqlite.broken").read_bytes().startswith(b"no database")


def test_where_it_cannot_be_written_nothing_is_kept_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").mkdir()
    conversations = Conversations(tmp_path / "conversations.sqlite")
    assert conversations.save("", TURNS, 0) is None
    assert conversations.load("unknown-name") is None
    conversations.delete("unknown-name")
    assert conversations.save("", (), 0) is None


def test_what_cannot_be_written_as_text_is_not_kept(conversations: Conversations) -> None:
    assert conversations.save("", (replace(ANSWERED, question="\ud800"),), 0) is None
