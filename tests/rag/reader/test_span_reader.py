import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sample import SAMPLE
from index.encoder.compiled import BatchLimits
from rag.reader.read import _BATCH, SHIPPED, SpanReader, UnknownReader
from rag.reader.window import STRIDE, WINDOW
from tests.rag.conftest import CANNERY, FERRY, hit, read_by

ROOT = Path(__file__).parents[3]
BOUND = 0.5  # logits: what bfloat16 and int8 arithmetic may differ by where a passage is cut otherwise
QUESTION = "When will the cannery in Hollin Quay close?"
ENDLESS = "1,000" * 300  # one number, longer than any span may be
ODD = [
    "x", "🦀🦀", "?!", "1,000", "a" * 3000, "沈んだ。" * 200, "שלום עולם " * 20, "a\u00a0b\u00adc\u202fd " * 50, "e\u0301" * 40,
    "👩\u200d🚀" * 30, "हिन्दी के बाद " * 10, "\n\n.\n\n", "[SEP] [CLS] [SEP]", "unreadability" * 9, ENDLESS, "\u200d x \u200d",
]  # fmt: skip
NO_WORDS = [" ", "\n\u00a0\t", "\u200d\u00ad", "\u0301"]
LONG = " ".join(f"the ferry ran aground on day {day} and nobody was hurt at all ;" for day in range(2, 60))


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    named = os.environ.get("PULLQUOTE_CACHE")
    return SpanReader(SHIPPED, Path(named) if named else tmp_path_factory.mktemp("cache"))


def numbered(texts):
    """A hit for each text, of articles with other titles."""
    return [hit(f"{number} on the ferry", text, start=7 * number) for number, text in enumerate(texts)]


def by_passage(readings):
    return [(passage, list(members)) for passage, members in groupby(readings, key=lambda one: one.passage)]


def best_margins(readings):
    return {passage.id: members[0].margin for passage, members in by_passage(readings)}


@pytest.mark.model
@pytest.mark.parametrize("question", [QUESTION, "?", "沈んだ [SEP]\n\u200d\u0301"])
def test_a_batch_is_read_as_one_by_one(reader, question):
    hits = numbered([FERRY, CANNERY, *ODD, LONG])
    together = best_margins(read_by(reader, question, hits))
    alone = {}
    for one in hits:
        alone |= best_margins(read_by(reader, question, [one]))
    assert together == alone
    assert together.keys() == {one.passage.id for one in hits if one.passage.text != ENDLESS}


@pytest.mark.model
def test_readings_come_in_the_order_of_the_hits_the_best_of_each_first(reader):
    hits = numbered([FERRY, LONG, "x", CANNERY, *ODD])
    for ordered in (hits, hits[::-1]):
        read = by_passage(read_by(reader, QUESTION, ordered))
        seen = [passage for passage, _ in read]
        assert seen == [one.passage for one in ordered if one.passage in seen]
        assert len(seen) == len(set(seen))
        for _, members in read:
            assert 1 <= len(members) <= 3
            assert all(before.margin >= after.margin for before, after in pairwise(members))


@pytest.mark.model
def test_readings_of_a_passage_share_no_words(reader):
    for _, members in by_passage(read_by(reader, QUESTION, numbered([FERRY, CANNERY, LONG, *ODD]))):
        for number, one in enumerate(members):
            assert not any(one.span.overlaps(other.span) for other in members[:number])


@pytest.mark.model
def test_a_span_that_two_windows_show_is_one_reading(reader):
    number = "1," * 90 + "1"  # longer than any span may be
    text = f"{number} June {number}"
    assert len(list(reader._windows(QUESTION, [hit("x", text)]))) == 2
    [one] = read_by(reader, QUESTION, [hit("x", text)])
    assert one.text == "June"


@pytest.mark.model
def test_a_reading_is_scored_by_its_first_and_its_last_token_and_no_answer_by_the_mark(reader):
    [window] = reader._windows(QUESTION, [hit("cannery", CANNERY)])
    [logits] = reader._network.run([window.row.columns], _BATCH)
    starts, ends = ([place[side] for place in window.row.places] for side in (0, 1))
    for one in read_by(reader, QUESTION, [hit("cannery", CANNERY)]):
        first, last = starts.index(one.span.start), ends.index(one.span.end)
        score = logits[window.row.offset + first, 0] + logits[window.row.offset + last, 1]
        assert one.span_score == pytest.approx(float(score), abs=1e-4)
        assert one.null_score == pytest.approx(float(logits[0, 0] + logits[0, 1]), abs=1e-4)


@pytest.mark.model
def test_a_question_for_a_reason_gets_whole_sentences(reader):
    text = "The slip was shut on Monday. It had cracked in the frost, the harbour said. Nobody was hurt, and no boat was lost."
    sentences = set(re.findall(r"\S[^.]*\.", text))
    read = read_by(reader, "Why was the slip shut?", [hit("slip", text)])
    assert read
    for one in read:
        assert set(re.findall(r"\S[^.]*\.", one.text)) <= sentences
        assert one.text.endswith(".") or (len(one.text.split()) <= 8 and one.margin >= 0)
    assert sum(len(one.text) for one in read) <= len(text)  # no sentence twice


@pytest.mark.model
@pytest.mark.parametrize("missing", ["reader.json", "model.xml", "model.bin", "tokenizer.json"])
def test_a_folder_without_one_of_its_files_is_an_unknown_reader(tmp_path, missing):
    for name in {"reader.json", "model.xml", "model.bin", "tokenizer.json"} - {missing}:
        (tmp_path / name).symlink_to(SHIPPED / name)
    with pytest.raises(UnknownReader):
        SpanReader(tmp_path, tmp_path / "cache")


@pytest.mark.model
def test_a_reading_is_words_of_the_passage_without_white_space_around_them(reader):
    read = read_by(reader, QUESTION, numbered([FERRY, CANNERY, LONG, *ODD]))
    assert len({one.passage.id for one in read}) > len(ODD)
    for one in read:
        assert one.text == one.passage.text[one.span.start : one.span.end]
        assert one.text == one.text.strip() != ""
        assert one.article_span.start - one.span.start == one.passage.span.start


@pytest.mark.model
@given(st.text("aZb 1234,.:-\n\u00a0\u00ad\u200d\u0301é沈한ש🦀👩", min_size=1, max_size=80), st.text(max_size=40))
@settings(deadline=None, max_examples=25)
def test_any_passage_can_be_read_for_any_question(reader, text, question):
    for one in read_by(reader, question.encode("utf-8", "ignore").decode(), [hit("odd", text)]):
        assert one.span.cut(text) == one.text
        assert one.margin == one.span_score - one.null_score


@pytest.mark.model
def test_no_hits_give_no_readings(reader):
    assert read_by(reader, QUESTION, []) == []


@pytest.mark.model
def test_passages_without_words_give_no_readings_and_do_not_shift_the_others(reader):
    assert read_by(reader, QUESTION, numbered(NO_WORDS)) == []
    mixed = numbered([NO_WORDS[0], CANNERY, *NO_WORDS[1:], FERRY])
    read = read_by(reader, QUESTION, mixed)
    assert best_margins(read) == best_margins(read_by(reader, QUESTION, [mixed[1], mixed[-1]]))
    assert [passage for passage, _ in by_passage(read)] == [mixed[1].passage, mixed[-1].passage]


@pytest.mark.model
def test_the_same_text_under_two_titles_is_read_with_its_own_title(reader):
    titled = [hit("Hollin Quay", CANNERY), hit("A", CANNERY), hit("Hollin Quay again", CANNERY)]
    alone = {}
    for one in titled:
        alone |= best_margins(read_by(reader, QUESTION, [one]))
    assert best_margins(read_by(reader, QUESTION, titled)) == alone


@pytest.mark.model
def test_of_a_question_of_2000_characters_the_first_64_tokens_are_asked(reader):
    long = ("ferry " * 334)[:2000]
    assert len(long) == 2000
    hits = numbered([FERRY, CANNERY])
    assert (
        read_by(reader, long, hits)
        == read_by(reader, "ferry " * 64 + QUESTION, hits)
        == read_by(reader, "ferry " * 64, hits)
    )
    assert best_margins(read_by(reader, long, hits)) != best_margins(read_by(reader, "ferry " * 30, hits))


@pytest.mark.model
def test_a_long_passage_is_read_as_its_windows_are(reader):
    [tokens] = reader._rows.tokens([LONG])
    assert len(tokens.ids) > WINDOW + 3 * STRIDE
    whole = hit("ferry", LONG)
    parts = []
    for first in range(0, len(tokens.ids) - WINDOW + STRIDE, STRIDE):
        part = tokens.part(first, first + WINDOW)
        start = part.places[0][0]
        parts.append(hit("ferry", LONG[start : part.places[-1][1]], start=start))
    assert parts[-1].passage.span.end == len(LONG)
    question = "On which day was nobody hurt?"
    long, short = read_by(reader, question, [whole]), read_by(reader, question, parts)
    best = max(one.margin for one in short)
    assert long[0].margin == pytest.approx(best, abs=BOUND)
    near = {one.article_span for one in short if one.margin > best - 2 * BOUND}
    assert long[0].article_span in near


@pytest.mark.model
def test_a_passage_that_fits_one_window_is_read_once(reader):
    [tokens] = reader._rows.tokens([LONG])
    fitting = LONG[: tokens.places[WINDOW - 1][1]]
    rows = list(reader._windows(QUESTION, numbered(["x", fitting, fitting + " ;"])))
    assert [(window.hit, len(window.part.places)) for window in rows] == [
        (0, 1),
        (1, WINDOW),
        (2, WINDOW),
        (2, STRIDE + 1),
    ]


@pytest.mark.model
def test_threads_read_what_one_reads(reader):
    asked = [
        (QUESTION, numbered([FERRY, CANNERY, LONG])),
        ("Who ran aground?", numbered([CANNERY, *ODD])),
        ("x", numbered([LONG])),
    ]
    alone = [read_by(reader, *one) for one in asked]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda one: read_by(reader, *one), asked * 6))
    assert together == alone * 6


@pytest.mark.model
def test_a_row_gives_the_same_bits_beside_a_longer_one(reader):
    """Padded to a multiple of 8, every eighth of these rows would not: a reply must not depend on what else is asked."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(SAMPLE.glob("*.md"))]
    cuts = [text[start : start + 300 + 7 * start % 500] for text in texts for start in range(0, len(text) - 900, 197)]
    rows = [window.row.columns for window in reader._windows(QUESTION, numbered(cuts))]
    by_length = sorted(rows, key=lambda row: len(row["input_ids"]))
    for row in rows:
        tokens = len(row["input_ids"])
        [alone] = reader._network.run([row], _BATCH)
        for longer in (by_length[-1], by_length[-len(rows) // 6]):
            [_, *beside] = reader._network.run([longer, *[row] * 6], BatchLimits(8, 10_000))  # enough to be one batch
            assert all(np.array_equal(one[:tokens], alone[:tokens]) for one in beside)


@pytest.mark.model
def test_several_questions_are_read_together_as_each_by_itself(reader):
    asked = [
        (QUESTION, numbered([FERRY, CANNERY, LONG])), ("Why did it close?", []), ("Who ran aground?", numbered([CANNERY, *ODD])),
        ("Why was nobody hurt?", numbered(NO_WORDS)), ("x", numbered([LONG])),
    ]  # fmt: skip
    assert reader.read_all(asked) == [read_by(reader, *one) for one in asked]
    assert reader.read_all([]) == []


@pytest.mark.model
def test_the_reader_that_ships_says_what_it_is_called_and_when_it_is_believed(reader):
    assert reader.card.name == "span"
    assert 0 < reader.card.threshold < 1
    assert reader.card.calibration.margin > 0  # a better margin makes it surer


def test_a_folder_without_a_reader_is_an_unknown_reader(tmp_path):
    with pytest.raises(
        UnknownReader, match=r"^There is no reader '.*/none'; set PULLQUOTE_READER to 'fast', 'sentence', or"
    ):
        SpanReader(tmp_path / "none", tmp_path)
    assert list(tmp_path.iterdir()) == []


READ = """
import json, sys
from pathlib import Path
from corpus.article import Passage, Span
from index.hit import Hit
from rag.reader.read import SHIPPED, SpanReader

text = "The cannery will close in June."
reader = SpanReader(SHIPPED, Path(sys.argv[1]))
(read,) = reader.read_all([("When will the cannery close?", [Hit(Passage("a", "A", Span(0, len(text)), text), 1.0)])])
heavy = {"torch", "transformers", "sentence_transformers", "nncf", "sklearn", "faiss", "openvino", "openvino_telemetry"}
print(json.dumps([[one.text in text for one in read][:1], sorted(name for name in heavy if sys.modules.get(name))]))
"""


@pytest.mark.model
def test_reading_needs_neither_torch_nor_transformers(tmp_path):
    cache = os.environ.get("PULLQUOTE_CACHE", str(tmp_path))
    ran = subprocess.run(
        [sys.executable, "-c", READ, cache],
        cwd=ROOT,
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[True], ["openvino"]]
    assert ran.stderr == ""
