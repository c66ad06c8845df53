"""HTML from templates: `NAME.html` lies beside the code that fills it, and every value in it is escaped."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from rag.citation.markup import language_attribute, sendable, shortened
from ui.phrases import one_or_many

_BETWEEN_TAGS = re.compile(r"(?<=[>}])\n\s*(?=[<{])|\n\s*\Z")


class _OneLine(Extension):
    """Line ends between tags, with the indentation after them, are no part of the HTML."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return _BETWEEN_TAGS.sub("", source)


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[_OneLine],
    auto_reload=False,
    cache_size=-1,
)
TEMPLATES.filters["one_or_many"] = one_or_many
TEMPLATES.filters["shortened"] = shortened


def vouched(html: str) -> Markup:
    """HTML that goes into a template as it is: made by code that escapes every text in it."""
    return Markup(html)  # noqa: S704 - the callers' promise


TEMPLATES.filters["language_attribute"] = lambda code: vouched(language_attribute(code))


def render(template: str, **values: object) -> str:
    """The template of this path below `ui`, filled with the values; UndefinedError for one that is missing."""
    return sendable(TEMPLATES.get_template(template).render(values))
