import gzip
import hashlib
import json
import os
import threading

import pytest
from hypothesis import HealthCheck, given, settings

from corpus.draft import BadLine, SourceFacts
from corpus.formats.jsonl import read_json_lines
from corpus.offset_map import Origin
from tests.corpus.hostile import assert_conforms, hostile_texts


def read(path):
    """What the lines of a file hold."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as handle:
        return list(read_json_lines(handle))


def drafts(path, text):
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


def test_offsets_point_into_the_whole_file(tmp_path):
    source = '\ufeff{"_id": "a", "text": "Été un"}\r\n\n{"text": "deux 😀 fin", "_id": 7, "title": "T"}\n'
    first, second = drafts(tmp_path / "a.jsonl", source)
    decoded = source.removeprefix("\ufeff")
    for draft, words in ((first, "Été un"), (second, "deux 😀 fin")):
        assert draft.text.text == words
        assert Origin(draft.text.runs).source_range(0, len(words)) == (
            decoded.index(words),
            decoded.index(words) + len(words),
        )
    assert (first.record, second.record, second.facts) == ("a", "7", SourceFacts(title="T"))


def test_escapes_are_units(tmp_path):
    source = r'{"text": "a\nb\u00e9\ud83d\ude00c\ud83dd\"\\"}'
    [draft] = drafts(tmp_path / "a.jsonl", source)
    assert draft.text.text == 'a\nbé😀c\ud83dd"\\'
    origin = Origin(draft.text.runs)
    assert source[slice(*origin.source_range(4, 5))] == r"\ud83d\ude00"
    assert source[slice(*origin.source_range(2, 4))] == r"b\u00e9"
    assert source[slice(*origin.source_range(5, 6))] == "c"


def test_a_nested_text_is_not_taken_for_the_articles(tmp_path):
    source = '{"meta": {"text": "wrong"}, "list": [{"text": "wrong"}], "text" : "right", "x": "text"}'
    [draft] = drafts(tmp_path / "a.jsonl", source)
    assert draft.text.text == "right"
    assert draft.text.runs[0].source_start == source.index("right")


@pytest.mark.parametrize("key", ["text", "body", "content"])
def test_the_text_has_several_names(tmp_path, key):
    [draft] = drafts(tmp_path / "a.jsonl", json.dumps({key: "words"}))
    assert draft.text.text == "words"


def test_metadata_fills_gaps(tmp_path):
    [draft] = drafts(
        tmp_path / "a.jsonl", '{"text": "w", "title": "A", "metadata": {"date": "2024-03-12", "title": "B"}}'
    )
    assert draft.facts == SourceFacts("A", published="2024-03-12")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{nonsense", "is not JSON; write one object a line"),
        ('{"a": 1,}', "is not JSON; write one object a line"),
        ('{"a": 1 "b": 2}', "is not JSON; write one object a line"),
        ('{"a": 1} more', "is not JSON; write one object a line"),
        ('{"a" 1}', "is not JSON; write one object a line"),
        ("{1: 2}", "is not JSON; write one object a line"),
        ('{"a": ' + "[" * 100_000, "is not JSON; write one object a line"),
        ('{"a": ' + "9" * 5000 + "}", "is not JSON; write one object a line"),
        ("[1, 2]", "is not a JSON object; write one object a line"),
        ('"words"', "is not a JSON object; write one object a line"),
        ("{}", 'has no text; give it a "text"'),
        ('{"text": null}', 'has no text; give it a "text"'),
        ('{"text": " \\n"}', 'has no text; give it a "text"'),
    ],
)
def test_a_bad_line_is_named_and_the_others_load(tmp_path, line, reason):
    good = '{"text": "words"}'
    before, bad, after = drafts(tmp_path / "a.jsonl", f"{good}\n{line}\n{good}\n")
    assert bad == BadLine(2, reason)
    assert (before.record, after.record) == ("line-1", "line-3")
    assert after.text.text == "words"


def test_a_line_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "ok"}')
    bad, good = read(path)
    assert bad == BadLine(1, "is not UTF-8; save the file as UTF-8")
    assert good.text.text == "ok"


def test_an_endless_line_is_named_and_passed_over(tmp_path):
    line = '{"text": "' + "é" * (9 * 2**20) + '"}\n'
    bad, good = drafts(tmp_path / "a.jsonl", line + '{"text": "ok"}')
    assert bad == BadLine(1, "is longer than 16 MB; split it into articles")
    assert good.text.runs[0].source_start == len(line) + len('{"text": "')


def test_each_line_comes_before_the_next_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    os.mkfifo(path)
    first_came = threading.Event()

    def write():
        with path.open("wb", buffering=0) as pipe:
            pipe.write(b'{"text": "One."}\n')
            if first_came.wait(10):
                pipe.write(b'{"text": "Two."}\n')

    writer = threading.Thread(target=write)
    writer.start()
    with path.open("rb") as pipe:
        drafts = read_json_lines(pipe)
        assert next(drafts).text.text == "One."
        first_came.set()
        assert [draft.text.text for draft in drafts] == ["Two."]
    writer.join()


def test_a_gzipped_file_reads_the_same(tmp_path):
    lines = b'{"_id": "a", "text": "one"}\n{"_id": "b", "text": "two"}\n'
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    assert read(tmp_path / "a.jsonl") == read(tmp_path / "a.jsonl.gz")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: b"no gzip", lambda data: data[:20] + b"\0" * 20]
)
def test_a_damaged_archive_is_named(tmp_path, damage):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(damage(gzip.compress(b'{"text": "words"}\n' * 50)))
    last = read(path)[-1]
    assert last.reason == "cannot be unpacked: the archive is damaged; make it again with gzip"


def test_an_id_is_one_that_a_database_and_a_terminal_can_hold(tmp_path):
    lines = [json.dumps({"_id": identity, "text": "w"}) for identity in ("\ud800\n\0x", "a" * 9_000, " \u200d ")]
    assert [draft.record for draft in drafts(tmp_path / "a.jsonl", "\n".join(lines))] == [
        "\ufffd\ufffd\ufffdx",
        "a" * 2_000,
        "\u200d",
    ]


@pytest.mark.parametrize(
    "value", ["[" * 400 + "]" * 400, '{"name":' * 400 + "1" + "}" * 400, "9" * 4_000, "1e999", "NaN"]
)
def test_facts_of_an_absurd_shape_are_none(tmp_path, value):
    [draft] = drafts(
        tmp_path / "a.jsonl",
        '{"text": "w", ' + ", ".join(f'"{key}": {value}' for key in ("author", "date", "lang", "url")) + "}",
    )
    assert (draft.text.text, draft.facts.published, draft.facts.language, draft.facts.url) == ("w", None, None, None)


def test_the_digest_is_the_lines(tmp_path):
    [draft] = drafts(tmp_path / "a.jsonl", '{"text": "w"}\n')
    assert draft.sha256 == hashlib.sha256(b'{"text": "w"}').hexdigest()


@given(hostile_texts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_string_comes_back_and_maps(tmp_path, text):
    for ascii_only in (True, False):
        source = json.dumps({"x": ["text"], "text": text + "."}, ensure_ascii=ascii_only)
        source = source.encode("utf-8", "replace").decode()
        [draft] = drafts(tmp_path / "a.jsonl", source)
        assert draft.text.text == json.loads(source)["text"]
        assert_conforms(draft.text.text, Origin(draft.text.runs), source)
