"""Commands that exchange sets and runs with other tools: eval import, eval export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from eval.datasets.importing import Format, import_set
from eval.export import export_squad, export_trec
from eval.run import Run
from ui.commands.library import AsJson
from ui.console import out, print_json, print_left_out
from ui.report.words import counted


def import_from(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A SQuAD .json or .jsonl, a .csv, a BEIR or a TREC folder.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The .jsonl to write; for BEIR and TREC a folder.")],
    form: Annotated[Format | None, typer.Option("--format", help="What PATH is, where its name does not tell.")] = None,
    as_json: AsJson = False,
) -> None:
    """Turn a set of another format into one that `pullquote eval run` reads.

    Says what was left out and why.

    SQuAD 1.1 and 2.0 become NAME.jsonl and, beside it, NAME-articles.jsonl
    for `pullquote add`; ask them with `--library`. The sentence around an
    answer stands for its offset: where the words stand twice in it, both
    places count. What SQuAD 2.0 calls impossible is so in its paragraph;
    other articles may yet answer it.

    SQuAD may come in rows, as the Hugging Face hub gives it: a JSON list,
    or a row on each line.

    CSV needs the columns question and answer, and, where places are to be
    judged, source (the name of the article's file) and context (the words
    around the answer), parted by commas, semicolons or tabs. An empty answer says that nothing answers.

    BEIR and TREC say which article is relevant, not which words answer. A
    .jsonl cannot hold that, so OUT is a BEIR folder with the judged queries.
    A TREC folder holds topics*, qrels* and the documents as corpus.jsonl; a
    topic is asked by its title, or by its description where it has none.
    """
    found = import_set(path, target, form)
    if as_json:
        print_json(found)
        return
    print_left_out(found.left_out)
    articles = f" and {counted(found.articles, 'article')}" if found.articles else ""
    out().print(f"{counted(found.questions, 'question')}{articles} in {_listed(found.written)}")


def export_run(
    path: Annotated[Path, typer.Argument(metavar="RUN", help="A run that `pullquote eval run` kept.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    form: Annotated[Literal["trec", "squad"], typer.Option("--format", help="Which form OUT has.")],
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="SQuAD: the confidence an answer needs (the run's own).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a stored run for other scorers.

    trec: a run file of what was retrieved, for trec_eval -c: the articles
    of a BEIR set, the passages of any other.

    squad: predictions {id: words} for the official scripts, empty where
    nothing is said, and NAME-na_prob.json with {id: 1 - confidence}. With
    --threshold 0 nothing is withheld, as --na-prob-thresh and SQuAD 1.1
    want it.
    """
    run = Run.load(path)
    if form == "trec":
        written = export_trec(run, target)
    else:
        written = export_squad(run, target, run.header.threshold if threshold is None else threshold)
    if as_json:
        print_json({"format": form, "questions": len(run.records), "written": written})
    else:
        out().print(f"{counted(len(run.records), 'question')} in {_listed(written)}")


def _listed(files: Sequence[Path]) -> str:
    return " and ".join(map(str, files)) if len(files) < 3 else str(files[0].parent)
