"""Files and addresses to leave out, by patterns as in a shell (`*`, `?`, `[abc]`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase, translate
from pathlib import Path, PurePath, PurePosixPath
from urllib.parse import unquote, urlsplit

# What other programs leave beside the files that they have open, download or throw away.
_LEFT_BY_PROGRAMS = (
    ".*", "~$*", "~WR[LD][0-9]*", "*.crdownload", "*.download", "__MACOSX", "@eaDir", "$RECYCLE.BIN", "#recycle",
    "System Volume Information",
)  # fmt: skip
_IS_LEFT = re.compile("|".join(map(translate, _LEFT_BY_PROGRAMS)), re.IGNORECASE)
# What follows a page's name in that of the folder saved with it: Microsoft's list of "connected files" for browsers and
# Office in their languages, and that of Word for the Mac (.fld).
_SAVED_WITH_PAGES = (
    "_archivos", "_arquivos", "_bestanden", "_bylos", "-Dateien", "_datoteke", "_dosyalar", "_elemei", "_failid",
    "_fails", "_fajlovi", "_ficheiros", "_fichiers", "-filer", ".files", "_files", "_file", "_fitxers", "_fitxategiak",
    ".fld", "_pliki", "_soubory", "_tiedostot",
)  # fmt: skip
_IS_SAVED = re.compile(f"(.+)(?:{'|'.join(map(re.escape, _SAVED_WITH_PAGES))})", re.IGNORECASE | re.DOTALL)
_PAGE_ENDINGS = (".html", ".htm", ".HTML", ".HTM")


def is_left_by_a_program(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or is a lock, an unfinished download or rubbish."""
    return _IS_LEFT.match(name) is not None


def is_saved_with_a_page(folder: Path) -> bool:
    """Whether a browser or Word saved the folder beside a web page: `story_files` where `story.html` is a file."""
    saved = _IS_SAVED.fullmatch(folder.name)
    pages = [folder.with_name(saved[1] + ending) for ending in _PAGE_ENDINGS] if saved else []
    return any(map(os.path.isfile, pages))  # Path.is_file raises where a name is too long


def is_excluded(path: PurePath, patterns: Iterable[str]) -> bool:
    """Whether a pattern matches a whole path or its last part."""
    return any(fnmatchcase(path.as_posix(), pattern) or fnmatchcase(path.name, pattern) for pattern in patterns)


def is_excluded_address(address: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern matches the path of a web address, one of its parts, or its first parts."""
    path = PurePosixPath(unquote(urlsplit(address).path).strip("/"))
    relative = tuple(pattern.lstrip("/") for pattern in patterns)
    return any(is_excluded(one, relative) for one in (path, *path.parents) if one.name)
