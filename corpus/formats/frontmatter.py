"""Front matter: the block of metadata at the beginning of some articles.

YAML is between `---` lines, TOML between `+++` lines. Two rules around words that are no metadata are no front matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.formats.facts import KEYS

_MAX_LENGTH = 20_000  # characters
_FENCED = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)(?:(?<=\n)|(?<=\r))(?:(?P=fence)|\.\.\.)[ \t]*(?:\r?\n|\r|\Z)",
    re.DOTALL,
)
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z_][\w .-]{0,40}?)\s*[:=]\s?(?P<value>.*)")
_ITEM_LINE = re.compile(r"[ \t]*-[ \t]+(?P<value>\S.*)")
_GENERATOR_KEYS = frozenset(
    "layout tags category categories description excerpt summary slug draft image keywords id weight type updated "
    "subtitle section topic thumbnail cover comments modified lastmod".split()
)
_KNOWN = _GENERATOR_KEYS.union(*KEYS.values())


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of the front matter, and the offset at which the text after it begins (0 where there is none)."""

    record: Mapping[str, object] = field(default_factory=dict)
    end: int = 0


def front_matter(text: str) -> FrontMatter:
    """The front matter of a text; where it cannot be parsed, its plain `key: value` lines count."""
    match = _FENCED.match(text[:_MAX_LENGTH])
    if match is None:
        return FrontMatter()
    body = match["body"]
    record = _toml(body) if match["fence"] == "+++" else _yaml(body)
    if record is None:
        record = _plain_lines(body)
    is_metadata = any(str(key).strip().lower().replace("-", "_") in _KNOWN for key in record)
    return FrontMatter(record, match.end()) if is_metadata else FrontMatter()


def _yaml(body: str) -> Mapping[str, object] | None:
    import yaml

    try:
        if "*" in body and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(body, yaml.SafeLoader)):
            return None  # an alias of aliases of aliases stands for billions of words
        loaded = yaml.safe_load(body)
    except yaml.YAMLError:
        return None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
        return None  # PyYAML's constructors let these through for values such as the 31st of June
    return loaded if isinstance(loaded, dict) else {}


def _toml(body: str) -> Mapping[str, object] | None:
    import tomllib

    try:
        return tomllib.loads(body.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def _plain_lines(body: str) -> Mapping[str, object]:
    """The `key: value` lines and the lists of broken front matter; empty where most of it is something else."""
    found: dict[str, object] = {}
    others = 0
    items: list[object] = []  # of the list that is the last key's value
    for line in filter(str.strip, body.split("\n")):
        if match := _ITEM_LINE.fullmatch(line.rstrip()):
            items.append(match["value"].strip("\"'"))
        elif match := _KEY_LINE.fullmatch(line.rstrip()):
            items = []
            found[match["key"].lower()] = match["value"].strip().strip("\"'") or items
        elif not line.startswith((" ", "\t", "-", "#")):
            others += 1
    return {key: value for key, value in found.items() if value} if len(found) > others else {}
