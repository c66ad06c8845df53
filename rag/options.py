"""How a question is asked, in one place for the command line, HTTP, MCP, the client, the page and the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from index.filters import Filter
from index.search import Mode
from rag.citation.formats import Format
from rag.conversation.earlier import Earlier

Ranking = Literal[Mode, "reranked"]


@dataclass(frozen=True, slots=True)
class AskOptions:
    """The `passages` best passages are read, and an answer needs a confidence of `threshold` (None: the reader's own).

    Only articles that pass the filter are searched. With `newest_first`, passages and answers that are about equally
    good come newest first. Each quote comes with `citations` in these formats. `earlier` holds the turns that the
    question follows, the latest last.
    """

    passages: int
    threshold: float | None = None
    filter: Filter | None = None
    newest_first: bool = False
    citations: tuple[Format, ...] = ()
    earlier: tuple[Earlier, ...] = ()


class AskKeywords(TypedDict, total=False):
    """The options as keywords of `rag.client.Pullquote`; what is left out is as the service's settings say.

    `passages` is 1 to 100, `threshold` 0 to 1; `only` is the filter that articles pass.
    """

    passages: int | None
    threshold: float | None
    only: Filter | None
    newest_first: bool
    citations: Sequence[Format]
