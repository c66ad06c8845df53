"""Gold files: what a person sees in a document. docs/guides/documents.md describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import PullquoteError
from eval.datasets.files import decoded, fault
from eval.datasets.record import shortened, text, value

SUFFIX = ".gold.json"
FACTS = ("title", "authors", "published", "outlet", "url", "language")
_FIELDS = {"text", "blocks", "facts", "head", "apart", "forbidden"}


class BadGold(PullquoteError):
    """A gold file cannot be used; write it as docs/guides/documents.md says."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The gold file {path} cannot be used: {why}; write it as docs/guides/documents.md says.")


@dataclass(frozen=True, slots=True)
class GoldBlock:
    """A paragraph, a table or a list: `rows` have cells, `items` are the lines of a list, else there are only words.

    A block that `floats` may stand anywhere, as notes, captions and sidebars may.
    """

    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    items: tuple[str, ...] = ()
    floats: bool = False


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """What an article has to be: its blocks in order, and its facts, empty where the document states none.

    Lines of `head` may stand in the text or be left out. No block may hold both texts of a pair of `apart`, and no text
    of `forbidden` may occur. A fact that is not in `facts` is not scored.
    """

    blocks: tuple[GoldBlock, ...] = ()
    facts: Mapping[str, tuple[str, ...]] | None = None
    head: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[str, ...] = ()


def gold_files(folder: Path) -> list[Path]:
    """The gold files under a folder, in the order of their names; BadGold where there are none."""
    found = sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    if not found:
        raise BadGold(folder / f"*{SUFFIX}", "there is none")
    return found


def read_gold(path: Path) -> tuple[GoldArticle, ...]:
    """The articles of a gold file, in the document's order; BadGold says what is wrong with it."""
    try:
        stated = json.loads(decoded(path))
        articles = stated if isinstance(stated, list) else [stated]
        return tuple(_article(one) for one in articles)
    except ValueError as error:
        raise BadGold(path, fault(error)) from error
    except RecursionError as error:
        raise BadGold(path, "it is nested too deeply") from error


def _article(record: object) -> GoldArticle:
    if not isinstance(record, dict):
        raise ValueError(f"there is no object, but {shortened(record)}")  # noqa: TRY004 - the file's fault
    _only(record, _FIELDS)
    if ("text" in record) == ("blocks" in record):
        raise ValueError(f"there is not one of text and blocks in {shortened(record)}")
    if "text" in record:
        blocks = [GoldBlock(part.strip()) for part in text(record, "text").split("\n\n") if part.strip()]
    else:
        blocks = [_block(one) for one in value(record, "blocks", list)]
    facts = value(record, "facts", dict) if "facts" in record else {}
    _only(facts, set(FACTS))
    return GoldArticle(
        tuple(blocks),
        {name: _fact(facts, name) for name in facts},
        _texts(record, "head"),
        tuple(_pair(one) for one in _list(record, "apart")),
        _texts(record, "forbidden"),
    )


def _block(stated: object) -> GoldBlock:
    if isinstance(stated, str):
        return GoldBlock(stated)
    if not isinstance(stated, dict) or len(stated.keys() & {"text", "rows", "items"}) != 1:
        raise ValueError(f"there is no text, rows or items in {shortened(stated)}")
    _only(stated, {"text", "rows", "items", "floats"})
    floats = stated.get("floats") is True
    if "text" in stated:
        return GoldBlock(text(stated, "text"), floats=floats)
    if "items" in stated:
        items = _texts(stated, "items")
        return GoldBlock("\n".join(items), items=items, floats=floats)
    rows = tuple(tuple(_each_text(row)) for row in value(stated, "rows", list))
    return GoldBlock("\n".join(" | ".join(row) for row in rows), rows, floats=floats)


def _fact(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A fact's values: of authors a list, of others one text, of either null for none."""
    if facts[name] is None:
        return ()
    return _texts(facts, name) if name == "authors" else (text(facts, name),)


def _pair(stated: object) -> tuple[str, str]:
    pair = tuple(_each_text(stated))
    if len(pair) != 2:
        raise ValueError(f"there are not two texts in {shortened(stated)}")
    return pair


def _texts(record: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple(_each_text(_list(record, name)))


def _list(record: Mapping[str, object], name: str) -> list[object]:
    return value(record, name, list) if name in record else []


def _each_text(stated: object) -> Iterator[str]:
    if not isinstance(stated, list):
        raise ValueError(f"there is no list, but {shortened(stated)}")  # noqa: TRY004 - the file's fault
    for one in stated:
        if not isinstance(one, str):
            raise ValueError(f"there is no text, but {shortened(one)}")  # noqa: TRY004 - the file's fault
        yield one


def _only(record: Mapping[str, object], known: set[str]) -> None:
    if unknown := sorted(record.keys() - known):
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(sorted(known))}")
