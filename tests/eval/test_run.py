import gzip
import os

import pytest

from corpus.article import Passage, Span
from eval.datasets.example import Example, Gold
from eval.run import LONGEST_LINE, BadRun, Record, Run
from index.filters import Filter
from index.hit import Hit
from rag.answer import Reading, Trace
from rag.calibration import Calibration, ReaderCard
from rag.conversation.query_rewriting import Earlier
from tests.eval import example_runs

TURNS = (Earlier("q\u2028", "a", "an a"), Earlier("p"))


def test_a_run_comes_back_as_it_was_saved(tmp_path):
    odd = Passage("x:1 \u2028", "Tïtle\n", Span(3, 8), "a\ufeff\n🐮\u0301")
    trace = Trace(
        "q\u2029?",
        (Hit(odd, 0.1 + 0.2, 1e-17, -0.0),),
        (Reading(odd, Span(0, 2), 1 / 3, -1e300), Reading(odd, Span(0, 5), 1.0, 0.0, (Span(0, 1), Span(3, 4)))),
        {"read": 1e-9},
        read_as="q\u2028?",
        stories={"x": "x"},
    )
    judged = Example(
        "b", "q\u2029?", relevant={"x": 2, "y": 0}, filter=Filter(since="2024", author=("Ø", "P")), earlier=TURNS
    )
    golds = (example_runs.gold("1912"), Gold("nowhere", context="c"))
    run = example_runs.run(
        example_runs.record(golds, example_runs.reading("1912", 2.0), example_runs.reading("north", 1.0, 0)),
        Record(judged, trace, ("x:1-2",)),
        example_runs.record((), hits=()),
        as_typed=True,
        reader=ReaderCard("fake", 0.25, Calibration(1 / 3, -1e-9, retrieval=0.1 + 0.2, agreement=-0.5, lead=2.0)),
    )
    path = run.save(tmp_path / "runs")
    assert Run.load(path) == run
    assert path.name == "made-open-20260401T120000.jsonl.gz"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "unknown", [b',"wrong":[],"is_settled":true', b',"stories":{}', b',"earlier":[]', b',"as_typed":false']
)
def test_a_run_from_before_answers_were_judged_wrong_or_stories_known_is_read(tmp_path, unknown):
    run = example_runs.run(example_runs.record((example_runs.gold("1912"),), example_runs.reading("1912", 2.0)))
    path = run.save(tmp_path)
    content = gzip.decompress(path.read_bytes())
    former = content.replace(unknown, b"")
    assert len(former) < len(content)
    path.write_bytes(gzip.compress(former))
    assert Run.load(path) == run


def test_each_passage_is_kept_once(tmp_path):
    run = example_runs.run(
        *[example_runs.record((), example_runs.reading("1912", float(margin))) for margin in range(20)]
    )
    content = gzip.decompress(run.save(tmp_path).read_bytes()).decode()
    assert content.count("The ferry sank in 1912.") == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no gzip", "Not a gzipped file|it is not gzipped"),
        (gzip.compress(b'{"format": 99}\n'), "not those of a run of this version"),
        (gzip.compress(b"{}\n"), "not those of a run of this version"),
        (gzip.compress(b""), "not those of a run of this version"),
        (gzip.compress(b'{"format": 1, "run": {}}\n'), "not those of a run of this version"),
        (gzip.compress(b'{"format": 2, "run": {}}\n'), "not those of a run of this version"),
        (gzip.compress(b'{"format": 2, "run": {}}\n')[:-9], "it is cut short"),
        (gzip.compress(b'{"format": 2, "run": "' + b"a" * LONGEST_LINE), "a line is too long"),
        (None, "No such file"),
    ],
    ids=range(9),
)
def test_what_is_no_run_is_told_in_a_sentence_with_a_way_out(tmp_path, data, why):
    path = tmp_path / "run.jsonl.gz"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadRun, match=why) as caught:
        Run.load(path)
    assert str(caught.value).endswith("`pullquote eval run` writes one and says where.")


def test_a_fifo_is_no_run(tmp_path):
    os.mkfifo(tmp_path / "run.jsonl.gz")
    with pytest.raises(BadRun, match="it is no regular file"):
        Run.load(tmp_path / "run.jsonl.gz")
