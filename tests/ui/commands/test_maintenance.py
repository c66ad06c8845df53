"""verify, backup and restore as they are typed."""

import json
import re

import pytest

from corpus.library.store import Library
from rag import assemble
from tests.fakes import HashEncoder
from ui.commands import library, maintenance


@pytest.fixture
def filled(pullquote, home, tmp_path, monkeypatch):
    """A library of two articles from files; its path."""
    for module in (assemble, maintenance, library):
        monkeypatch.setattr(module, "open_encoder", lambda *_: HashEncoder())
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.txt").write_text("The ferry ran aground. Nobody was hurt.")
    (folder / "bell.txt").write_text("The bell came home.")
    assert pullquote("add", str(folder)).status == 0
    return home / "library.sqlite"


def damage(path, *statements):
    library = Library(path)
    for statement in statements:
        library.connection.execute(statement)
    library.close()


def test_verify_of_a_whole_library(pullquote, filled):
    ran = pullquote("verify")
    assert (ran.status, ran.err) == (0, "")
    assert re.fullmatch(r"All is whole: 2 articles, 2 passages \(\d+\.\d s\)\n", ran.out)
    told = json.loads(pullquote("verify", "--deep", "--json").out)
    assert told.pop("seconds") >= 0
    assert told == {"generation": 1, "articles": 2, "passages": 2, "whole": True, "repaired": [], "findings": []}


def test_a_changed_source_is_told_and_is_no_damage(pullquote, filled, tmp_path):
    (tmp_path / "articles" / "bell.txt").write_text("The bell rang.")
    ran = pullquote("verify")
    assert ran.status == 0
    assert ran.out.startswith(
        f"sources: {tmp_path}/articles/bell.txt has changed since it was added\nAll is whole: 2 articles"
    )
    told = json.loads(pullquote("verify", "--json").out)
    assert told["whole"]
    assert [one["matter"] for one in told["findings"]] == ["source"]


def test_damage_is_told_and_mended(pullquote, filled):
    damage(filled, "DELETE FROM vector WHERE row = 1", "DROP TABLE words")
    ran = pullquote("verify")
    assert ran.status == 2
    assert (
        ran.err
        == "The library is damaged in 2 places; `pullquote verify --repair` makes again what can be made again.\n"
    )
    assert re.search(r"^vectors: \S+ has 1 of its 1 passages without a vector$", ran.out, re.MULTILINE)
    assert "words: the word index is missing" in ran.out
    told = pullquote("verify", "--json")
    assert told.status == 2
    assert [one["part"] for one in json.loads(told.out)["findings"]] == ["vectors", "words"]
    mended = pullquote("verify", "--repair")
    assert mended.status == 0
    assert mended.out.startswith(
        "repaired: articles were cut and encoded again: 1\nrepaired: words: made again\nAll is whole: 2 articles"
    )
    assert pullquote("verify", "--deep").status == 0


def test_an_article_that_has_changed_can_be_taken_out_and_added_again(pullquote, filled, tmp_path):
    damage(filled, "UPDATE article SET text = 'The bell.' WHERE id GLOB 'bell*'")
    assert pullquote("verify").status == 2
    ran = pullquote("verify", "--repair")
    assert ran.status == 2
    assert "the texts of articles cannot be made again: `pullquote remove ID` and add their sources again" in ran.err
    assert "repaired: passages of damaged articles that stood where there is no text were taken out: 1" in ran.out
    article_id = re.search(r"^passages: (bell-\w+) has no passage$", ran.out, re.MULTILINE)[1]
    assert pullquote("remove", article_id).status == 0
    assert pullquote("add", str(tmp_path / "articles" / "bell.txt")).status == 0
    assert pullquote("verify", "--deep").status == 0


def test_what_only_a_backup_heals_is_said_to_be_so(pullquote, filled):
    damage(filled, "UPDATE article SET origin = '' WHERE id GLOB 'bell*'")
    for command in (["verify"], ["verify", "--repair"]):
        ran = pullquote(*command)
        assert ran.status == 2
        assert (
            ran.err
            == "The library is damaged in 1 place; put a backup in place with `pullquote restore FILE --force`.\n"
        )


def test_of_many_findings_the_first_are_told(pullquote, filled, tmp_path):
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"Number {number}.")
        assert pullquote("add", str(tmp_path / f"{number}.txt")).status == 0
    damage(filled, "DELETE FROM vector")
    lines = pullquote("verify").out.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "vectors: 12 more; --json has them all"
    assert len(json.loads(pullquote("verify", "--json").out)["findings"]) == 32


def test_a_backup_is_written_and_put_back(pullquote, filled, tmp_path):
    file = tmp_path / "library.backup"
    ran = pullquote("backup", str(file))
    assert ran.status == 0
    assert re.fullmatch(rf"Written to {file}: 2 articles, 2 passages \(0\.\d MB\)\n", ran.out)
    again = pullquote("backup", str(file))
    assert (again.status, again.err) == (
        2,
        f"{file} is there already; name another file, or say --force to write over it.\n",
    )
    told = json.loads(pullquote("backup", str(file), "--force", "--json").out)
    assert told == {"generation": 1, "articles": 2, "passages": 2, "written": str(file), "bytes": file.stat().st_size}

    damage(filled, "UPDATE article SET text = 'gone' WHERE id GLOB 'bell*'")
    refused = pullquote("restore", str(file))
    assert refused.status == 2
    assert refused.err.endswith(
        "holds 2 articles; --force puts the backup in its place, and keeps what is there beside it.\n"
    )
    ran = pullquote("restore", str(file), "--force")
    assert ran.status == 0
    said = rf"Restored from {file}: 2 articles, 2 passages\nWhat was there before is kept in (\S+)\n"
    assert Library(filled.with_name(re.fullmatch(said, ran.out)[1].rpartition("/")[2])).counts() == (2, 2)
    assert pullquote("verify", "--deep").status == 0
    assert json.loads(pullquote("status", "--json").out)["generation"] == 2


def test_restoring_into_an_empty_home(pullquote, filled, home, tmp_path, monkeypatch):
    file = tmp_path / "library.backup"
    assert pullquote("backup", str(file)).status == 0
    monkeypatch.setenv("PULLQUOTE_HOME", str(tmp_path / "another"))
    assert pullquote("backup", str(tmp_path / "b")).err.startswith("There is no library at ")
    assert not (tmp_path / "another").exists()
    told = json.loads(pullquote("restore", str(file), "--json").out)
    assert told == {"generation": 2, "articles": 2, "passages": 2, "restored": str(file), "kept": None}


def test_what_is_no_backup_is_refused_and_makes_no_library(pullquote, home, tmp_path):
    file = tmp_path / "diary.txt"
    file.write_text("Dear diary")
    ran = pullquote("restore", str(file))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith(
        "diary.txt is not a whole backup of a library (it is no SQLite file), and nothing was changed; name another.\n"
    )
    assert not (home / "library.sqlite").exists()


def test_a_damaged_file_is_one_sentence(pullquote, filled):
    library = Library(filled)
    root = library.connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passage'").fetchone()[0]
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    with filled.open("r+b") as file:
        file.seek(4096 * (root - 1))
        file.write(bytes(4096))
    for command in (["verify"], ["verify", "--repair"], ["verify", "--json"], ["status"]):
        ran = pullquote(*command)
        assert ran.status == 2
        assert ran.err.count("\n") == 1
        ways = "restore FILE --force", "`pullquote verify --repair`", "`pullquote verify` says where"
        assert any(way in ran.err for way in ways[: 1 if "--repair" in command else 3])
