"""The answer that a quote is of, as it is kept with a judgement of the quote."""

from __future__ import annotations

from corpus.library.judged_answers import JudgedAnswer
from rag.answer import Excerpt, Reply


def answer_of(quote: Excerpt, reply: Reply) -> JudgedAnswer | None:
    """The confidence of the answer with this quote, and the models; None of a passage, and of words a person gave."""
    answers = (*reply.answers, *reply.disputed)
    answer = next((one for one in answers if quote in one.quotes and one.judged != "given"), None)
    return JudgedAnswer(answer.confidence, reply.library.encoder, reply.library.reader) if answer else None
