"""One article as a page, with a stretch of it marked."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, Template
from markupsafe import Markup

from corpus.article import Article, Span
from rag.citation.marked import LINE_REACH, MOST_SHOWN, body_html, shown_part
from rag.citation.markup import language_attribute, sendable, web_address


def article_page(article: Article, span: Span | None, first: int | None = None) -> HTMLResponse:
    """The page of the article, with the span marked if there is one; of a very long one the part from `first` on."""
    template, policy = _template()
    shown = shown_part(article.text, span, first)
    html = template.render(
        article=article, span=span, facts=list(filter(None, [*article.authors, article.outlet, article.published])),
        address=Markup(web_address(article.url) or ""), language=Markup(language_attribute(article.language)),  # noqa: S704
        body=Markup(body_html(article.text, span, (), shown=shown)),  # noqa: S704 - all three escape what they are given
        shown=shown, before=max(0, shown.start - MOST_SHOWN + LINE_REACH),
    )  # fmt: skip
    return HTMLResponse(sendable(html), headers={"Content-Security-Policy": policy})


@cache
def _template() -> tuple[Template, str]:
    """The template, and the policy by which nothing in an article may do anything: only our style and script may."""
    source = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    style, script = re.findall(r"<(?:style|script)>(.*?)</", source, re.DOTALL)
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    return Environment(autoescape=True).from_string(source), policy


def _digest(code: str) -> str:
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"
