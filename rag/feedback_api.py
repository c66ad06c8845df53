"""The feedback endpoint: what people judge of answers, kept in the library and sent nowhere."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from corpus.feedback import LONGEST_WORDS, BadJudgement, Judgement, Verdict, keep
from corpus.store import Library
from rag.pipeline import LONGEST_QUESTION, checked


class Feedback(BaseModel):
    """A judgement of one place for one question."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Who runs the ferry?", "verdict": "nothing"}]}
    )

    question: str = Field(description=f"the question as it was asked, 1 to {LONGEST_QUESTION} characters")
    verdict: Verdict = Field(
        description="right: these words answer; wrong: they do not; better: they answer better than what was quoted; "
        "nothing: the library does not say (without a place)"
    )
    article_id: str = Field("", description="the quote's, as its other three")
    start: int = Field(0, description="in code points of the article's text")
    end: int = Field(0, description="exclusive")
    text: str = Field("", description=f"the words from start to end, at most {LONGEST_WORDS} characters")


def add_feedback(app: FastAPI, library: Library, responses: dict[int | str, dict[str, Any]]) -> None:
    """Puts the endpoint into the API, with these descriptions of what it replies to mistakes."""

    @app.post("/v1/feedback", responses=responses)
    def feedback(body: Feedback) -> Judgement:
        """The judgement as kept; of the same question and place the last one counts."""
        return keep(library, Judgement(**body.model_dump() | {"question": checked(body.question)}))

    @app.exception_handler(BadJudgement)
    def bad_judgement(_: Request, error: BadJudgement) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)
