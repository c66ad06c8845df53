"""A worked example for every address of the service: what to type, and what comes back from the sample articles.

Replies are shortened, never changed; `ID` and `JOB` stand for the id of an article and of a job.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Worked:
    """A request and (part of) its reply: `body` is sent as JSON, `form` as curl's -F takes it."""

    method: str
    path: str
    reply: Any
    body: Mapping[str, Any] | None = None
    form: str = ""

    def command(self, server: str) -> str:
        """The request as curl makes it."""
        words = ["curl", server.rstrip("/") + self.path]
        if self.method == "DELETE" or (self.method == "POST" and not self.form and self.body is None):
            words[1:1] = ["-X", self.method]
        if self.form:
            words += ["-F", self.form]
        if self.body is not None:
            words += ["-H", "content-type: application/json", "-d", json.dumps(self.body, ensure_ascii=False)]
        return shlex.join(words)

    def shown(self) -> str:
        """The reply as it is shown."""
        return self.reply if isinstance(self.reply, str) else json.dumps(self.reply, ensure_ascii=False, indent=1)


_ASKED = "Who skippered the crabber Girl Rhoda?"
_TITLE = "Passengers taken off in the dark as Skerrow ferry runs aground on Cow Ledge"
_ALARM = "Silenced alarm, not steering failure, put the Saint Brannoc on the rocks, inspectors find"
_SENTENCE = (
    "They were joined by the Girl Rhoda, a crabber skippered by Davy Kerslake, who had been hauling pots nearby."
)
_QUOTE = {
    "title": _TITLE, "outlet": "The Merrin Courier", "published": "2025-03-10", "start": 782, "end": 795,
    "text": "Davy Kerslake", "context": {"start": 723, "end": 830, "text": _SENTENCE},
}  # fmt: skip
_REPLY = {"question": _ASKED, "abstained": False, "answers": [{"text": "Davy Kerslake", "quotes": [_QUOTE]}]}
_UNANSWERED = {"question": "Who painted the Mona Lisa?", "abstained": True, "reason": "weak_evidence", "answers": []}
_ADDED = {"status": "done", "sources": 1, "counts": {"added": 1}}

# By the method and the path of a route.
WORKED: Mapping[tuple[str, str], Worked] = {
    ("POST", "/v1/answer"): Worked("POST", "/v1/answer", _REPLY, {"question": _ASKED}),
    ("POST", "/v1/answers"): Worked(
        "POST", "/v1/answers", {"replies": [_REPLY, _UNANSWERED]}, {"questions": [_ASKED, "Who painted the Mona Lisa?"]}
    ),
    ("POST", "/v1/search"): Worked(
        "POST", "/v1/search", {"mode": "fused", "hits": [{"title": _ALARM, "authors": ["Desmond Achterberg"]}]},
        {"query": "why the alarm was silent", "k": 1},
    ),
    ("POST", "/v1/quotes/locate"): Worked(
        "POST", "/v1/quotes/locate",
        {"match": "near", "locations": [{"title": _TITLE, "text": "a crabber skippered by Davy Kerslake",
                                         "differences": [{"text": "Davy", "pasted": "David"}]}]},
        {"quote": "a crabber skippered by David Kerslake"},
    ),
    ("GET", "/v1/articles"): Worked(
        "GET", "/v1/articles?outlet=The%20Merrin%20Courier&since=2025-03-10&limit=1", {"articles": [{"language": "en"}]}
    ),
    ("POST", "/v1/articles"): Worked("POST", "/v1/articles?wait=30", _ADDED, form="file=@story.txt"),
    ("GET", "/v1/articles/{article_id}"): Worked("GET", "/v1/articles/ID", {"title": _TITLE, "language": "en"}),
    ("DELETE", "/v1/articles/{article_id}"): Worked("DELETE", "/v1/articles/ID", {"title": _TITLE}),
    ("POST", "/v1/articles/{article_id}/restore"): Worked(
        "POST", "/v1/articles/ID/restore", {"title": _TITLE}
    ),
    ("GET", "/v1/articles/{article_id}/view"): Worked(
        "GET", "/v1/articles/ID/view?start=782&end=795", '<mark id="quoted" class="current">Davy Kerslake</mark>'
    ),
    ("GET", "/v1/articles/{article_id}/citation"): Worked(
        "GET", "/v1/articles/ID/citation?start=782&end=795&format=ris",
        "TY  - NEWS\r\nTI  - Passengers taken off in the dark as Skerrow ferry runs aground on Cow Ledge\r\n",
    ),
    ("GET", "/v1/jobs"): Worked("GET", "/v1/jobs", [_ADDED]),
    ("GET", "/v1/jobs/{job_id}"): Worked("GET", "/v1/jobs/JOB", _ADDED),
    ("DELETE", "/v1/jobs/{job_id}"): Worked("DELETE", "/v1/jobs/JOB", {"sources": 1}),
    ("GET", "/v1/jobs/{job_id}/events"): Worked("GET", "/v1/jobs/JOB/events", "event: job\n"),
    ("POST", "/v1/feedback"): Worked(
        "POST", "/v1/feedback", {"verdict": "nothing"}, {"question": "Who won the regatta?", "verdict": "nothing"}
    ),
    ("GET", "/v1/models"): Worked("GET", "/v1/models", {"data": [{"id": "pullquote", "object": "model"}]}),
    ("GET", "/v1/models/{model}"): Worked("GET", "/v1/models/pullquote", {"id": "pullquote", "object": "model"}),
    ("POST", "/v1/chat/completions"): Worked(
        "POST", "/v1/chat/completions",
        {"model": "pullquote", "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "annotations": [
            {"type": "url_citation", "url_citation": {"title": _TITLE, "start_index": 60, "end_index": 73}}]}}]},
        {"model": "pullquote", "messages": [{"role": "user", "content": _ASKED}]},
    ),
    ("GET", "/health"): Worked("GET", "/health", {"status": "ok"}),
    ("GET", "/health/ready"): Worked("GET", "/health/ready", {"status": "ready"}),
    ("GET", "/metrics"): Worked("GET", "/metrics", "# TYPE pullquote_questions_total counter\n"),
}  # fmt: skip
