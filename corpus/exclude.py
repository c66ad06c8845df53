"""Files and addresses to leave out, by patterns as in a shell (`*`, `?`, `[abc]`)."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePath, PurePosixPath
from urllib.parse import unquote, urlsplit


def is_excluded(path: PurePath, patterns: Iterable[str]) -> bool:
    """Whether a pattern matches a whole path or its last part."""
    return any(fnmatchcase(path.as_posix(), pattern) or fnmatchcase(path.name, pattern) for pattern in patterns)


def is_excluded_address(address: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern matches the path of a web address, one of its parts, or its first parts."""
    path = PurePosixPath(unquote(urlsplit(address).path).strip("/"))
    relative = tuple(pattern.lstrip("/") for pattern in patterns)
    return any(is_excluded(one, relative) for one in (path, *path.parents) if one.name)
