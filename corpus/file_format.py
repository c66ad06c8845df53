"""The formats of files that can be read, in one table.

To add a format, write its reader in `corpus.formats` and add a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class FileFormat:
    """`name` is what a person calls the format, `suffixes` are in lower case.

    `reader` names, as `module:function`, what makes a Draft of a file's bytes. Where a file `is_lines`, it holds an
    article a line, and the function takes the open file and yields a Draft or BadLine for each. `magic` are the first
    bytes that tell a fetched file of this format from a web page.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: str
    is_lines: bool = False
    magic: bytes | None = None

    def load_reader(self) -> Callable[..., Any]:
        """The function that `reader` names; its module is imported when the first file needs it."""
        return cast("Callable[..., Any]", resolve_name(self.reader))


FORMATS = (
    FileFormat("Text", (".txt", ".text"), "corpus.formats.plaintext:read_plain_text"),
    FileFormat("Markdown", (".md", ".markdown"), "corpus.formats.markdown.reader:read_markdown"),
    FileFormat("Web page", (".html", ".htm"), "corpus.formats.webpage:read_web_page"),
    FileFormat("PDF", (".pdf",), "corpus.formats.pdf.reader:read_pdf", magic=b"%PDF-"),
    FileFormat("Word", (".docx",), "corpus.formats.docx.reader:read_docx"),
    FileFormat("JSON Lines", (".jsonl", ".jsonl.gz"), "corpus.formats.jsonl:read_json_lines", is_lines=True),
)
SUFFIXES = tuple(suffix for one in FORMATS for suffix in one.suffixes)


def format_by_name(name: str) -> FileFormat | None:
    """The format of a file with this name, if it can be read."""
    return next((one for one in FORMATS if name.lower().endswith(one.suffixes)), None)
