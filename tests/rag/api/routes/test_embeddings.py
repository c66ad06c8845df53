"""The library's encoder as OpenAI's embeddings, asked by the official client over a socket."""

import base64

import httpx
import numpy as np
import openai
import pytest

from index.encoder.encoder import EncoderCard
from rag.api.routes.embeddings import MOST_TEXTS
from rag.assemble import assemble
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.routes.conftest import live, opened
from tests.rag.conftest import SetReader

TEXTS = ["The ferry ran aground.", "A cannery closes.", "🚢 نشرت الصحيفة"]


@pytest.fixture
def client(address):
    with opened(address) as client:
        yield client


def vectors(client, given, **options):
    return [one.embedding for one in client.embeddings.create(model="pullquote", input=given, **options).data]


@pytest.mark.parametrize("options", [{}, {"encoding_format": "float"}, {"dimensions": 256}])
def test_the_vectors_are_the_encoders(client, options):
    reply = client.embeddings.create(model="pullquote", input=TEXTS, **options)
    assert [one.index for one in reply.data] == [0, 1, 2]
    assert np.array_equal(
        np.array([one.embedding for one in reply.data], np.float32), HashEncoder().encode_passages(TEXTS)
    )
    assert (reply.object, reply.data[0].object, reply.model) == ("list", "embedding", "pullquote")
    assert reply.model_extra["encoder"] == "hash@000000000000"
    assert (reply.usage.prompt_tokens, reply.usage.total_tokens) == (10, 10)


def test_one_text_is_a_list_of_one(client):
    assert vectors(client, TEXTS[0]) == vectors(client, TEXTS)[:1]


def test_base64_holds_the_same_numbers(address):
    body = {"input": TEXTS[0], "encoding_format": "base64", "model": "x"}
    (one,) = httpx.post(f"{address}/v1/embeddings", json=body).json()["data"]
    held = np.frombuffer(base64.b64decode(one["embedding"]), dtype="<f4")
    assert np.array_equal(held, HashEncoder().encode_query(TEXTS[0]))


def test_many_texts_keep_their_order(client):
    texts = [f"text number {number}" for number in range(MOST_TEXTS)]
    found = np.array(vectors(client, texts), np.float32)
    assert np.array_equal(found, HashEncoder().encode_passages(texts))


class Prompted(HashEncoder):
    """Puts other words before queries than before passages."""

    def __init__(self):
        super().__init__()
        self.card = EncoderCard("hash", "0" * 12, 256, 10, query_prompt="query of two ", passage_prompt="passage ")

    def encode_query(self, query):
        return super().encode_passages([self.card.query_prompt + query])[0]


@pytest.mark.usefixtures("pipeline")
def test_a_query_is_embedded_as_a_query_with_room_for_its_prompt(library):
    encoder = Prompted()
    with live(assemble(library, encoder, SetReader([]), Settings())) as address, opened(address) as client:
        as_query = {"extra_body": {"input_type": "query"}}
        assert np.array_equal(np.array(vectors(client, "x", **as_query)[0], np.float32), encoder.encode_query("x"))
        assert len(vectors(client, "a b c d e f g")) == 1
        assert len(vectors(client, "a b c d e", **as_query)) == 1
        with pytest.raises(openai.UnprocessableEntityError, match="Text 1 has 6 tokens; send parts of at most 5"):
            vectors(client, "a b c d e f", **as_query)


@pytest.mark.parametrize(("given", "options", "field", "sentence"), [
    ([1, 2, 3], {}, "input", "The field 'input' cannot be taken: the encoder has tokens of its own, so send texts, not lists of tokens; see /docs for what can."),
    ([[1, 2], [3]], {}, "input", "The field 'input' cannot be taken: the encoder has tokens of its own, so send texts, not lists of tokens; see /docs for what can."),
    ([], {}, "input", "The field 'input' cannot be taken: List should have at least 1 item after validation, not 0; see /docs for what can."),
    (["x"] * 257, {}, "input", "The field 'input' cannot be taken: List should have at most 256 items after validation, not 257; see /docs for what can."),
    (["x", " "], {}, None, "Text 2 is empty; send texts of at least one character."),
    ("", {}, None, "Text 1 is empty; send texts of at least one character."),
    (["x", "x " * 1000], {}, None, "Text 2 has 1,000 tokens; send parts of at most 254."),
    ("x", {"dimensions": 64}, None, "The encoder's vectors have 256 dimensions; leave out `dimensions`."),
    ("x", {"encoding_format": "hex"}, "encoding_format", "The field 'encoding_format' cannot be taken: Input should be 'float' or 'base64'; see /docs for what can."),
])  # fmt: skip
def test_a_mistake_is_an_error_of_the_client(client, given, options, field, sentence):
    with pytest.raises(openai.UnprocessableEntityError) as raised:
        vectors(client, given, **options)
    assert raised.value.body == {"message": sentence, "type": "invalid_request_error", "param": field, "code": None}


def test_every_sixteen_texts_count_for_the_rate_limit(pipeline):
    with live(pipeline, rate=4) as address, opened(address) as client:
        assert len(vectors(client, ["x"] * 33)) == 33  # three of four
        assert len(vectors(client, "x")) == 1
        with pytest.raises(openai.RateLimitError, match="You asked more than 4 times in a minute"):
            vectors(client, "x")
    with live(pipeline, rate=4) as address, opened(address) as client:
        with pytest.raises(openai.UnprocessableEntityError, match="One client may send 64 texts a minute; send fewer"):
            vectors(client, ["x"] * 65)
        vectors(client, ["x"] * 32)
        with pytest.raises(openai.RateLimitError):
            vectors(client, ["x"] * 32)


@pytest.mark.parametrize(
    "body", [b'{"input": "\\ud800"}', b'{"input": null}', b"{", b'{"input": [true]}', b'{"input": {}}']
)
def test_what_is_no_text_is_told_in_one_sentence(address, body):
    reply = httpx.post(f"{address}/v1/embeddings", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["error"]["message"] == reply.json()["detail"]


def test_more_than_two_megabytes_are_too_many(client):
    with pytest.raises(openai.APIStatusError, match="The request is larger than 2 MB; send less at once") as raised:
        vectors(client, "x" * 2**21)
    assert (raised.value.status_code, raised.value.body["type"]) == (413, "invalid_request_error")
