"""`pullquote eval report`: one page beside the run, or where it was asked for."""

import json

import pytest

from tests.eval import example_runs


@pytest.fixture
def kept(tmp_path):
    """A stored run."""
    return example_runs.mixed_run().save(tmp_path / "runs")


def test_the_page_stands_beside_the_run(pullquote, kept):
    ran = pullquote("eval", "report", str(kept))
    page = kept.with_name("made-open-20260401T120000.html")
    assert (ran.status, ran.out, ran.err) == (0, f"{page}\n", "")
    written = page.read_text(encoding="utf-8")
    assert "<h1>4 of 6 questions answered, 2 of them rightly</h1>" in written
    assert "made-open-20260401T120000.jsonl.gz" in written
    assert sorted(file.name for file in kept.parent.iterdir()) == [page.name, kept.name]


def test_the_page_may_stand_elsewhere(pullquote, kept, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("an older page")
    ran = pullquote("eval", "report", str(kept), str(page), "--json")
    assert (ran.status, json.loads(ran.out)) == (0, {"report": str(page)})
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_run_is_not_written_over(pullquote, kept):
    before = kept.read_bytes()
    ran = pullquote("eval", "report", str(kept), str(kept.parent / "." / kept.name))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"The report would replace the run {kept}; name another file for it.\n"
    assert kept.read_bytes() == before


def test_a_folder_is_no_file_for_a_page(pullquote, kept, tmp_path):
    ran = pullquote("eval", "report", str(kept), str(tmp_path))
    assert (ran.status, ran.err) == (2, f"{tmp_path} is a folder; name a file for the report in it.\n")


@pytest.mark.parametrize("missing", ["run", "folder"])
def test_what_is_not_there_is_one_sentence(pullquote, kept, tmp_path, missing):
    run = tmp_path / "no.jsonl.gz" if missing == "run" else kept
    ran = pullquote("eval", "report", str(run), str(tmp_path / "nowhere" / "page.html"))
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "writes one and says where." in ran.err if missing == "run" else "check that it exists" in ran.err


def test_a_run_with_a_lone_surrogate_is_drawn(pullquote, kept):
    import gzip

    data = gzip.decompress(kept.read_bytes()).decode("utf-8").replace('"When?"', '"\\ud800<script>"')
    kept.write_bytes(gzip.compress(data.encode("utf-8")))
    assert pullquote("eval", "report", str(kept)).status == 0
    assert "\ufffd&lt;script&gt;" in kept.with_name("made-open-20260401T120000.html").read_text(encoding="utf-8")
