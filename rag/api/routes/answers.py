"""The answer endpoint: one question, many, or one as it is being answered."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import fields

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic.dataclasses import dataclass

from rag.answer import Reply
from rag.api.event_stream import EVENT_SCHEMA, Event, event_response
from rag.api.examples import QUESTION, REPLY, example
from rag.api.fields import Question, Questions
from rag.api.state import State, StateOf, as_json
from rag.pipeline import READ_TOGETHER
from rag.question import BadQuestion, CheckedQuestion

router = APIRouter(tags=["answers"])

_EVENTS = {
    "content": {
        "text/event-stream": {
            "schema": EVENT_SCHEMA,
            "example": 'event: passages\ndata: {"passages": []}\n\nevent: answer\ndata: {"question": "…"}\n\n'
            'event: related\ndata: {"related": []}\n\n',
        }
    }
}


_UNANSWERED = {"question": "Who painted the Mona Lisa?", "abstained": True, "reason": "weak_evidence", "answers": []}


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies to a batch of questions, in their order."""

    replies: tuple[Reply, ...]


@router.post(
    "/v1/answer", response_model=Reply, responses={200: _EVENTS},
    openapi_extra=example(REPLY, body={"question": QUESTION}),
)  # fmt: skip
async def answer(body: Question, request: Request, state: StateOf) -> Response:
    """The words of the library that answer the question, with their places, or an abstention.

    With `stream`, or where the request accepts `text/event-stream` alone, they come as server-sent events: `passages`
    as soon as they are retrieved, then `answer`, a reply without `related`, then `related`; `error` if it fails then.
    """
    question = CheckedQuestion(body.question, body.options(state.settings, body.turns))
    request.state.asked = [question.text]
    if body.stream or request.headers.get("accept") == "text/event-stream":
        return await event_response(request, _events(state, question))
    return as_json((await state.ask(question))[0])


@router.post(
    "/v1/answers", response_model=Replies,
    openapi_extra=example({"replies": [REPLY, _UNANSWERED]}, body={"questions": [QUESTION, _UNANSWERED["question"]]}),
)  # fmt: skip
async def answers(body: Questions, request: Request, state: StateOf) -> Response:
    """The replies to up to 100 questions, each as `/v1/answer` gives it; they are read together, in less time.

    Each counts for the rate limit. While others ask too, replies may be of more than one generation of the library.
    """
    questions = [_numbered(state, body, number) for number in range(1, len(body.questions) + 1)]
    if 0 < state.settings.rate < len(questions):
        raise HTTPException(422, f"One client may ask {state.settings.rate:,} questions a minute; ask no more at once.")
    request.state.asked = [question.text for question in questions]
    state.allowance.take(request.state.client, len(questions) - 1)
    replies: list[Reply] = []
    for first in range(0, len(questions), READ_TOGETHER):
        replies += await state.ask(*questions[first : first + READ_TOGETHER])
    return as_json({"replies": replies})


def _numbered(state: State, body: Questions, number: int) -> CheckedQuestion:
    """The question of this number in a batch; BadQuestion says which one it is."""
    try:
        return CheckedQuestion(body.questions[number - 1], body.options(state.settings))
    except BadQuestion as mistake:
        raise BadQuestion(f"Question {number}: {mistake}") from mistake


async def _events(state: State, question: CheckedQuestion) -> AsyncGenerator[Event]:
    async for step in state.ask_in_steps(question):
        if isinstance(step, Reply):
            yield Event("answer", {one.name: getattr(step, one.name) for one in fields(step) if one.name != "related"})
            yield Event("related", {"related": step.related})
        else:
            yield Event("passages", {"passages": step})
