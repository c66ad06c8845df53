"""The results as Markdown: what each system came to, the bars, and how it was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import Bar, Figures

NAMES = {
    "pullquote": "Pullquote",
    "haystack": "Haystack",
    "txtai": "txtai",
    "llama_index": "LlamaIndex",
    "langchain": "LangChain",
}
CUTTING = {
    "pullquote": "sentences, up to 160 tokens (default)",
    "haystack": "200 words (default)",
    "txtai": "paragraphs",
    "llama_index": "1,024 tokens (default)",
    "langchain": "1,000 characters, 200 shared (tutorial)",
}
FINDING = {
    "pullquote": "meaning and words",
    "haystack": "meaning",
    "txtai": "meaning and words (hybrid)",
    "llama_index": "meaning",
    "langchain": "meaning",
}
_MET = {True: "yes", False: "**no**", None: "not measured"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what it is called, and what it says of a system."""

    name: str
    said: Callable[[Figures], str]


def _count(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


def _ms(middle: float | None, high: float | None) -> str:
    return "–" if middle is None or high is None else f"{1000 * middle:,.0f} / {1000 * high:,.0f}"


def _mb(value: float | None) -> str:
    return "–" if value is None else f"{value / 1e6:,.1f}" if value < 1e7 else f"{value / 1e6:,.0f}"


LINES = (
    Line("cut into", lambda one: CUTTING.get(one.system, "–")),
    Line("found by", lambda one: FINDING.get(one.system, "–")),
    Line("passages", lambda one: _count(one.passages)),
    Line("words of a passage", lambda one: _count(one.passage_words)),
    Line("indexing the same passages: passages/s", lambda one: _count(one.equal_rate, 1)),
    Line("indexing, each cut its own way: words/s", lambda one: _count(one.words_rate)),
    Line("the same: passages/s", lambda one: _count(one.rate, 1)),
    Line("the same, as a process from start to end: s", lambda one: _count(one.adding, 1)),
    Line("cold start to the first answer: s", lambda one: _count(one.cold, 2)),
    Line("warm, retrieve: median / p95, ms", lambda one: _ms(one.retrieve, one.retrieve_p95)),
    Line("warm, retrieve and read: median / p95, ms", lambda one: _ms(one.answer, one.answer_p95)),
    Line("the same, every passage read: median / p95, ms", lambda one: _ms(one.whole, one.whole_p95)),
    Line("peak memory while indexing: MB", lambda one: _mb(one.peak_indexing)),
    Line("peak memory while asking: MB", lambda one: _mb(one.peak_asking)),
    Line("index on disk: MB", lambda one: _mb(one.size)),
    Line("answer in the first passage", lambda one: _share(one.first)),
    Line("answer in the first five", lambda one: _share(one.first_five)),
    Line("words of these five", lambda one: _count(one.words_read)),
    Line("EM / F1 of the best answer", lambda one: "–" if one.em is None else f"{_share(one.em)} / {_share(one.f1)}"),
)


def table(found: Sequence[Figures]) -> str:
    """A column for each system, a line for each figure."""
    head = ["", *(NAMES.get(one.system, one.system) for one in found)]
    rows = [[line.name, *(line.said(one) for one in found)] for line in LINES]
    return "\n".join([_row(head), _row(["---"] * len(head)), *map(_row, rows)])


def bar_table(held: Iterable[Bar]) -> str:
    """A line for each bar."""
    rows = [[bar.name, bar.wanted, bar.reached, _MET[bar.is_met]] for bar in held]
    return "\n".join(map(_row, [["bar", "wanted", "reached", "met"], ["---"] * 4, *rows]))


def page(found: Sequence[Figures], held: Iterable[Bar], facts: Mapping[str, str], faults: Sequence[str]) -> str:
    """The results as a page of Markdown."""
    parts = ["# Pullquote and its neighbours", "\n".join(f"- {name}: {said}" for name, said in facts.items())]
    parts += [table(found), bar_table(held)]
    if faults:
        lines = [f"    {line}" for fault in faults for line in fault.split("\n")]
        parts.append("\n".join(["What failed:", "", *lines]))
    return "\n\n".join(parts) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
