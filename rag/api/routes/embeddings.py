"""OpenAI's embeddings: texts to the vectors of the library's encoder."""

from __future__ import annotations

import base64
import re
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from corpus.chunk import Chunking
from index.encoder.encoder import Embeddings, Encoder
from rag.api.examples import QUESTION, example
from rag.api.fields import FOR_OPENAI, OpenBody
from rag.api.routes.openai_request import MODEL
from rag.api.state import StateOf, as_json

router = APIRouter(tags=["OpenAI"], responses=FOR_OPENAI)

MOST_TEXTS = 256  # of one request
_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair: no tokenizer takes it
_TOGETHER = 16  # texts, some tenths of a second, so that questions need not wait for all of a request


def _as_texts(value: object) -> object:
    if isinstance(value, list) and any(isinstance(one, int | list) for one in value):
        raise PydanticCustomError("tokens", "the encoder has tokens of its own, so send texts, not lists of tokens")
    return [value] if isinstance(value, str) else value


_Texts = Annotated[
    list[str],
    Field(min_length=1, max_length=MOST_TEXTS, description=f"a text, or 1 to {MOST_TEXTS} texts"),
    BeforeValidator(_as_texts, json_schema_input_type=str | list[str]),
]


class EmbeddingRequest(OpenBody):
    """Texts to embed."""

    input: _Texts
    model: str = Field(MODEL, description="whatever is named, the library's encoder embeds")
    encoding_format: Literal["float", "base64"] = Field(
        "float", description="numbers, or the bytes of 32-bit floats, lowest byte first, as base64"
    )
    dimensions: int | None = Field(None, description="only the encoder's own number can be taken")
    input_type: Literal["passage", "query"] = Field("passage", description="what the texts are to the encoder")


class Embedding(BaseModel):
    """The vector of a text, of length 1; `index` is the text's place in the request, from 0."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingUsage(BaseModel):
    """How many of the encoder's tokens the texts have."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingList(BaseModel):
    """The vectors, in the order of the texts; `encoder` names what made them: only vectors of one can be compared."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str = MODEL
    encoder: str
    usage: EmbeddingUsage


_EMBEDDED = example(
    {"object": "list", "data": [{"object": "embedding", "index": 0}], "model": MODEL},
    body={"model": MODEL, "input": QUESTION},
)


@router.post("/v1/embeddings", response_model=EmbeddingList, openapi_extra=_EMBEDDED)
async def embeddings(body: EmbeddingRequest, request: Request, state: StateOf) -> Response:
    """The embeddings by which the library finds passages: unit vectors, whose inner product is their cosine.

    A text may be as long as the encoder reads; a longer one is refused. Every 16 texts count for the rate limit.
    """
    encoder, turns = state.pipeline.encoder, range(0, len(body.input), _TOGETHER)
    tokens = await state.lookups.run(lambda: _checked_tokens(encoder, body))
    if 0 < state.settings.rate < len(turns):
        raise HTTPException(422, f"One client may send {state.settings.rate * _TOGETHER:,} texts a minute; send fewer.")
    state.allowance.take(request.state.client, len(turns) - 1)
    data: list[Embedding] = []
    for first in turns:
        texts = body.input[first : first + _TOGETHER]
        rows = await state.inference.run(partial(_encoded, encoder, texts, body.input_type))
        data += [Embedding(index=len(data) + at, embedding=_written(row, body)) for at, row in enumerate(rows)]
    usage = EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens)
    return as_json(EmbeddingList(data=data, encoder=encoder.card.identity, usage=usage))


def _checked_tokens(encoder: Encoder, body: EmbeddingRequest) -> int:
    """How many tokens the texts have; HTTPException for what the encoder does not do."""
    card = encoder.card
    if body.dimensions not in {None, card.dimension}:
        raise HTTPException(422, f"The encoder's vectors have {card.dimension} dimensions; leave out `dimensions`.")
    for number, text in enumerate(body.input, 1):
        if not text.strip():
            raise HTTPException(422, f"Text {number} is empty; send texts of at least one character.")
        if _HALF.search(text):
            raise HTTPException(422, f"Text {number} holds half of a surrogate pair; send whole characters.")
    prompt = card.query_prompt if body.input_type == "query" else card.passage_prompt
    *counts, reserved = encoder.count_tokens([*body.input, prompt])
    most = card.limited(Chunking(card.max_tokens), reserved).size
    for number, tokens in enumerate(counts, 1):
        if tokens > most:
            raise HTTPException(422, f"Text {number} has {tokens:,} tokens; send parts of at most {most:,}.")
    return sum(counts)


def _encoded(encoder: Encoder, texts: list[str], kind: str) -> list[Embeddings]:
    return [*map(encoder.encode_query, texts)] if kind == "query" else list(encoder.encode_passages(texts))


def _written(row: Embeddings, body: EmbeddingRequest) -> Any:  # noqa: ANN401
    """A vector in the form that was asked for."""
    return base64.b64encode(row.astype("<f4").tobytes()).decode() if body.encoding_format == "base64" else row.tolist()
