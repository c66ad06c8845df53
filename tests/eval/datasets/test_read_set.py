import gzip
import hashlib
import json
import os

import pytest

from corpus.article import Span
from eval.datasets.example import Example, Gold
from eval.datasets.jsonl import as_lines
from eval.datasets.place import placed, source_names
from eval.datasets.read_set import BadSet, read_set
from eval.gate import BASELINE
from eval.temporary_library import articles_only
from index.filters import Filter
from rag.conversation.query_rewriting import Earlier

ORDINARY = BASELINE.parent / "sets" / "ordinary"
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Cow_Ledge",
            "paragraphs": [
                {
                    "context": "A reef 🐮 lies here.",
                    "qas": [
                        {
                            "id": "q1",
                            "question": "What lies here?",
                            "answers": [{"text": "A reef 🐮", "answer_start": 0}],
                        }
                    ],
                },
                {
                    "context": "It is dry.",
                    "qas": [
                        {
                            "id": "q2",
                            "question": "How is it?",
                            "is_impossible": False,
                            "answers": [{"text": "dry", "answer_start": 6}, {"text": "dry", "answer_start": 6}],
                        },
                        {
                            "id": "q3",
                            "question": "Who owns it?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "It", "answer_start": 0}],
                        },
                    ],
                },
            ],
        },
        {
            "title": "Cow_Ledge",
            "paragraphs": [
                {
                    "context": "Another one.",
                    "qas": [{"id": "q4", "question": "Which?", "answers": [{"text": "one", "answer_start": 8}]}],
                }
            ],
        },
    ],
}


def written(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


def test_a_squad_article_is_its_paragraphs_joined_by_a_blank_line(tmp_path):
    found = read_set(written(tmp_path, "tiny.json", SQUAD))
    assert (found.name, found.kind) == ("tiny", "squad")
    assert [article.text for article in found.articles] == ["A reef 🐮 lies here.\n\nIt is dry.", "Another one."]
    assert [article.title for article in found.articles] == ["Cow Ledge", "Cow Ledge"]
    assert [article.id for article in found.articles] == ["Cow_Ledge", "Cow_Ledge-2"]


def test_squad_golds_stand_where_they_say(tmp_path):
    found = read_set(written(tmp_path, "tiny.json", SQUAD))
    texts = {article.id: article.text for article in found.articles}
    first, second, impossible, other = found.examples
    assert first.golds == (Gold("A reef 🐮", "Cow_Ledge", Span(0, 8), Span(0, 19)),)
    assert second.golds == (Gold("dry", "Cow_Ledge", Span(27, 30), Span(21, 31)),) * 2
    assert impossible.golds == ()
    assert impossible.paragraph == Span(21, 31)
    assert other.article == "Cow_Ledge-2"
    for example in found.examples:
        for gold in example.golds:
            assert gold.span.cut(texts[gold.article]) == gold.text


def test_a_gzipped_set_is_the_same_set(tmp_path):
    plain, packed = read_set(written(tmp_path, "tiny.json", SQUAD)), read_set(written(tmp_path, "tiny.json.gz", SQUAD))
    assert plain == packed
    assert plain.digest == hashlib.sha256(json.dumps(SQUAD).encode()).hexdigest()


def test_what_a_library_cannot_keep_is_replaced_one_for_one(tmp_path):
    squad = {
        "data": [
            {
                "title": "t",
                "paragraphs": [
                    {
                        "context": "a\ud800b\u0000c",
                        "qas": [
                            {"id": "1", "question": "?\ud800", "answers": [{"text": "\u0000c", "answer_start": 3}]}
                        ],
                    }
                ],
            }
        ]
    }
    found = read_set(written(tmp_path, "odd.json", squad))
    assert found.articles[0].text == "a\ufffdb\ufffdc"
    assert found.examples[0].golds[0].span == Span(3, 5)


def test_our_own_lines(tmp_path):
    content = lines(
        {
            "id": "a",
            "question": "When?",
            "answers": [{"text": "6.32pm", "source": "x.md", "context": "at 6.32pm"}, {"text": "half past six"}],
        },
        {"question": "Who?", "answers": []},
    )
    found = read_set(written(tmp_path, "own.jsonl", content + "\n\n"))
    assert (found.kind, found.articles) == ("jsonl", ())
    assert found.examples[0].golds == (Gold("6.32pm", "x.md", context="at 6.32pm"), Gold("half past six"))
    assert (found.examples[1].id, found.examples[1].golds) == ("2", ())


def test_our_own_lines_may_say_where_exactly_and_what_is_wrong(tmp_path):
    bell = {"text": "1703", "source": "b.md", "start": 7, "end": 11}
    content = lines(
        {"question": "When?", "answers": [bell], "wrong": [{"text": "A bell"}]},
        {"question": "Who?", "answers": [], "wrong": [bell]},
        {"question": "Why?", "wrong": [bell]},
    )
    golds = (Gold("1703", "b.md", Span(7, 11)),)
    examples = read_set(written(tmp_path, "own.jsonl", content)).examples
    assert examples == (
        Example("1", "When?", golds, wrong=(Gold("A bell"),)),
        Example("2", "Who?", wrong=golds),
        Example("3", "Why?", wrong=golds, is_settled=False),
    )
    assert read_set(written(tmp_path, "again.jsonl", as_lines(examples))).examples == examples


def test_our_own_lines_may_have_turns_before(tmp_path):
    turns = [{"question": "Who skippered it?", "answer": "Davy", "sentence": "Davy did."}, {"question": "Who else?"}]
    content = lines(
        {"id": "f", "question": "Why?", "earlier": turns, "answers": [{"text": "he was late"}], "split": "dev"}
    )
    examples = read_set(written(tmp_path, "own.jsonl", content)).examples
    assert examples[0].earlier == (Earlier("Who skippered it?", "Davy", "Davy did."), Earlier("Who else?"))
    assert read_set(written(tmp_path, "again.jsonl", as_lines(examples))).examples == examples
    for wrong in ({}, ["Who?"], [{"answer": "?"}], [{"question": "Who?", "answer": 7}]):
        with pytest.raises(BadSet, match=r"own\.jsonl"):
            read_set(written(tmp_path, "own.jsonl", lines({"question": "Why?", "answers": [], "earlier": wrong})))


def beir(folder, qrels="query-id\tcorpus-id\tscore\nq1\td2\t2\nq1\td1\t0\nq3\td1\t0\n"):
    corpus = lines(
        {"_id": "d1", "title": "One", "text": ""},
        {"_id": "d2", "text": "Two."},
        {"_id": "d3", "title": "", "text": " "},
    )
    written(folder, "corpus.jsonl", corpus)
    written(
        folder, "queries.jsonl.gz", lines(*({"_id": f"q{number}", "text": f"query {number}"} for number in (1, 2, 3)))
    )
    written(folder, "qrels/test.tsv", qrels)
    written(folder, "qrels/train.tsv.gz", "q2\td1\t1\n")
    return folder


def test_a_beir_folder_gives_the_judged_queries_of_the_test_split(tmp_path):
    found = read_set(beir(tmp_path / "small"))
    assert (found.name, found.kind) == ("small", "beir")
    assert [(example.id, example.question, dict(example.relevant)) for example in found.examples] == [
        ("q1", "query 1", {"d2": 2, "d1": 0})
    ]
    assert [(article.id, article.title, article.text) for article in found.articles] == [
        ("d1", "One", "One"),
        ("d2", "", "Two."),
    ]


def test_every_split_counts_where_there_is_no_test_split(tmp_path):
    folder = beir(tmp_path / "small")
    (folder / "qrels" / "test.tsv").unlink()
    assert [example.id for example in read_set(folder).examples] == ["q2"]


def with_articles(folder, article="It was cast in 1703."):
    asked = {"question": "When?", "answers": [{"text": "1703", "source": "bell.txt"}]}
    written(folder, "questions.jsonl", lines(asked, {"question": "Who?", "answers": []}))
    written(folder, "articles/bell.txt", article)
    written(folder, "articles/tides/reef.md", "# The reef\n\nIt is *dry*.")
    return folder


def test_a_folder_of_questions_brings_its_articles_as_files(tmp_path):
    found = read_set(with_articles(tmp_path / "small"))
    assert (found.name, found.kind) == ("small", "jsonl")
    assert [example.golds for example in found.examples] == [(Gold("1703", "bell.txt"),), ()]
    assert [(article.title, article.text) for article in found.articles] == [
        ("It was cast in 1703.", "It was cast in 1703."),
        ("The reef", "It is dry."),
    ]


def test_another_article_or_question_is_another_set(tmp_path):
    digest = read_set(with_articles(tmp_path / "a")).digest
    assert read_set(with_articles(tmp_path / "b")).digest == digest
    assert read_set(with_articles(tmp_path / "c", "It was cast in 1704.")).digest != digest
    written(tmp_path / "b", "questions.jsonl", lines({"question": "When?", "answers": []}))
    assert read_set(tmp_path / "b").digest != digest


def test_a_folder_of_questions_whose_articles_cannot_be_read_is_told(tmp_path):
    with pytest.raises(BadSet, match=r"small is no evaluation set that can be read \(.*bell\.txt"):
        read_set(with_articles(tmp_path / "small", ""))
    (tmp_path / "small" / "articles").rename(tmp_path / "elsewhere")
    with pytest.raises(BadSet, match="small is no evaluation set that can be read"):
        read_set(tmp_path / "small")


def test_every_gold_of_the_ordinary_files_stands_in_the_file_that_it_names():
    found = read_set(ORDINARY)
    with articles_only(found.articles) as library:
        named = source_names(library)
        for example, asked in zip(placed(found.examples, library), found.examples, strict=True):
            assert {(named[gold.article], gold.text) for gold in example.golds if gold.span} == {
                (gold.article, gold.text) for gold in asked.golds
            }
    assert {gold.article for example in found.examples for gold in example.golds} == set(named.values())
    assert (sum(bool(example.golds) for example in found.examples), len(found.examples)) == (120, 180)


FACTS = {"published": "2024-05-11", "outlet": "The Echo", "authors": ["Ilva Marrick"], "language": "en"}
FILTER = {"since": "2024", "outlet": ["The Echo", "Le Petit Phare"]}


def filtered(folder, stated=FILTER):
    """A BEIR folder of an article with facts and a question with a filter."""
    written(folder, "corpus.jsonl", lines({"_id": "d1", "title": "", "text": "One.", "metadata": FACTS}))
    written(folder, "queries.jsonl", lines({"_id": "q1", "text": "Which?", "metadata": {"filter": stated}}))
    written(folder, "qrels/test.tsv", "q1\td1\t1\n")
    return folder


def test_a_beir_article_may_state_facts_and_a_query_the_filter_it_is_asked_with(tmp_path):
    found = read_set(filtered(tmp_path / "small"))
    (article,), (example,) = found.articles, found.examples
    assert (article.published, article.outlet, article.authors, article.language, article.url) == (
        "2024-05-11",
        "The Echo",
        ("Ilva Marrick",),
        "en",
        None,
    )
    assert example.filter == Filter(since="2024", outlet=("The Echo", "Le Petit Phare"))


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("2024", "there is no filter of the fields since, until, outlet"),
        ({"from": "2024"}, "there is no filter of the fields since, until, outlet"),
        ({"since": 2024}, "there is no text 'since'"),
        ({"since": "spring"}, "The date 'spring' is no day of the calendar"),
        ({"outlet": "The Echo"}, "there is no list 'outlet'"),
    ],
)
def test_a_filter_that_says_nothing_is_told(tmp_path, stated, why):
    with pytest.raises(BadSet, match=why):
        read_set(filtered(tmp_path / "small", stated))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.json", "{", "it is not JSON"),
        ("x.json", {"data": []}, "there is no question in it"),
        ("x.json", {"questions": []}, "there is no list 'data'"),
        ("x.json", [], "there is no list 'data'"),
        ("x.json", {"data": [3]}, "there is no list 'paragraphs' in 3"),
        (
            "x.json",
            {"data": [{"title": "t", "paragraphs": [{"context": " ", "qas": []}]}]},
            "a paragraph of 't' is empty",
        ),
        (
            "x.json",
            {
                "data": [
                    {
                        "title": "t",
                        "paragraphs": [
                            {
                                "context": "abc",
                                "qas": [{"question": "?", "answers": [{"text": "b", "answer_start": 2}]}],
                            }
                        ],
                    }
                ]
            },
            "'b' does not stand at its answer_start, 2",
        ),
        ("x.jsonl", "[1]", "line 1 is not a JSON object"),
        ("x.jsonl", '{"question": "?", "answers": []}\n{', "line 2 is not JSON"),
        ("x.jsonl", '{"question": "?"}', "there is no list 'answers'"),
        ("x.jsonl", '{"question": "?", "answers": [{"text": 3}]}', "there is no text 'text'"),
        ("x.jsonl", '{"question": "?", "wrong": []}', "there is no list 'answers'"),
        ("x.jsonl", '{"question": "?", "answers": [{"text": "a", "start": 3}]}', "there is no whole number 'end'"),
        ("x.jsonl", '{"question": "?", "answers": [{"text": "a", "start": 3, "end": 3}]}', "0 <= start < end, not 3-3"),
        ("x.jsonl", b"\xff\xfe", "it is not UTF-8"),
        ("x.jsonl", gzip.compress(b"{}")[:-6], "it is cut short or not gzip"),
        ("x.csv", "a,b", "its name ends neither in .json nor in .jsonl"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence_with_a_way_out(tmp_path, name, content, why):
    with pytest.raises(BadSet) as caught:
        read_set(written(tmp_path, name, content))
    assert why in str(caught.value)
    assert "give a SQuAD JSON file" in str(caught.value)


def test_a_bad_folder_is_told_so_too(tmp_path):
    with pytest.raises(BadSet, match=r"it has no corpus\.jsonl"):
        read_set(tmp_path)
    with pytest.raises(BadSet, match=r"line 2 of qrels/test\.tsv is not query-id, corpus-id, score"):
        read_set(beir(tmp_path / "a", "query-id\tcorpus-id\tscore\nq1 d2 1\n"))
    with pytest.raises(BadSet, match="the qrels judge the query 'q9'"):
        read_set(beir(tmp_path / "b", "q9\td2\t1\n"))
    with pytest.raises(BadSet, match="No such file"):
        read_set(tmp_path / "none.json")


@pytest.mark.parametrize("device", [False, True])
def test_what_has_no_end_is_no_set(tmp_path, device):
    path = tmp_path / "set.jsonl"
    path.symlink_to("/dev/zero") if device else os.mkfifo(path)
    with pytest.raises(BadSet, match="it is no regular file"):
        read_set(path)
