"""A set built from the feedback in a library: each judged question with its gold and wrong answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.article import Span
from corpus.errors import PullquoteError
from corpus.library.feedback import CurrentJudgement, Judgement, feedback
from corpus.library.store import Library
from corpus.sentences import sentences_around
from eval.datasets.example import Example, Gold
from eval.datasets.files import write_new
from eval.datasets.jsonl import as_lines, check_target
from eval.datasets.place import source_names
from index.filters import Filter

_LONGEST_NAMED = 60  # characters of what others wrote that a sentence gives
_ANSWERS = ("right", "better")


@dataclass(frozen=True, slots=True)
class Built:
    """The questions that went to the file `written`, and a sentence for each judgement that was left out.

    Of `unsettled` questions only wrong answers are known.
    """

    answerable: int
    unanswerable: int
    unsettled: int
    written: Path
    left_out: tuple[str, ...]


class NoFeedback(PullquoteError):
    """There is no feedback to make a set of; judge answers with `pullquote feedback` or POST /v1/feedback."""

    status = 409


def build_set(library: Library, out: Path, since: str | None = None) -> Built:
    """What was written to `out` of the feedback since a day, a month or a year (UTC; all, if None).

    NoFeedback, BadFilter, BadTarget or AlreadyThere, and nothing written, where that cannot be.
    """
    check_target(out)
    since = Filter(since=since).since or ""
    left_out: list[str] = []
    with library.reading():
        examples = list(_examples(feedback(library, since), library, left_out))
    if not examples:
        why = f"; of what there is, all had to be left out: {left_out[0]}" if left_out else ""
        raise NoFeedback(
            f"The library holds no feedback{f' since {since}' if since else ''} to make a set of{why}; judge answers "
            "with `pullquote feedback` or POST /v1/feedback."
        )
    write_new({out: as_lines(examples)})
    settled = [example for example in examples if example.is_settled]
    answerable = sum(bool(example.golds) for example in settled)
    return Built(answerable, len(settled) - answerable, len(examples) - len(settled), out, tuple(left_out))


def _examples(judged: Sequence[CurrentJudgement], library: Library, left_out: list[str]) -> Iterator[Example]:
    """A question for each that was judged, in the order in which they first were."""
    gold = _gold_maker(library)
    by_question: dict[str, list[CurrentJudgement]] = {}
    for one in judged:
        by_question.setdefault(one.judgement.question, []).append(one)
    for question, judgements in by_question.items():
        agreed = _agreeing(judgements, left_out)
        placed = list(_placed(agreed, left_out))
        golds = tuple(gold(one, span) for one, span in placed if one.verdict in _ANSWERS)
        wrong = tuple(gold(one, span) for one, span in placed if one.verdict == "wrong")
        is_settled = bool(golds) or any(one.judgement.verdict == "nothing" for one in agreed)
        if is_settled or wrong:
            yield Example("", question, golds, wrong=wrong, is_settled=is_settled)


def _agreeing(judgements: list[CurrentJudgement], left_out: list[str]) -> list[CurrentJudgement]:
    """The judgements of one question, without those that the latest one of whether anything answers contradicts."""
    last = next((one.judgement.verdict for one in reversed(judgements) if one.judgement.verdict != "wrong"), "wrong")
    contradicted = _ANSWERS if last == "nothing" else ("nothing",)
    agreeing = [one for one in judgements if one.judgement.verdict not in contradicted]
    for one in judgements:
        if one not in agreeing:
            later = "that nothing answers" if last == "nothing" else "that something answers"
            left_out.append(f"{_named(one.judgement)}: it was judged later {later}, and the latest judgement counts")
    return agreeing


def _placed(judgements: list[CurrentJudgement], left_out: list[str]) -> Iterator[tuple[Judgement, Span]]:
    """The latest judgement of each place that is in the library, with that place."""
    latest = {(one.judgement.article_id, one.span): one.judgement for one in judgements}
    for one in judgements:
        if one.why:
            left_out.append(f"{_named(one.judgement)}: {one.why}")
        elif one.span and latest[one.judgement.article_id, one.span] != one.judgement:
            left_out.append(f"{_named(one.judgement)}: its article has changed, and the words were judged again there")
        elif one.span:
            yield one.judgement, one.span


def _named(judgement: Judgement) -> str:
    """A judgement as a sentence names it: `'Who?', right: 'nine'`, what is long cut short."""
    words = f": {judgement.text[:_LONGEST_NAMED]!r}" if judgement.text else ""
    return f"{judgement.question[:_LONGEST_NAMED]!r}, {judgement.verdict}{words}"


def _gold_maker(library: Library) -> Callable[[Judgement, Span], Gold]:
    """Names the words at a place as a set does, by file and sentence; each article is read once."""
    names = source_names(library)
    text_of = cache(lambda identity: library.article(identity).text)

    def gold(judgement: Judgement, span: Span) -> Gold:
        text = text_of(judgement.article_id)
        return Gold(span.cut(text), names[judgement.article_id], span, context=sentences_around(text, span).cut(text))

    return gold
