"""The quotations of a draft compared with the library."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from rag.api.examples import TITLE, example
from rag.api.state import StateOf, as_json
from rag.api.tool_arguments import CheckArguments
from rag.citation.markup import shortened
from rag.draft.check import CheckOptions, check_draft
from rag.draft.checked_draft import CheckedDraft
from rag.draft.draft_text import draft_of

router = APIRouter(tags=["search"])

_DRAFT = "“We took them seven at a time,” said Bethan Rudge, the coxswain of the Merrin lifeboat."
_ALTERED = {
    "start": 1, "end": 30, "text": "We took them seven at a time,", "verdict": "altered", "alteration": "words",
    "places": [{"title": TITLE, "text": "We took them six at a time,"}],
    "speaker": {"verdict": "same", "draft": "Bethan Rudge", "article": "Bethan Rudge"},
}  # fmt: skip
_CHECKED = example({"failures": 1, "counts": {"altered": 1}, "quotations": [_ALTERED]}, body={"draft": _DRAFT})


class DraftToCheck(CheckArguments):
    """A draft whose quotations are compared with the library."""

    most: int = Field(10, ge=1, le=100, description="how many of the places of a quotation come back")


@router.post("/v1/drafts/check", response_model=CheckedDraft, openapi_extra=_CHECKED)
async def drafts_check(body: DraftToCheck, request: Request, state: StateOf) -> Response:
    """The verdict on each quotation: `exact`, `altered`, `near`, `not_found`, or `short` where it is not judged.

    `start` and `end` of a quotation count code points of the draft as it was sent, those of its places code points of
    the article's text.
    """
    draft, options = draft_of(body.draft), CheckOptions(body.short, body.most)
    request.state.asked = [shortened(body.draft, 200)]
    return as_json(await state.inference.run(lambda: check_draft(state.pipeline, draft, options)))
