"""The command over small folders: figures, floors, exit statuses."""

import json

import pytest

from eval.documents.__main__ import main

TEXT = "The mill of Orm\n\nBy Ana Roe\n\n4 May 2021\n\nThe mill of Orm grinds again after nine years of rust.\n\nSacks | Days\n\n40 | 2\n"
GOLD = {
    "blocks": [
        "The mill of Orm grinds again after nine years of rust.",
        {"rows": [["Sacks", "Days"], ["40", "2"], ["50", ""]]},
    ],
    "facts": {"title": "The mill of Orm", "authors": ["Ana Roe"], "published": "2021-05-04", "outlet": "Post"},
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mill.txt").write_text(TEXT)
    write_gold(tmp_path, GOLD)
    return tmp_path


def write_gold(folder, gold):
    (folder / "in" / "mill.txt.gold.json").write_text(json.dumps(gold))


def figures(folder, capsys):
    assert main([str(folder), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_has_each_document_each_format_and_all(folder, capsys):
    (folder / "in" / "not scored.txt").write_text("No gold.")
    result = figures(folder, capsys)
    (document,) = result["documents"]
    assert (document["document"], document["format"]) == ("in/mill.txt", "Text")
    assert document["faults"] == ["words missing: 50", "rows: 50 |", "outlet missing: Post"]
    shares = document["shares"]
    assert shares["rows"] == {"n": 2, "of": 3, "value": pytest.approx(2 / 3)}
    assert shares["recall"]["value"] == pytest.approx(15 / 16)
    assert shares["authors"] == {"n": 1, "of": 1, "value": 1.0}
    assert "order" in shares
    assert result["formats"] == {"Text": shares}
    assert result["all"] == shares


def test_the_tables_say_n_of_m_and_the_faults_what_is_wrong(folder, capsys):
    assert main([str(folder), "--faults"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "| in/mill.txt | 0.968 | 1.000 | 0.938 | 1.000 | 1 of 1 | 2 of 3 |  |  |  | 3 of 4 | 0 of 3 |"
    assert "| all | 1 | 0.968 | 1.000 | 0.938 | 1.000 | 1 of 1 | 2 of 3 |  |  |  | 3 of 4 | 0 of 3 |" in lines
    assert "| outlet | 0 of 1 | 1 of 1 |  |" in lines
    assert lines[-4:] == ["in/mill.txt", "  words missing: 50", "  rows: 50 |", "  outlet missing: Post"]


def test_a_mean_of_two_documents_and_a_sum(folder, capsys):
    (folder / "in" / "other.txt").write_text("Nothing of this kind.")
    (folder / "in" / "other.txt.gold.json").write_text(json.dumps({"blocks": ["Else", {"rows": [["a", "b"]]}]}))
    everything = figures(folder, capsys)["all"]
    assert everything["f1"]["value"] == pytest.approx((2 * 15 / 31 + 0) / 2)
    assert (everything["rows"]["n"], everything["rows"]["of"]) == (2, 4)


def test_lines_are_held_against_a_list_and_one_too_many_against_nothing(tmp_path, capsys):
    lines = [json.dumps({"_id": number, "text": f"The {number} mill."}) for number in ("first", "second")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "a.jsonl.gold.json").write_text(json.dumps([{"text": "The first mill."}]))
    (document,) = figures(tmp_path, capsys)["documents"]
    assert document["shares"]["f1"] == {"n": 1.0, "of": 2, "value": 0.5}


def test_a_refused_document_scores_nothing_and_says_why(tmp_path, capsys):
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    (tmp_path / "a.pdf.gold.json").write_text(json.dumps({"text": "The mill."}))
    (document,) = figures(tmp_path, capsys)["documents"]
    assert document["shares"]["f1"]["value"] == 0.0
    assert document["faults"][0].startswith("refused: a.pdf: it is no PDF, or a broken one")


@pytest.mark.parametrize(
    ("name", "why"),
    [("gone.txt", "there is no gone.txt beside it"), ("a.xyz", "a.xyz ends in none of .txt, .text")],
)
def test_a_gold_file_without_its_document_ends_with_2_and_a_sentence(tmp_path, capsys, name, why):
    (tmp_path / "a.xyz").write_text("x")
    (tmp_path / f"{name}.gold.json").write_text(json.dumps({"text": "x"}))
    assert main([str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert why in printed.err
    assert printed.err.count("\n") == 1


def test_a_figure_below_its_floor_ends_with_1(folder, capsys):
    assert main([str(folder), "--pin"]) == 0
    assert main([str(folder)]) == 0
    floors = json.loads((folder / "floors.json").read_text())
    assert floors["in/mill.txt"]["rows"] == 0.6666
    assert floors["in/mill.txt"]["outlet"] == 0.0
    floors["in/mill.txt"] |= {"rows": 0.7, "published_invented": -0.1}
    (folder / "floors.json").write_text(json.dumps(floors))
    capsys.readouterr()
    assert main([str(folder)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{name} of in/mill.txt is {now}, its floor {floor}; mend what made it worse, or pin it as a regression and say why."
        for name, now, floor in (("published_invented", "0.0000", "-0.1000"), ("rows", "0.6666", "0.7000"))
    ]


def test_a_worse_figure_is_pinned_only_when_allowed(folder, capsys):
    main([str(folder), "--pin"])
    pinned = json.loads((folder / "floors.json").read_text())
    (folder / "floors.json").write_text(json.dumps({"in/mill.txt": pinned["in/mill.txt"] | {"recall": 1.0}}))
    before = (folder / "floors.json").read_text()
    capsys.readouterr()
    assert main([str(folder), "--pin"]) == 2
    assert capsys.readouterr().err.startswith(
        "Pinning would allow worse figures (recall of in/mill.txt is 0.9375, its floor 1.0000); mend"
    )
    assert (folder / "floors.json").read_text() == before
    assert main([str(folder), "--pin", "--allow-regression"]) == 0
    assert json.loads((folder / "floors.json").read_text()) == pinned


def test_a_fact_that_is_newly_invented_is_worse(folder, capsys):
    write_gold(folder, GOLD | {"facts": {"authors": []}})
    assert main([str(folder), "--pin"]) == 0
    floors = json.loads((folder / "floors.json").read_text())
    assert floors["in/mill.txt"].pop("authors_invented") == 1.0
    (folder / "floors.json").write_text(json.dumps(floors))
    capsys.readouterr()
    assert main([str(folder)]) == 1
    assert capsys.readouterr().err.startswith("authors_invented of in/mill.txt is 1.0000, its floor 0; mend")


def test_what_changed_or_is_new_or_gone_has_to_be_pinned(folder, capsys):
    main([str(folder), "--pin"])
    write_gold(folder, GOLD | {"forbidden": ["x"]})
    (folder / "new.txt").write_text("New.")
    (folder / "new.txt.gold.json").write_text(json.dumps({"text": "New."}))
    floors = json.loads((folder / "floors.json").read_text())
    (folder / "floors.json").write_text(json.dumps(floors | {"gone.txt": {"digest": "", "f1": 1.0}}))
    capsys.readouterr()
    assert main([str(folder)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "gone.txt has floors and no gold file; restore it, or pin anew.",
        "in/mill.txt or its gold file has changed; undo that, or pin anew.",
        "new.txt has no floors; pin them.",
    ]
    assert main([str(folder), "--pin"]) == 0
    assert main([str(folder)]) == 0


@pytest.mark.parametrize("written", ["{", "[]", '{"a": 3}', '{"a": {"f1": "x"}}'])
def test_floors_that_cannot_be_read_end_with_2(folder, capsys, written):
    (folder / "floors.json").write_text(written)
    assert main([str(folder)]) == 2
    assert (
        capsys.readouterr().err
        == f"{folder / 'floors.json'} holds no floors that can be read; restore it, or remove it and pin anew.\n"
    )
