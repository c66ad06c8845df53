"""The formats of files that can be read, in one table.

To add a format, write its reader in `corpus.formats` and add a row here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """`name` is what a person calls the format, `suffixes` are in lower case.

    `reader` names, as `module:function`, what makes a Draft of a file's bytes; its module is imported with the first
    file. Where a file `is_lines`, it holds an article a line, and the function takes the open file and yields a Draft
    or BadLine for each. `magic` are the first bytes that tell a fetched file of this format from a web page.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: str
    is_lines: bool = False
    magic: bytes | None = None


FORMATS = (
    FileFormat("Text", (".txt", ".text"), "corpus.formats.plaintext:read_plain_text"),
    FileFormat("Markdown", (".md", ".markdown"), "corpus.formats.markdown:read_markdown"),
    FileFormat("Web page", (".html", ".htm"), "corpus.formats.webpage:read_web_page"),
    FileFormat("PDF", (".pdf",), "corpus.formats.pdf:read_pdf", magic=b"%PDF-"),
    FileFormat("Word", (".docx",), "corpus.formats.docx:read_docx"),
    FileFormat("JSON Lines", (".jsonl", ".jsonl.gz"), "corpus.formats.jsonl:read_json_lines", is_lines=True),
)
BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
SUFFIXES = tuple(BY_SUFFIX)
