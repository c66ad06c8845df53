"""What came of each step of each system in each round, and what each reply is worth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.material import Asked
from corpus.library.atomic_write import replacing

Step = Literal["prepare", "index", "equal", "cold", "ask"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds from the start of the process to its first reply and to its end, its peak in bytes, and its reply.

    `fault` says why there is none. The step `equal` indexes passages that all systems are given alike.
    """

    round: int
    system: str
    step: Step
    first: float = 0.0
    wall: float = 0.0
    peak: int = 0
    reply: dict[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def name(self) -> str:
        """How its file is called."""
        return f"{self.round}-{self.step}-{self.system}.json"

    def save(self, folder: Path) -> None:
        """Writes it as JSON, all of it or nothing."""
        with replacing(folder / self.name) as making:
            making.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Outcome | None:
        """The outcome in a file; None where there is none, or it failed."""
        if not path.is_file():
            return None
        outcome = cls(**json.loads(path.read_text(encoding="utf-8")))
        return None if outcome.fault else outcome


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: seconds to its passages and to its answer, the rank of the first passage that holds an answer.

    `whole` is the time with every passage read, where the system would stop earlier. `words` are those of the first
    five passages; no rank among these is 0, no reader no scores.
    """

    retrieve: float
    answer: float | None
    whole: float | None
    rank: int
    words: int
    em: float | None
    f1: float | None


def scored(reply: dict[str, Any], asked: Asked) -> Scored:
    """What a reply to a question is worth."""
    holds = [asked.is_found_in(one["article_id"], one["text"]) for one in reply["found"]]
    exact, shared = (None, None) if reply["said"] is None else asked.scores(reply["said"])
    return Scored(
        retrieve=reply["retrieve"],
        answer=reply["answer"],
        whole=reply["whole"],
        rank=holds.index(True) + 1 if any(holds) else 0,
        words=sum(len(one["text"].split()) for one in reply["found"]),
        em=exact,
        f1=shared,
    )
