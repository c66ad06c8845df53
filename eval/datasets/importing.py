"""Other people's sets in the layouts that `pullquote eval run` reads.

Sets that know the words of an answer become a .jsonl. Sets that only know which article is relevant (BEIR, TREC) become
a BEIR folder: a .jsonl cannot say so, for there a question without an answer is one that nothing answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from corpus.article import Article
from corpus.formats.clean import tidy
from corpus.load import Refusal, load
from corpus.sentences import sentences_around
from eval.datasets.beir import (
    Qrels,
    corpus_line,
    judged_queries,
    query_line,
    read_beir_qrels,
    read_corpus,
    read_queries,
)
from eval.datasets.example import Example, Gold, has_place
from eval.datasets.files import decoded, decoded_as_spreadsheet, fault, plain_name, write_new
from eval.datasets.jsonl import as_lines, check_target, json_lines
from eval.datasets.place import placed
from eval.datasets.read_set import BadSet, beir_files
from eval.datasets.record import lines
from eval.datasets.squad import read_squad
from eval.datasets.table import read_table
from eval.datasets.trec import read_topics, read_trec_qrels, trec_files
from eval.temporary_library import articles_only

Format = Literal["squad", "csv", "beir", "trec"]
Files = dict[Path, str]
_NAMED = 5  # ids that a sentence about many gives


@dataclass(frozen=True, slots=True)
class Imported:
    """How many questions and articles went to which files, and a sentence for each thing that was left out."""

    format: Format
    questions: int
    articles: int
    written: tuple[Path, ...]
    left_out: tuple[str, ...]


class NotImportable(BadSet):
    """No set can be imported from here; give a SQuAD JSON file, a CSV file, a BEIR folder or a TREC folder."""

    wanted = (
        "a SQuAD .json, a .csv with the columns question, answer, source and context, a BEIR folder, or a folder with "
        "a corpus.jsonl and TREC topics and qrels"
    )


def import_set(path: Path, out: Path, form: Format | None = None) -> Imported:
    """What was written of the set at `path` to `out`: a .jsonl, or for BEIR and TREC the folder to make.

    NotImportable, BadTarget or AlreadyThere, and nothing written, where that cannot be.
    """
    try:
        imported, files = _imported(path, out, form or _format(path))
    except BadSet as error:
        raise NotImportable(path, error.why) from error
    except ValueError as error:
        raise NotImportable(path, fault(error)) from error
    write_new(files)
    return imported


def _imported(path: Path, out: Path, form: Format) -> tuple[Imported, Files]:
    if form in ("beir", "trec"):
        return _from_qrels(path, out, form)
    check_target(out)
    if form == "squad":
        return _from_squad(path, out)
    left_out: list[str] = []
    examples = read_table(decoded_as_spreadsheet(path), left_out)
    return _report("csv", examples, 0, {out: as_lines(examples)}, left_out)


def _format(path: Path) -> Format:
    name = plain_name(path)
    if path.is_dir():
        return "beir" if any(path.glob("queries.jsonl*")) else "trec"
    if name.endswith((".json", ".jsonl", ".csv", ".tsv")):
        return "squad" if name.endswith((".json", ".jsonl")) else "csv"
    if name.endswith(".parquet"):
        raise ValueError("Parquet is not read; save its rows as JSON Lines")
    raise ValueError("it is no folder, and its name ends neither in .json nor in .csv (nor .jsonl or .tsv)")


def _from_squad(path: Path, out: Path) -> tuple[Imported, Files]:
    """The questions to `out`, the articles beside them, for `pullquote add`."""
    left_out: list[str] = []
    examples, articles = read_squad(
        plain_name(path).removesuffix(".jsonl").removesuffix(".json"), decoded(path), left_out
    )
    beside = out.with_name(f"{out.stem}-articles.jsonl")
    article_lines = json_lines({"_id": one.id, "title": one.title, "text": one.text} for one in articles)
    named = list(_distinct(_with_sources(examples, articles, beside.name), left_out))
    findable = list(_findable(named, article_lines, beside.name, left_out))
    files = {out: as_lines(findable), beside: article_lines}
    return _report("squad", findable, len(articles), files, left_out)


def _with_sources(examples: Iterable[Example], articles: Sequence[Article], file: str) -> Iterator[Example]:
    """The examples with golds that name a line of the file and give the sentence around instead of offsets.

    Both are written as a library keeps text, composed and without invisible characters.
    """
    texts = {article.id: article.text for article in articles}

    def named(gold: Gold) -> Gold:
        article, span = gold.article or "", gold.span
        around = sentences_around(texts[article], span).cut(texts[article]) if span else ""
        return Gold(tidy(gold.text), f"{file}#{article}", context=tidy(around))

    for example in examples:
        yield replace(example, golds=tuple(dict.fromkeys(map(named, example.golds))))


def _distinct(examples: Iterable[Example], left_out: list[str]) -> Iterator[Example]:
    """The examples, those left out that have the id of one before."""
    taken: set[str] = set()
    for example in examples:
        if example.id and example.id in taken:
            left_out.append(f"the question {example.id}: an earlier one has the same id")
        else:
            taken.add(example.id)
            yield example


def _findable(examples: Sequence[Example], articles: str, name: str, left_out: list[str]) -> Iterator[Example]:
    """The examples whose answers stand in the articles as a library keeps them; the others go to `left_out`."""
    with TemporaryDirectory(prefix="pullquote-import-") as folder:
        file = Path(folder) / name
        file.write_text(articles, encoding="utf-8", newline="\n")
        loaded = list(load(file))
    left_out.extend(one.reason for one in loaded if isinstance(one, Refusal))
    with articles_only(one for one in loaded if isinstance(one, Article)) as library:
        for example, found in zip(examples, placed(examples, library), strict=True):
            if example.golds and not has_place(found):
                left_out.append(f"the question {example.id}: no answer of it stands in the article as it is kept")
            else:
                yield example


def _from_qrels(path: Path, out: Path, form: Format) -> tuple[Imported, Files]:
    """A BEIR folder of the judged questions and of the articles that have words."""
    questions, qrels, corpus = _read_beir(path) if form == "beir" else _read_trec(path)
    examples, articles = judged_queries(questions.values(), qrels), read_corpus(path.name, corpus)
    known, asked = {article.id for article in articles}, {example.id for example in examples}
    absent = {article for example in examples for article in example.relevant} - known
    lost = sum(1 for _ in lines(corpus)) - len(articles)
    left_out = (
        _sentence([one for one in questions if one not in asked], "queries without a relevant article"),
        _sentence(sorted(qrels.keys() - questions.keys()), "judged queries that are nowhere asked"),
        f"lines of the corpus without words, or with the id of a later line: {lost}" if lost else "",
        _sentence(sorted(absent), "articles judged but not in the corpus, the judgements kept as missed"),
    )
    rows = [(one.id, article, grade) for one in examples for article, grade in one.relevant.items()]
    files = {
        out / "corpus.jsonl": json_lines(map(corpus_line, articles)),
        out / "queries.jsonl": json_lines(map(query_line, examples)),
        out / "qrels" / "test.tsv": "".join(
            "\t".join(map(str, row)) + "\n" for row in [("query-id", "corpus-id", "score"), *rows]
        ),
    }
    return _report(form, examples, len(articles), files, [sentence for sentence in left_out if sentence])


def _read_beir(path: Path) -> tuple[dict[str, Example], Qrels, str]:
    corpus, queries, *splits = beir_files(path)
    qrels: Qrels = {}
    for split in splits:
        read_beir_qrels(plain_name(split), decoded(split), qrels)
    return read_queries(decoded(queries)), qrels, decoded(corpus)


def _read_trec(path: Path) -> tuple[dict[str, Example], Qrels, str]:
    corpus, topics, qrels = trec_files(path)
    judgements = read_trec_qrels(decoded(qrels))
    asked = read_topics(decoded(topics)).items()  # topics may write 051 where the qrels have 51
    questions = {name if name in judgements else name.lstrip("0"): question for name, question in asked}
    examples = {name: Example(name, question) for name, question in questions.items()}
    return examples, judgements, decoded(corpus)


def _sentence(ids: Sequence[str], what: str) -> str:
    """A sentence about so many, the first of them named; empty where there is none."""
    named = ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")
    return f"{what}: {len(ids)} ({named})" if ids else ""


def _report(
    form: Format, examples: Sequence[Example], articles: int, files: Files, left_out: list[str]
) -> tuple[Imported, Files]:
    if not examples:
        why = f": {left_out[0]}" if left_out else ""
        raise ValueError(f"there is no question in it that can be kept{why}")
    return Imported(form, len(examples), articles, tuple(files), tuple(left_out)), files
