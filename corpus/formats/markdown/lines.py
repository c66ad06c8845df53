"""What a line of Markdown is, before anything inside it is read."""

from __future__ import annotations

import re

Match = re.Match[str]

RAW = re.compile(
    r"\s*(?:<(?P<tag>script|style|table|!--)(?=[\s>-])|(?P<comment>%%)|(?P<liquid>\{%-?[ \t]*comment\b)"
    r"|(?P<kramdown>\{::comment\})|(?P<shortcode>\{\{[<%](?!.*\}\})))",
    re.IGNORECASE,
)
QUOTE = re.compile(r"(?: {0,3}> ?)+")
CALLOUT = re.compile(r"\[![A-Za-z][\w-]{0,40}(?:\|[^\]\n]{0,100})?\][+-]?[ \t]*")
HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?=[ \t]|$)[ \t]*")
_ANCHOR = re.compile(r"\{[#.:][^{}\n]{0,200}\}\Z")
UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-+)[ \t]*")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
ITEM = re.compile(r"(?P<space>[ \t]*)(?:(?P<bullet>[-+*])|(?P<number>\d{1,9})[.)])(?:[ \t]+|$)")
_TASK = r"\[[ xX/<>!?*-]\](?:[ \t]+|$)"
TASK = re.compile(_TASK)
NUMBERED_TASK = re.compile(rf"\d{{1,9}}[.)][ \t]+(?P<task>{_TASK})")
DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\]^][^\]]{0,200})\]:[ \t]*\S+.*")
NOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,100}\]:[ \t]*")
MEANING = re.compile(r" {0,3}:[ \t]+(?=\S)")  # of a term in a list of definitions
INDENTED = re.compile(r"(?: {4}|\t| {1,3}\t)[ \t]*\S")
# The line that opens or ends a box or a tab: of MkDocs, and of Docusaurus and Pandoc.
BOX = re.compile(
    r"[ \t]*(?:(?:(?P<indents>!!!|\?\?\?\+?)(?:[ \t]+[a-z][a-z-]{1,40}){1,4}|===[!+]?)"
    r"(?:[ \t]+\"(?P<title>[^\"\n]{0,300})\")?[ \t]*$"
    r"|:{3,}[ \t]*(?:[\w-]{1,40}(?:\[(?P<label>[^\]\n]{0,300})\])?)?[ \t]*(?:\{[^{}\n]{0,300}\})?"
    r"(?P<rest>[^\n]*)$)"
)
# Lines without words: attributes, other files, the place of a table of contents, ids, abbreviations, imports of MDX.
GONE = re.compile(
    r"\s*(?:\{[:.#][^{}\n]{0,500}\}|-{1,9}8<-{1,9}.*|\[TOC\]|\[\[_?toc_?\]\]|\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{2,60}"
    r"|import\s+(?:[\w{}*,\s$]{1,300}\s+from\s+)?[\"'][^\"'\n]{1,300}[\"'];?)\s*"
    r"|\*\[[^\]\n]{1,100}\]:.*",
    re.IGNORECASE,
)
EXPORT = re.compile(r"export\s+(?:const|let|var|function|async|class|default)\b[^.\n]{0,300}[={(]")


def heading_words(line: str) -> str:
    """The words of a heading, without the marks and the anchor that may close it."""
    words = _ANCHOR.sub("", line.rstrip(" \t")).rstrip(" \t")
    unmarked = words.rstrip("#")
    return unmarked.rstrip(" \t") if unmarked == "" or unmarked[-1] in " \t" else words


def box_title(box: Match, line: str) -> tuple[int, int]:
    """The span of the title that the line of a box has; an empty one at its end for none."""
    group = next((name for name in ("title", "label", "rest") if (box[name] or "").strip()), None)
    if group is None:
        return len(line), len(line)
    words = box[group]
    return box.end(group) - len(words.lstrip()), box.start(group) + len(words.rstrip())
