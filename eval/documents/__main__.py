"""The command line: `python -m eval.documents FOLDER`.

Exit status 1 where a figure is worse than its floor, 2 where something cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.errors import PullquoteError
from eval.documents.floors import check, load_floors, pin, save_floors
from eval.documents.gold import FACTS
from eval.documents.measure import MEASURES, Share
from eval.documents.score import DocumentScore, by_format, score_folder, total
from eval.experiments.command import notice, table, write

SHIPPED = Path(__file__).parents[1] / "sets" / "documents"


def main(arguments: Sequence[str] | None = None) -> int:
    """Scores the folder that the command line names; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        floors = load_floors(options.folder)
        scores = list(score_folder(options.folder))
        failures = [] if options.pin or not floors else check(floors, scores)
        if options.pin:
            save_floors(options.folder, pin(floors, scores, options.allow_regression))
    except PullquoteError as error:
        notice(str(error))
        return 2
    write(
        [json.dumps(_as_json(scores, failures), ensure_ascii=False)] if options.json else _page(scores, options.faults)
    )
    for failure in failures:
        notice(failure)
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.documents", description="Scores what is read of documents.")
    parser.add_argument("folder", type=Path, nargs="?", default=SHIPPED, help="documents with gold files beside them")
    parser.add_argument("--faults", action="store_true", help="say what is wrong with each document")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--pin", action="store_true", help="make the figures measured now the floors")
    parser.add_argument("--allow-regression", action="store_true", help="pin figures that are worse")
    return parser


def _page(scores: Sequence[DocumentScore], with_faults: bool) -> Iterator[str]:
    """Tables of all documents and formats, and of their facts."""
    groups = {**by_format(scores), "all": scores}
    head = (*MEASURES, "facts", "invented")
    yield from table(("document", *head), ((score.name, *_cells(score.shares)) for score in scores))
    yield ""
    sums = ((name, len(several), *_cells(total(several))) for name, several in groups.items())
    yield from table(("format", "documents", *head), sums)
    yield ""
    everything = total(scores)
    yield from table(("fact", "right", "missing", "invented"), (_fact_row(name, everything) for name in FACTS))
    for score in scores if with_faults else ():
        if score.faults:
            yield f"\n{score.name}"
            yield from (f"  {fault}" for fault in score.faults)


def _cells(shares: Mapping[str, Share]) -> Iterator[str]:
    for name in MEASURES:
        share = shares.get(name)
        yield "" if share is None else f"{share.value:.3f}" if name in MEASURES[:4] else _counted(share)
    yield _counted(_sum(shares, ""))
    yield _counted(_sum(shares, "_invented"))


def _sum(shares: Mapping[str, Share], what: str) -> Share:
    return sum((shares[name + what] for name in FACTS if name + what in shares), Share(0, 0))


def _fact_row(name: str, shares: Mapping[str, Share]) -> tuple[str, ...]:
    return name, *(_counted(shares.get(name + what, Share(0, 0))) for what in ("", "_missing", "_invented"))


def _counted(share: Share) -> str:
    return f"{share.n:.0f} of {share.of:.0f}" if share.of else ""


def _as_json(scores: Sequence[DocumentScore], failures: Sequence[str]) -> dict[str, object]:
    return {
        "documents": [
            {"document": score.name, "format": score.format, "shares": _pairs(score.shares), "faults": score.faults}
            for score in scores
        ],
        "formats": {name: _pairs(total(several)) for name, several in by_format(scores).items()},
        "all": _pairs(total(scores)),
        "failures": list(failures),
    }


def _pairs(shares: Mapping[str, Share]) -> dict[str, dict[str, float]]:
    return {name: {"n": share.n, "of": share.of, "value": share.value} for name, share in shares.items()}


if __name__ == "__main__":
    sys.exit(main())
