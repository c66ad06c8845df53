"""A question with what is known to answer it: Gold, Example, EvalSet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.article import Article, Span
from index.filters import Filter
from rag.conversation.query_rewriting import Earlier

Kind = Literal["squad", "jsonl", "beir"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A right answer, and the place where it stands as far as the set tells.

    `span` and `within` (the paragraph or sentence around) count from the start of the article's text. A .jsonl set
    names the article by file and gives the words around the answer (`context`); `eval.datasets.place` finds them.
    """

    text: str
    article: str | None = None
    span: Span | None = None
    within: Span | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One question; no golds means that nothing answers it (in a BEIR set, that only relevance is known).

    `article` and `paragraph` are what the question was asked about; `relevant` maps article ids to their judged
    relevance; `filter` is what it is asked with. `wrong` were judged not to answer; where that is all that is
    known, the question is not settled. It follows `earlier` turns of a conversation, if any, the latest last.
    """

    id: str
    question: str
    golds: tuple[Gold, ...] = ()
    article: str | None = None
    paragraph: Span | None = None
    relevant: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[Gold, ...] = ()
    is_settled: bool = True
    filter: Filter | None = None
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class EvalSet:
    """A named set; `digest` is the SHA-256 of its (decompressed) bytes, `articles` are those it brings along."""

    name: str
    kind: Kind
    digest: str
    examples: tuple[Example, ...]
    articles: tuple[Article, ...] = ()


def has_place(example: Example) -> bool:
    """Whether any of the example's golds has a place in what was asked."""
    return any(gold.span for gold in example.golds)
