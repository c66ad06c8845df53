"""The worked example of a route: a request over the sample articles, and what comes back.

Replies are shortened, never changed; `ID` and `JOB` stand for the id of an article and of a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEY = "x-example"  # of an operation in the OpenAPI description

QUESTION = "Who skippered the crabber Girl Rhoda?"
TITLE = "Passengers taken off in the dark as Skerrow ferry runs aground on Cow Ledge"
_SENTENCE = (
    "They were joined by the Girl Rhoda, a crabber skippered by Davy Kerslake, who had been hauling pots nearby."
)
_QUOTE = {
    "title": TITLE, "outlet": "The Merrin Courier", "published": "2025-03-10", "start": 782, "end": 795,
    "text": "Davy Kerslake", "context": {"start": 723, "end": 830, "text": _SENTENCE},
}  # fmt: skip
REPLY = {"question": QUESTION, "abstained": False, "answers": [{"text": "Davy Kerslake", "quotes": [_QUOTE]}]}
ADDED = {"status": "done", "sources": 1, "counts": {"added": 1}}


def example(
    reply: object, *, body: Mapping[str, object] | None = None, form: str = "", path: str = ""
) -> dict[str, Any]:
    """What a route's `openapi_extra` holds: `reply` is the JSON or the text that comes back, or a part of it.

    `body` is sent as JSON, `form` as curl's -F takes it; `path` is given where the route's has a parameter.
    """
    given = {"path": path, "body": body, "form": form}
    about: dict[str, Any] = {KEY: {"reply": reply} | {name: value for name, value in given.items() if value}}
    return about | ({"requestBody": {"content": {"application/json": {"example": body}}}} if body else {})
