"""Other people's sets become ours, and what cannot is told."""

import gzip
import json

import pytest

from corpus.load import load
from eval.datasets.example import Gold
from eval.datasets.files import AlreadyThere
from eval.datasets.importing import NotImportable, import_set
from eval.datasets.jsonl import BadTarget
from eval.datasets.place import placed
from eval.datasets.read_set import read_set
from eval.temporary_library import articles_only
from tests.eval.datasets.test_read_set import SQUAD, beir, filtered, lines, written


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_squad_set_becomes_questions_and_the_articles_they_are_about(tmp_path):
    found = import_set(written(tmp_path, "tiny.json.gz", SQUAD), tmp_path / "out" / "mine.jsonl")
    assert (found.format, found.questions, found.articles, found.left_out) == ("squad", 4, 2, ())
    questions, articles = found.written
    assert rows(questions) == [
        {
            "id": "q1",
            "question": "What lies here?",
            "answers": [
                {"text": "A reef 🐮", "source": "mine-articles.jsonl#Cow_Ledge", "context": "A reef 🐮 lies here."}
            ],
        },
        {
            "id": "q2",
            "question": "How is it?",
            "answers": [{"text": "dry", "source": "mine-articles.jsonl#Cow_Ledge", "context": "It is dry."}],
        },
        {"id": "q3", "question": "Who owns it?", "answers": []},
        {
            "id": "q4",
            "question": "Which?",
            "answers": [{"text": "one", "source": "mine-articles.jsonl#Cow_Ledge-2", "context": "Another one."}],
        },
    ]
    assert rows(articles) == [
        {"_id": "Cow_Ledge", "title": "Cow Ledge", "text": "A reef 🐮 lies here.\n\nIt is dry."},
        {"_id": "Cow_Ledge-2", "title": "Cow Ledge", "text": "Another one."},
    ]


def test_every_answer_is_found_again_in_the_articles_as_a_library_keeps_them(tmp_path):
    found = import_set(written(tmp_path, "tiny.json", SQUAD), tmp_path / "mine.jsonl")
    with articles_only(load(found.written[1])) as library:
        examples = placed(read_set(found.written[0]).examples, library)
        for example in examples:
            for gold in example.golds:
                assert gold.span.cut(library.article(gold.article).text) == gold.text
    assert [len(example.golds) for example in examples] == [1, 1, 0, 1]


def paragraph(context, *questions):
    return {"context": context, "qas": [{"id": name, "question": "?", "answers": list(answers)} for name, *answers in questions]}  # fmt: skip


def test_what_is_wrong_in_a_squad_set_is_left_out_and_told(tmp_path):
    soft = "The har\u00adbour is deep."  # the library drops soft hyphens
    share = "Share this article"  # and lines that belong to a page
    data = [
        paragraph("It is dry.", ("good", {"text": "dry", "answer_start": 6}), ("off", {"text": "dry", "answer_start": 5})),
        paragraph("It is dry.", ("good", {"text": "It", "answer_start": 0}), ("lost", {"text": "dry"})),
        paragraph(" ", ("empty",)),
        paragraph(soft, ("soft", {"text": "har\u00adbour", "answer_start": 4}), ("deep", {"text": "deep", "answer_start": 16})),
        paragraph(share, ("share", {"text": "Share", "answer_start": 0})),
    ]  # fmt: skip
    squad = {"data": [{"title": "t", "paragraphs": data}]}
    found = import_set(written(tmp_path, "x.json", squad), tmp_path / "out.jsonl")
    assert [row["id"] for row in rows(found.written[0])] == ["good", "soft", "deep"]
    assert rows(found.written[0])[1]["answers"][0]["text"] == "harbour"
    assert found.left_out == (
        "the question off: the answer 'dry' does not stand at its answer_start, 5, in code points",
        'the question lost: there is no whole number \'answer_start\' in {"text": "dry"}',
        "a paragraph of 't' is empty",
        "the question good: an earlier one has the same id",
        "the question share: no answer of it stands in the article as it is kept",
    )


def test_a_csv_becomes_questions_with_their_answers(tmp_path):
    table = (
        "\ufeffquestion,answer,source,context\r\n"
        'Who?,"Mara Lindqvist",osprey.md,"The captain is Mara\n Lindqvist, of course."\r\n'
        "Who?,Lindqvist,osprey.md,\r\n"
        "Who won?,,,\r\n"
        "When?,1912,,\r\n"
    )
    found = import_set(written(tmp_path, "t.csv", table), tmp_path / "out.jsonl")
    assert (found.format, found.questions, found.articles, found.left_out) == ("csv", 3, 0, ())
    assert [(one.id, one.question, one.golds) for one in read_set(found.written[0]).examples] == [
        (
            "1",
            "Who?",
            (
                Gold("Mara Lindqvist", "osprey.md", context="The captain is Mara\n Lindqvist, of course."),
                Gold("Lindqvist", "osprey.md"),
            ),
        ),
        ("2", "Who won?", ()),
        ("3", "When?", (Gold("1912"),)),
    ]


def test_what_is_wrong_in_a_csv_is_left_out_and_told(tmp_path):
    table = "answer,question,context\n1912,When?,in 1912\n1913,When?,in 1912\n1912,When?,in 1912\n,When?,\nx,,\nx\nx,y,z,w\n"
    found = import_set(written(tmp_path, "t.csv", table), tmp_path / "out.jsonl")
    assert found.questions == 1
    assert found.left_out == (
        "line 3: the answer '1913' does not stand in its context",
        "line 4: an earlier line says the same",
        "line 5: another line says that 'When?' has an answer, or that it has none",
        "line 6: it has no question",
        "line 7: it has more or fewer fields than there are columns",
        "line 8: it has more or fewer fields than there are columns",
    )


def test_a_beir_folder_keeps_what_is_judged(tmp_path):
    source = beir(tmp_path / "small", "query-id\tcorpus-id\tscore\nq1\td2\t2\nq1\td1\t0\nq1\tgone\t1\nq9\td1\t1\n")
    found = import_set(source, tmp_path / "out")
    assert (found.format, found.questions, found.articles) == ("beir", 1, 2)
    assert found.left_out == (
        "queries without a relevant article: 2 (q2, q3)",
        "judged queries that are nowhere asked: 1 (q9)",
        "lines of the corpus without words, or with the id of a later line: 1",
        "articles judged but not in the corpus, the judgements kept as missed: 1 (gone)",
    )
    again = read_set(tmp_path / "out")
    assert [(one.id, one.question, dict(one.relevant)) for one in again.examples] == [
        ("q1", "query 1", {"d2": 2, "d1": 0, "gone": 1})
    ]
    assert [(one.id, one.text) for one in again.articles] == [("d1", "One"), ("d2", "Two.")]


def test_facts_and_filters_of_a_beir_folder_are_kept(tmp_path):
    source = read_set(filtered(tmp_path / "small"))
    import_set(tmp_path / "small", tmp_path / "out" / "small")
    again = read_set(tmp_path / "out" / "small")
    assert (again.examples, again.articles) == (source.examples, source.articles)
    assert again.examples[0].filter


TOPICS = """<top>
<num> Number: 051
<title> Topic: Airbus &amp; subsidies

<desc> Description:
How are they paid?
</top>
<top>
<num> Number: 52
<title>
<desc> Description:
Who sank
the ferry?
</top>
"""


@pytest.mark.parametrize("topics", [TOPICS, "51\tAirbus & subsidies\n52\tWho sank the ferry?\n\n"])
def test_trec_topics_and_qrels_become_a_beir_folder(tmp_path, topics):
    folder = tmp_path / "trec"
    corpus = lines({"_id": "d1", "text": "Airbus."}, {"_id": "d2", "text": "Ferry."})
    written(folder, "corpus.jsonl.gz", corpus)
    written(folder, "topics.txt", topics)
    written(folder, "qrels.51-52.gz", "51 0 d1 1\n51 0 d2 0\n52  0\td2 2\n53 0 d2 0\n")
    found = import_set(folder, tmp_path / "out")
    assert (found.format, found.questions, found.articles) == ("trec", 2, 2)
    assert found.left_out == ("judged queries that are nowhere asked: 1 (53)",)
    assert [(one.id, one.question, dict(one.relevant)) for one in read_set(tmp_path / "out").examples] == [
        ("51", "Airbus & subsidies", {"d1": 1, "d2": 0}),
        ("52", "Who sank the ferry?", {"d2": 2}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.csv", "Question,answer\na,b\n", "its column 'Question' is not one of question, answer, source, context"),
        ("t.csv", "question,answer,notes\na,b,c\n", "its column 'notes' is not one of"),
        ("t.csv", "question\na\n", "it has no column 'answer'"),
        ("t.csv", "", "it has no column 'question'"),
        ("t.csv", "question,answer,answer\n", "two of its columns have the same name"),
        ("t.csv", 'question,answer\n"a,b\n', "is not CSV"),
        ("t.csv", "question,answer\n,b\n", "no question in it that can be kept: line 2: it has no question"),
        ("t.csv", b"\x81\xfe", "it is not UTF-8"),
        ("t.json", gzip.compress(b"{}")[:-6], "it is cut short or not gzip"),
        ("t.json", "{", "it is not JSON"),
        ("t.txt", "hello", "its name ends neither in .json nor in .csv"),
        ("folder/corpus.jsonl", "", "it has no file whose name begins with topics"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence_with_a_way_out(tmp_path, name, content, why):
    path = written(tmp_path, name, content)
    with pytest.raises(NotImportable) as caught:
        import_set(path.parent if path.name == "corpus.jsonl" else path, tmp_path / "out.jsonl")
    assert why in str(caught.value)
    assert "; give a SQuAD .json, a .csv with the columns question, answer, source and context" in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("topics", "qrels", "why"),
    [
        ("a question alone\n", "", "line 1 of the topics is no id, tab and question"),
        ("<top><title>x</top>", "", "a topic has no <num>"),
        ("1\tq\n", "1 0 d1\n", "line 1 of the qrels is not question, iteration, document, relevance"),
    ],
)
def test_bad_topics_and_qrels_are_told_so_too(tmp_path, topics, qrels, why):
    for name, content in (("corpus.jsonl", "{}"), ("topics", topics), ("qrels", qrels)):
        written(tmp_path / "trec", name, content)
    with pytest.raises(NotImportable, match=why):
        import_set(tmp_path / "trec", tmp_path / "out")


def test_nothing_is_written_over_and_questions_go_to_a_jsonl(tmp_path):
    source = written(tmp_path, "tiny.json", SQUAD)
    mine = written(tmp_path, "out-articles.jsonl", "mine")
    with pytest.raises(AlreadyThere, match=r"out-articles\.jsonl is there already; name another file"):
        import_set(source, tmp_path / "out.jsonl")
    with pytest.raises(BadTarget, match=r"not in out\.json; name a file that ends so"):
        import_set(source, tmp_path / "out.json")
    assert mine.read_text() == "mine"
    assert not (tmp_path / "out.jsonl").exists()


def test_the_format_can_be_named_where_the_name_does_not_tell(tmp_path):
    path = written(tmp_path, "download", SQUAD)
    assert import_set(path, tmp_path / "out.jsonl", "squad").questions == 4


HUB = [
    {"id": "1", "title": "Cow_Ledge", "context": "A reef 🐮 lies here.", "question": "What lies here?", "answers": {"text": ["A reef 🐮", "A reef 🐮"], "answer_start": [0, 0]}},
    {"id": "2", "title": "Gull", "context": "Gulls 🐦 come.", "question": "Who comes?", "answers": {"text": ["Gulls"], "answer_start": [0]}},
    {"id": "3", "title": "Cow_Ledge", "context": "It is dry.", "question": "How is it?", "answers": {"text": ["dry"], "answer_start": [6]}},
    {"id": "4", "title": "Cow_Ledge", "context": "It is dry.", "question": "Who owns it?", "answers": {"text": [], "answer_start": []}},
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [
    ("hub.json", json.dumps(HUB)), ("hub.json", json.dumps({"data": HUB})), ("hub.jsonl", "".join(f"{json.dumps(row)}\n" for row in HUB)),
    ("hub.json", json.dumps({"rows": [{"row_idx": number, "row": row, "truncated_cells": []} for number, row in enumerate(HUB)]})),
    ("hub.json", json.dumps([row | {"answers": [{"text": text, "answer_start": start} for text, start in zip(*row["answers"].values(), strict=True)]} for row in HUB])),
    ("hub.jsonl", "\ufeff\n" + "\r\n".join(json.dumps(row, ensure_ascii=False) for row in HUB)),
])  # fmt: skip
def test_rows_of_the_hub_are_a_squad_set(tmp_path, name, data):
    (tmp_path / name).write_text(data, encoding="utf-8", newline="")
    found = import_set(tmp_path / name, tmp_path / "mine.jsonl")
    assert (found.format, found.questions, found.articles, found.left_out) == ("squad", 4, 2, ())
    assert [(row["id"], [answer["text"] for answer in row["answers"]]) for row in rows(found.written[0])] == [
        ("1", ["A reef 🐮"]), ("3", ["dry"]), ("4", []), ("2", ["Gulls"]),
    ]  # fmt: skip
    assert rows(found.written[1]) == [
        {"_id": "Cow_Ledge", "title": "Cow Ledge", "text": "A reef 🐮 lies here.\n\nIt is dry."},
        {"_id": "Gull", "title": "Gull", "text": "Gulls 🐦 come."},
    ]


def test_one_row_is_a_set_and_rows_without_a_title_are_articles_each(tmp_path):
    (tmp_path / "one.jsonl").write_text(json.dumps(HUB[0]))
    assert import_set(tmp_path / "one.jsonl", tmp_path / "a.jsonl").questions == 1
    untitled = [{name: row[name] for name in row if name != "title"} for row in HUB]
    assert import_set(written(tmp_path, "none.json", untitled), tmp_path / "b.jsonl").articles == 3


def test_what_is_wrong_in_a_row_is_left_out_and_told(tmp_path):
    bad = [
        HUB[0], HUB[1] | {"answers": {"text": ["Gulls"], "answer_start": []}}, HUB[2] | {"answers": {"text": ["dry"], "answer_start": [5]}},
        HUB[3] | {"answers": None},
    ]  # fmt: skip
    found = import_set(written(tmp_path, "bad.json", bad), tmp_path / "a.jsonl")
    assert found.questions == 1
    assert [sentence.partition(":")[0] for sentence in found.left_out] == [
        "the question 3",
        "the question 4",
        "the question 2",
    ]
    for data in ([1], [{"context": "A text."}, {"context": 5}], {"rows": 5}, [], {"data": [{"context": 5}]}):
        with pytest.raises(NotImportable):
            import_set(written(tmp_path, "no.json", data), tmp_path / "b.jsonl")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(NotImportable, match="Parquet is not read; save its rows as JSON Lines"):
        import_set(tmp_path / "x.parquet", tmp_path / "b.jsonl")


_TABLE = 'question;answer;source\r\n"Who is mayor; and since when?";Ingrid Sørbø – «2019»;a.md\r\n'


@pytest.mark.parametrize("data", [
    _TABLE.encode(), b"\xef\xbb\xbf" + _TABLE.encode(), _TABLE.encode("cp1252"), ("sep=;\r\n" + _TABLE).encode(), ("sep=|\n" + _TABLE.replace(";", "|").replace("mayor|", "mayor;")).encode(),
    _TABLE.replace(";", "\t").replace("mayor\t", "mayor;").encode("utf-16"), _TABLE.replace(";", ",").replace("mayor,", "mayor;").encode(),
])  # fmt: skip
@pytest.mark.parametrize("name", ["mine.csv", "mine.tsv"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = import_set(tmp_path / name, tmp_path / "out.jsonl")
    assert [(row["question"], row["answers"]) for row in rows(found.written[0])] == [
        ("Who is mayor; and since when?", [{"text": "Ingrid Sørbø – «2019»", "source": "a.md"}])
    ]


@pytest.mark.parametrize(("data", "why"), [
    (b"question;answer;place\nA?;b;c\n", "its column 'place' is not one of"), (b"question,answer\n\x81\x8d?,x\n", "it is not UTF-8, nor Windows-1252"),
])  # fmt: skip
def test_a_table_that_is_none_is_told_of(tmp_path, data, why):
    (tmp_path / "no.csv").write_bytes(data)
    with pytest.raises(NotImportable, match=why):
        import_set(tmp_path / "no.csv", tmp_path / "out.jsonl")


@pytest.mark.parametrize("qrels", ["query-id\tcorpus-id\tscore\nq\td\t1.0\nq\te\t0.0\n", "q\td\t1\nq\te\t0\n", "q\td\t1.0\r\nq\te\t0.00\r\n", "q\td\t+1\nq\te\t-0\n"])  # fmt: skip
def test_scores_are_whole_numbers_however_they_are_saved(tmp_path, qrels):
    folder = tmp_path / "set"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d", "text": "A reef."}\n{"_id": "e", "text": "A gull."}\n')
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "What reef?"}\n')
    (folder / "qrels" / "test.tsv").write_text(qrels, newline="")
    found = import_set(folder, tmp_path / "out")
    assert (found.questions, found.articles) == (1, 2)
    assert (tmp_path / "out/qrels/test.tsv").read_text() == "query-id\tcorpus-id\tscore\nq\td\t1\nq\te\t0\n"
    (folder / "qrels" / "test.tsv").write_text("q\td\t0.5\n")
    with pytest.raises(NotImportable, match=r"line 1 of qrels/test.tsv is not query-id, corpus-id, score \(a whole"):
        import_set(folder, tmp_path / "again")
