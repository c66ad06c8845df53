"""Commands about what people judge of answers: feedback, and eval build, which makes a set of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.library.feedback import Judgement, Verdict, keep, words_at
from corpus.library.judged_answers import JudgedAnswer
from eval.datasets.build import build_set
from rag.assemble import model_names, open_library
from rag.question import checked_to_judge
from rag.settings import Settings
from ui.commands.library import AsJson
from ui.console import out, print_json, print_left_out
from ui.report.words import counted


def feedback(  # noqa: PLR0913, PLR0917 - the fields of a quote's place
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question as it was asked.")],
    verdict: Annotated[Verdict, typer.Argument(metavar="VERDICT", help="right, wrong, better or nothing.")],
    article: Annotated[str, typer.Option(metavar="ID", help="The article that is quoted.")] = "",
    start: Annotated[int, typer.Option(help="Where the words begin in its text.")] = 0,
    end: Annotated[int, typer.Option(help="Where they end.")] = 0,
    confidence: Annotated[float | None, typer.Option(min=0, max=1, help="The confidence it was given with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Judge an answer; the judgement is kept in the library and sent nowhere.

    right: the words at this place answer the question. wrong: they do not.
    better: they answer it better than what was quoted. nothing: the library
    does not say; leave out the place. `pullquote ask` prints the place of
    each quote. Of the same question and place the last judgement counts.
    --confidence is kept, so that `pullquote eval calibrate` can use it.
    """
    settings = Settings()
    library = open_library(settings)
    text = words_at(library.article(article), start, end) if article and verdict != "nothing" else ""
    answer = None if confidence is None else JudgedAnswer(confidence, *model_names(settings))
    kept = keep(library, Judgement(checked_to_judge(question, verdict), verdict, article, start, end, text), answer)
    if as_json:
        print_json(kept)
    else:
        out().print(f"Kept as {kept.verdict}: {kept.text or 'the library does not say'}")


def build(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The .jsonl to write.")],
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Judged on this day, month or year (UTC), or later.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a set of the feedback in the library, for `pullquote eval run OUT --library`.

    Says what was left out and why. Words judged right or better answer their
    question, at their place. Nothing answers a question that was judged so;
    where it was judged both ways, the latest judgement counts. Words judged
    wrong must not be given again; where nothing else is known of a question,
    that alone is scored.
    """
    built = build_set(open_library(Settings()), target, since)
    if as_json:
        print_json(built)
        return
    print_left_out(built.left_out)
    questions = built.answerable + built.unanswerable + built.unsettled
    out().print(
        f"{counted(questions, 'question')} in {built.written}: {built.answerable:,} with an answer, "
        f"{built.unanswerable:,} that nothing answers, {built.unsettled:,} of which only wrong answers are known"
    )
