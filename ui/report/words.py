"""A report in plain words: numbers as a person reads them, what was asked of what, why something is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from eval.metrics.measures import Measure
from eval.metrics.report import Report, Tally
from eval.metrics.worst import Kind, Worst
from eval.run import Mode, RunHeader

_ASKED: Mapping[Mode, str] = {
    "given": "each question was put to its own paragraph",
    "open": "a library of the set’s own articles was asked",
    "without": "a library of the set’s own articles was asked, each time without the article that answers",
    "library": "the current library was asked",
}

WORST_TITLES: Mapping[Kind, str] = {
    "wrong": "Sure and wrong",
    "unanswerable": "Answered though unanswerable",
    "refused": "Refused though right",
}
_WORST: Mapping[Kind, tuple[str, str]] = {  # about the cases that are listed, and about none
    "wrong": (
        "{total} of {asked} were answered without a gold answer in the quote; the surest come first.",
        "None of {asked} was answered wrongly.",
    ),
    "unanswerable": (
        "{total} of {asked} were answered; the surest come first.",
        "None of {asked} was answered.",
    ),
    "refused": (
        "{total} of {asked} were refused though the best reading held a gold answer; the least sure come first.",
        "None of {asked} was refused with a right reading at hand.",
    ),
}


def percent(share: float, digits: int = 1) -> str:
    """`73.1 %`, with a space that does not break."""
    return f"{100 * share:.{digits}f}\N{NARROW NO-BREAK SPACE}%"


def figure(measure: Measure, value: float) -> str:
    """A metric's value: shares as a percentage, what is no share as a number."""
    return percent(value) if measure.is_share else f"{value:.3f}"


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    unit, size = ("s", 1.0) if seconds >= 1 else ("ms", 1000.0)
    return f"{seconds * size:.3g}\N{NARROW NO-BREAK SPACE}{unit}" if seconds else "0"


def counted(n: int, one: str, more: str = "") -> str:
    """`1 question`, `2,917 questions`."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def when(started: str) -> str:
    """`21 November 2026, 14:17 UTC`; what is no date as it stands."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return started
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def headline(shown: Report) -> str:
    """What came of the run, in one line."""
    tally = shown.tally
    if not tally.asked:
        return "No question was asked"
    if shown.header.kind == "beir":
        first = shown.figures.get("success@1")
        if first is None:
            return f"{counted(tally.asked, 'question')} asked, none with a relevant article"
        return f"{round(first.value * first.n):,} of {counted(first.n, 'question')} find a relevant article first"
    said = f"{tally.answered:,} of {counted(tally.asked, 'question')} answered"
    if not tally.answered:
        return f"None of {counted(tally.asked, 'question')} answered"
    if not tally.answerable:
        return f"{said}, though nothing answers {'it' if tally.asked == 1 else 'them'}"
    return f"{said}, {tally.right:,} of them rightly"


def standfirst(shown: Report) -> str:
    """Two or three sentences on what was measured, and what the words of the page mean."""
    header, tally = shown.header, shown.tally
    first = f"Set {header.set}, {when(header.started)}: {_ASKED.get(header.mode, header.mode)}."
    if header.kind == "beir":
        return f"{first} Only the search was measured; people judged which articles are relevant."
    return f"{first} {_threshold(header)} {_unanswerable(tally)}".strip()


def facts(header: RunHeader, asked: int) -> list[tuple[str, str]]:
    """What the run was made of, as terms and descriptions."""
    sample = f" of {header.questions:,}, a seeded sample" if asked < header.questions else ""
    versions = ", ".join(f"{package} {version}" for package, version in header.versions.items())
    return [
        ("Set", f"{header.set} ({header.kind}), digest {header.digest[:12]}"),
        ("Mode", f"{header.mode}: {_ASKED.get(header.mode, 'a mode of its own')}"),
        ("Questions", f"{asked:,}{sample}"),
        ("Passages a question", f"{header.depth:,}"),
        ("Asked", f"{when(header.started)}, in {duration(header.seconds)}"),
        ("Encoder", header.encoder),
        ("Reader", header.reader.name),
        ("Threshold", f"{header.threshold:.4f}"),
        ("Versions", versions or "not recorded"),
    ]


def about_success(shown: Report) -> str:
    """What the curves of success show, and what they do not."""
    is_judged = shown.header.kind == "beir"
    found = "a relevant article" if is_judged else "a passage that holds a gold answer"
    unit = "articles, each at the rank of its first passage" if is_judged else "passages"
    said = f"The share of {counted(shown.curves[0].shares[0].n, 'question')} with {found} among the first k {unit}."
    others = [curve.order for curve in shown.curves if curve.order != "fused"]
    if not others:
        return said
    named = " and ".join(others).capitalize()
    meeting = "." if is_judged else ", and at the last k all curves meet."
    return (
        f"{said} {named} re-rank the very passages that the fused search returned, by one score alone: they do not "
        f"show what a search by that score would have found{meeting}"
    )


def about_reliability(shown: Report) -> str:
    """What the reliability diagram shows, with the calibration error."""
    error = shown.figures.get("ece")
    dots = (
        "Each dot is a tenth of the scale of confidence, its size the number of answers, its line the 95 % interval; "
        "the long upright line is the threshold."
    )
    if error is None:
        return f"{dots} No answer was given, so there is no calibration error to tell."
    return (
        f"{dots} The expected calibration error (ECE) of the {counted(error.n, 'answer')} given is {error.value:.3f} "
        f"({error.low:.3f} to {error.high:.3f})."
    )


def about_risk(shown: Report) -> str:
    """How to read the curve of risk, and what the threshold in force brings."""
    said = "The further left, the more is refused; where confidence sorts well, the curve stays low and rises late."
    threshold = f"{said} At the threshold of this run, {shown.header.threshold:.4f},"
    if shown.chosen is None:
        return f"{threshold} no question is answered."
    coverage, risk = percent(shown.chosen.coverage), percent(shown.chosen.risk)
    return f"{threshold} {coverage} of the questions are answered, and {risk} of these answers are wrong."


def about_worst(found: Worst) -> str:
    """How many questions of one kind went wrong, and of how many."""
    kind = "unanswerable question" if found.kind == "unanswerable" else "answerable question"
    if not found.asked:
        return f"There is no {kind} in this run."
    listed, none = _WORST[found.kind]
    count = (listed if found.total else none).format(total=f"{found.total:,}", asked=counted(found.asked, kind))
    return f"{count} {len(found.cases)} are shown." if found.total > len(found.cases) else count


def why_no_retrieval(shown: Report) -> str:
    """Why a run has no curve of success."""
    if not shown.tally.asked:
        return "No question was asked."
    if shown.header.mode == "given":
        return "The paragraph that answers was given, so there was nothing to find."
    if shown.header.mode == "without":
        return "The article that answers was left out each time, so there was nothing right to find."
    return "The set does not say where in this library its gold answers stand, so nobody can tell what was found."


def why_no_answers(shown: Report) -> str:
    """Why a run has nothing to say about answers."""
    if not shown.tally.asked:
        return "No question was asked."
    if shown.header.kind == "beir":
        return "Nothing was read: such a set knows relevant articles, but no answers."
    return "Nothing was read: no question has a reading that could be given."


def why_no_risk(shown: Report) -> str:
    """Why a run has no curve of risk."""
    if shown.risk and not shown.tally.answerable:
        return "Nothing answers any of the questions, so every answer is wrong, whatever the threshold."
    return why_no_answers(shown)


def _threshold(header: RunHeader) -> str:
    return (
        f"An answer is given from a confidence of {header.threshold:.2f} on, and is right if a gold answer stands in "
        "its words."
    )


def _unanswerable(tally: Tally) -> str:
    none = tally.asked - tally.answerable
    if not none:
        return ""
    return f"Nothing answers {none:,} of the questions; {tally.refused_rightly:,} of these were refused."
