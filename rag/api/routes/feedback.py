"""The feedback endpoint: what people judge of answers, kept in the library and sent nowhere."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from corpus.library.feedback import LONGEST_WORDS, Judgement, Verdict, keep
from corpus.library.judged_answers import LONGEST_MODEL, JudgedAnswer
from rag.api.examples import example
from rag.api.fields import Body
from rag.api.state import StateOf
from rag.question import LONGEST_QUESTION, checked_to_judge

router = APIRouter(tags=["feedback"])

_JUDGED = example({"verdict": "nothing"}, body={"question": "Who won the regatta?", "verdict": "nothing"})


class Feedback(Body):
    """A judgement of one place for one question."""

    question: str = Field(description=f"the question as it was asked, 1 to {LONGEST_QUESTION} characters")
    verdict: Verdict = Field(
        description="right: these words answer; wrong: they do not; better: they answer better than what was quoted; "
        "nothing: the library does not say (without a place)"
    )
    article_id: str = Field("", description="the quote's, as its other three")
    start: int = Field(0, description="in code points of the article's text")
    end: int = Field(0, description="exclusive")
    text: str = Field("", description=f"the words from start to end, at most {LONGEST_WORDS} characters")
    confidence: float | None = Field(
        None, ge=0, le=1, description="the answer's, from which a threshold can be fitted; null where `judged` is given"
    )
    encoder: str | None = Field(None, max_length=LONGEST_MODEL, description="the reply's (default: the server's)")
    reader: str | None = Field(None, max_length=LONGEST_MODEL, description="the reply's (default: the server's)")


@router.post("/v1/feedback", openapi_extra=_JUDGED)
async def feedback(body: Feedback, state: StateOf) -> Judgement:
    """The judgement as kept; of the same question and place the last one counts; better words judged right stay so."""
    place = body.article_id, body.start, body.end, body.text
    judgement = Judgement(checked_to_judge(body.question, body.verdict), body.verdict, *place)
    pipeline, answer = state.pipeline, None
    if body.confidence is not None:
        encoder, reader = body.encoder or pipeline.encoder.card.identity, body.reader or pipeline.reader.card.name
        answer = JudgedAnswer(body.confidence, encoder, reader)
    return await state.writes.run(lambda: keep(pipeline.library, judgement, answer))
