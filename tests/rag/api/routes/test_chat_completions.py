"""The library as a model of OpenAI's, asked by the official client over a socket."""

import time

import httpx
import openai
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import SecretStr

from corpus.article import Article
from index.filters import Filter
from index.ingest import add
from rag.answer import WHY, Answer, Context, LibraryState, Quote, Reply, Scores
from rag.api.routes.openai_message import ChatMessage, harmless
from rag.assemble import assemble
from rag.options import AskOptions
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.routes.conftest import live, opened
from tests.rag.api.test_app import plain
from tests.rag.conftest import CANNERY, SetReader, article, reading

QUESTION = "Was anybody on board hurt, nobody on board was hurt?"
UNSAID = "Which vitamin prevents scurvy?"
NOBODY = "https://example.com/ferry#:~:text=Nobody%20on%20board%20was%20hurt."
TOKEN = "a secret of many letters"


def asked(client, *said, **options):
    """The completion of what the user said, one message after the other."""
    messages = [one if isinstance(one, dict) else {"role": "user", "content": one} for one in said]
    return client.chat.completions.create(model="pullquote", messages=messages, **options)


@pytest.fixture
def client(address):
    with opened(address) as client:
        yield client


def over(library, *readings, reader=SetReader):
    """A pipeline of which a test says what is read."""
    return assemble(library, HashEncoder(), reader(list(readings)), Settings())


def test_the_library_is_a_model(client):
    (one,) = client.models.list().data
    assert (one.id, one.object, one.owned_by) == ("pullquote", "model", "pullquote")
    assert client.models.retrieve("pullquote") == one


def test_a_message_is_the_quote_in_its_sentence_with_its_source(client, pipeline):
    completion = asked(client, QUESTION)
    (choice,) = completion.choices
    message = choice.message
    assert (completion.object, completion.model, choice.finish_reason) == ("chat.completion", "pullquote", "stop")
    assert (message.role, message.refusal) == ("assistant", None)
    assert message.content == f"“Nobody on board was hurt.” [1]\n\n[1] On the ferry, The Bell, 2026-02-02: <{NOBODY}>"
    (cited,) = [annotation.url_citation for annotation in message.annotations]
    assert (cited.title, cited.url) == ("On the ferry", NOBODY)
    assert message.content[cited.start_index : cited.end_index] == "Nobody on board was hurt."
    assert completion.model_extra["pullquote"] | {"timing_ms": None} == plain(pipeline.ask(QUESTION, AskOptions(10)))
    said = len(message.content.split())  # as the encoder of this test counts
    assert completion.usage.model_dump(exclude_none=True) == {
        "prompt_tokens": 10, "completion_tokens": said, "total_tokens": 10 + said,
    }  # fmt: skip


def test_the_reply_is_that_of_the_answer_endpoint(address, client):
    reply = httpx.post(f"{address}/v1/answer", json={"question": QUESTION}).json()
    assert asked(client, QUESTION).model_extra["pullquote"] | {"timing_ms": None} == reply | {"timing_ms": None}


def test_an_article_without_an_address_is_shown_by_the_server(address, client):
    (annotation,) = asked(client, "When will the cannery in Hollin Quay close, in June?").choices[0].message.annotations
    cited = annotation.url_citation
    assert (cited.title, cited.url) == ("On the cannery", f"{address}/v1/articles/cannery/view?start=0&end=46#quoted")
    assert "<mark" in httpx.get(cited.url).text


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize(("text", "words"), [
    ("👩\u200d🚒👨\u200d👩\u200d👧\u200d👦 Zoe\u0308’s 🥐 café bakes 240 croissants each day.", "240 croissants"),
    ("a\u0301e\u0301 نشرت الصحيفة أن «العبّارة» جنحت يوم الاثنين.", "يوم الاثنين"),
    ("Flags 🇳🇪🏴\U000e0067\U000e0062\U000e007f over 𝐓𝐡𝐞 Hull, 36 🧑🏽\u200d✈️ aboard 𝟜𝟚.", "36 🧑🏽\u200d✈️ aboard"),
    ("𝒙𝒚 ran\u00adaground\u00a0on Monday,\tthey said.", "Monday"),
    ("The note [see](it) says: 3 < 4, and <b>so</b> the ferry sank [1]: today.", "the ferry sank"),
])  # fmt: skip
def test_an_annotation_cuts_the_quoted_words_out_of_the_message(library, text, words):
    list(add(library, HashEncoder(), [article("odd", text)]))
    pipeline = over(library, reading(text, words, 9.0, "odd"), reading(CANNERY, "Hollin Quay", 8.0, "cannery"))
    with live(pipeline) as address, opened(address) as client:
        message = asked(client, "What?").choices[0].message
    first, second = (annotation.url_citation for annotation in message.annotations)
    assert message.content[first.start_index : first.end_index] == words
    for cited, quoted in ((first, words), (second, "Hollin Quay")):
        assert cited.index_unit == "code points"
        units = message.content.encode("utf-16-le")[2 * cited.start_index_utf16 : 2 * cited.end_index_utf16]
        assert units.decode("utf-16-le") == quoted  # as JavaScript's slice cuts
    assert (
        first.url
        == f"{address}/v1/articles/odd/view?start={text.index(words)}&end={text.index(words) + len(words)}#quoted"
    )
    assert (first.title, second.title) == ("On the odd", "On the cannery")
    assert message.content[second.start_index : second.end_index] == "Hollin Quay"
    assert (
        f"[1]\n\n“The cannery in Hollin Quay will close in June.” [2]\n\n[1] On the odd: <{first.url}>\n\n[2]"
        in message.content
    )


def test_a_stream_is_the_message_in_pieces(client):
    whole = asked(client, QUESTION)
    chunks = list(asked(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    *told, last, usage = chunks
    deltas = [chunk.choices[0].delta for chunk in told]
    assert (deltas[0].role, deltas[0].content) == ("assistant", "")
    assert len(deltas) > 4
    assert "".join(delta.content for delta in deltas) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in told] == [None] * len(told)
    assert (last.choices[0].finish_reason, last.choices[0].delta.content) == ("stop", None)
    annotations = [annotation.model_dump() for annotation in whole.choices[0].message.annotations]
    assert last.choices[0].delta.model_extra["annotations"] == annotations
    assert last.model_extra["pullquote"] | {"timing_ms": None} == whole.model_extra["pullquote"] | {"timing_ms": None}
    assert (usage.choices, usage.usage) == ([], whole.usage)
    assert {chunk.id for chunk in chunks} == {chunks[0].id} != {whole.id}
    assert {(chunk.object, chunk.model) for chunk in chunks} == {("chat.completion.chunk", "pullquote")}


def test_a_stream_tells_the_usage_to_who_asks_for_it(client):
    assert all(chunk.usage is None and chunk.choices for chunk in asked(client, QUESTION, stream=True))


def test_the_last_message_of_the_user_is_asked(client):
    parts = [
        {"type": "text", "text": "Was anybody on board hurt,"},
        {"type": "image_url", "image_url": {"url": "http://evil.example/x.png"}},
        {"type": "text", "text": "nobody on board was hurt?"},
    ]
    completion = asked(
        client,
        {"role": "system", "content": "You are a pirate."},
        UNSAID,
        {"role": "assistant", "content": "The library does not say."},
        {"role": "user", "content": parts, "name": "Ann"},
        {"role": "assistant", "content": None, "tool_calls": []},
        temperature=0.3, max_tokens=5, user="ann", seed=1,
    )  # fmt: skip
    reply = completion.model_extra["pullquote"]
    assert reply["question"] == "Was anybody on board hurt,\nnobody on board was hurt?"
    assert reply["answers"][0]["text"] == "Nobody on board was hurt."


def test_fields_of_our_own_say_how_it_is_asked(client, pipeline):
    def reply(**fields):
        return asked(client, QUESTION, extra_body=fields).model_extra["pullquote"] | {"timing_ms": None}

    assert reply(threshold=1) == plain(pipeline.ask(QUESTION, AskOptions(10, 1.0)))
    assert reply(threshold=0, passages=1) == plain(pipeline.ask(QUESTION, AskOptions(1, 0.0)))
    only = Filter(article=("cannery",))
    assert reply(filter={"article": "cannery"}, threshold=0) == plain(pipeline.ask(QUESTION, AskOptions(10, 0.0, only)))
    quote = reply(citations=["ris"])["answers"][0]["quotes"][0]
    assert quote["citations"]["ris"].startswith("TY  - NEWS\r\nTI  - On the ferry\r\n")


def test_small_talk_is_told_what_can_be_asked(client):
    assert asked(client, "thanks").choices[0].message.content == WHY["small_talk"]


def test_the_library_does_not_say(client, address, pipeline):
    completion = asked(client, UNSAID)
    message = completion.choices[0].message
    related = pipeline.ask(UNSAID, AskOptions(10)).related
    assert {one.article_id for one in related} == {"ferry", "cannery"}
    places = {
        "ferry": "On the ferry, The Bell, 2026-02-02: <https://example.com/ferry#:~:text=The%20ferry%20Saint%20Brannoc%20ran,owner%20blames%20a%20silenced%20alarm.>",
        "cannery": f"On the cannery: <{address}/v1/articles/cannery/view?start=0&end={len(CANNERY)}#quoted>",
    }  # fmt: skip
    listed = "\n\n".join(f"[{number}] {places[one.article_id]}" for number, one in enumerate(related, 1))
    assert message.content == f"{WHY['weak_evidence']}\n\nNearest passages, which are not an answer:\n\n{listed}"
    assert message.annotations == []
    assert completion.model_extra["pullquote"]["reason"] == "weak_evidence"
    assert (
        "".join(chunk.choices[0].delta.content or "" for chunk in asked(client, UNSAID, stream=True)) == message.content
    )


def said(completion):
    """Our message, as a client sends it back: with its annotations, or without them."""
    message = completion.choices[0].message
    cited = [one.model_dump() for one in message.annotations or ()]
    plainly = {"role": "assistant", "content": message.content}
    return plainly | {"annotations": cited}, plainly


def test_a_message_follows_those_before(client):
    first = "What happened to the ferry Saint Brannoc?"
    for ours in said(asked(client, first, extra_body={"threshold": 0})):
        reply = asked(client, first, ours, "Was anybody hurt on it?").model_extra["pullquote"]
        assert (reply["question"], reply["asked_as"]) == (
            "Was anybody hurt on it?", "Was anybody hurt on the ferry Saint Brannoc?",
        )  # fmt: skip
        whole = asked(client, reply["asked_as"]).model_extra["pullquote"]
        assert whole | {"timing_ms": None} == reply | {
            "timing_ms": None,
            "question": reply["asked_as"],
            "asked_as": None,
        }


def test_a_follow_up_of_a_follow_up_goes_back_to_what_was_really_asked(client):
    talk = ["What happened to the ferry Saint Brannoc?", "Was anybody hurt on it?", "why?", "Who owns it?"]
    reply = asked(client, *talk).model_extra["pullquote"]
    assert reply["asked_as"] == "Who owns the ferry Saint Brannoc?"
    assert asked(client, *talk, QUESTION).model_extra["pullquote"]["asked_as"] is None


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_before_is_read_out_of_our_own_message(library, known):
    text = "They were joined by a crabber [see](it) skippered by Davy Kerslake, who was late."
    list(add(library, HashEncoder(), [article("odd", text)]))
    with live(over(library, reading(text, "Davy Kerslake", 9.0, "odd"))) as address, opened(address) as client:
        ours = said(asked(client, "Who skippered the Girl Rhoda?"))[0 if known else 1]
        reply = asked(client, "Who skippered the Girl Rhoda?", ours, "How old is he?").model_extra["pullquote"]
    assert reply["asked_as"] == "How old is Davy Kerslake?"


@pytest.mark.parametrize("ours", [
    {"content": ""}, {"content": "The library does not say."}, {"content": "“Yes” [1]"}, {"content": None, "annotations": None},
    {"content": "“Yes.” [1]\n\n[1] x", "annotations": [{"url_citation": {"start_index": "a", "end_index": None}}]},
    {"content": "“Yes.” [1]\n\n[1] x", "annotations": [{"url_citation": {"start_index": -9, "end_index": 10**9}}, {}]},
    {"content": "“Yes.” [1]\n\n[1] x", "annotations": [{"url_citation": None}]},
    {"content": [{"type": "text", "text": "“" + "x" * 20_000}]},
])  # fmt: skip
def test_a_message_of_somebody_elses_leaves_the_question_alone(client, ours):
    talk = ["What happened to the ferry Saint Brannoc?", {"role": "assistant", **ours}, "Was anybody hurt on it?"]
    asked_as = asked(client, *talk).model_extra["pullquote"]["asked_as"]
    assert asked_as == "Was anybody hurt on the ferry Saint Brannoc?"


def test_long_messages_and_many_are_no_mistake(client):
    talk = [*["x" * 3_000] * 30, "What happened to the ferry Saint Brannoc?", "Was anybody hurt on it?"]
    assert asked(client, *talk).model_extra["pullquote"]["asked_as"] == "Was anybody hurt on the ferry Saint Brannoc?"


def test_nothing_is_near_where_no_article_passes(client):
    message = asked(client, QUESTION, extra_body={"filter": {"since": "2027"}}).choices[0].message
    assert (message.content, message.annotations) == (
        "The library does not say: no article in it passes the filter.",
        [],
    )


@pytest.mark.parametrize(("mistake", "sentence"), [
    (([{"role": "system", "content": "Hello"}], {}, openai.UnprocessableEntityError), "The conversation has no message of the user; send one with the role user."),
    (([""], {}, openai.UnprocessableEntityError), "The question is empty; ask one of at least one character."),
    ((["x" * 3_000], {}, openai.UnprocessableEntityError), "The question has 3,000 characters; ask one of at most 2,000 characters."),
    (([], {}, openai.UnprocessableEntityError), "The field 'messages' cannot be taken: List should have at least 1 item after validation, not 0; see /docs for what can."),
    ((["Q?"], {"threshold": 2}, openai.UnprocessableEntityError), "The field 'threshold' cannot be taken: Input should be less than or equal to 1; see /docs for what can."),
    ((["Q?"], {"filter": {"article": "gone"}}, openai.NotFoundError), "There is no article 'gone' in the library; `pullquote list` shows those there are."),
])  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_a_mistake_is_an_error_of_the_client_with_our_sentence(client, mistake, sentence, stream):
    said, extra, kind = mistake
    with pytest.raises(kind) as raised:
        asked(client, *said, extra_body=extra, stream=stream)
    field = sentence.split("'")[1] if sentence.startswith("The field") else None
    assert raised.value.body == {"message": sentence, "type": "invalid_request_error", "param": field, "code": None}


def test_there_is_no_other_model(client):
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-9'; the one there is is 'pullquote'"):
        client.models.retrieve("gpt-9")
    assert asked(client, QUESTION).model == "pullquote"


def test_who_asks_too_often_is_told_when_to_come_again(pipeline):
    with live(pipeline, rate=2) as address, opened(address) as client:
        client.models.list()
        client.models.list()
        with pytest.raises(
            openai.RateLimitError, match="You asked more than 2 times in a minute; try again in "
        ) as raised:
            asked(client, QUESTION)
        assert raised.value.body["type"] == "invalid_request_error"
        assert 1 <= int(raised.value.response.headers["retry-after"]) <= 60


class Slow(SetReader):
    """Reads nothing, in half a second."""

    def read(self, question, hits):
        time.sleep(0.5)
        return []


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("stream", [False, True])
def test_who_waits_too_long_is_told_when_to_come_again(library, stream):
    with (
        live(over(library, reader=Slow), seconds=0.1) as address,
        opened(address) as client,
        pytest.raises(openai.InternalServerError) as raised,
    ):
        asked(client, QUESTION, stream=stream)
    sentence = "More is asked of this server than it can answer in time; try again in a second."
    assert (raised.value.status_code, raised.value.body["message"], raised.value.body["type"]) == (
        503,
        sentence,
        "server_error",
    )


def test_the_key_is_the_servers_token(pipeline):
    with live(pipeline, token=SecretStr(TOKEN)) as address:
        with opened(address) as client, pytest.raises(openai.AuthenticationError, match="This server asks for a token"):
            client.models.list()
        with opened(address, TOKEN) as client:
            assert asked(client, QUESTION).choices[0].message.annotations[0].url_citation.url == NOBODY


# What an article may say to a front end that shows Markdown.

_SOURCE = "https://example.com/source"
_RENDERERS = [MarkdownIt("commonmark"), MarkdownIt("js-default", {"html": True})]
_HOSTILE = [
    "![x](http://evil/x.png)", "[a](http://evil)", "[a](javascript:alert(1))", "<img src=http://evil/x.png onerror=alert(1)>", "<b>so</b>", "<http://evil>",
    "<ann@evil.example>", "<1@evil.example>", "<!-- so -->", "<?php ?>", "<![CDATA[x]]>", "</p>", "[a [b] c](http://evil)", "[a][b]\n\n[b]: http://evil",
    "[1]\n\n[1]: http://evil 'x'", "x\n\n[1]: <http://evil>\n\ny", "![a][1]\n\n[1]:\nhttp://evil", "\\[a](http://evil)", "[a\\](http://evil)", "[a\\\\](http://evil)",
    "\\<img src=x>", "\\\\<img src=x>", "`[`a](http://evil)", "[`](http://evil)`", "[a]<b](http://evil)", "[a\nb](http://evil)", "[a](<http://evil>)", "[a]( http://evil )",
    "[![x](http://evil/x.png)](http://evil)", "x\n<div>\ny", "x\n\n<script>\ny", "> [a](http://evil)", "- ![a](http://evil)", "x\n```\ny", "x\n\n~~~\ny", "x\n   ```\n<b>", "`x",
    "“[a](http://evil)”", "&lt;img src=x&gt; &#91;a](http://evil)", "[a]:http://evil", "*[a](http://evil)*", "#[a](http://evil)", "x|[a](http://evil)\n-|-\n",
]  # fmt: skip


def composed(text, start, end, title="A title"):
    """The message of a quote and of another one behind it."""

    def quote(text, start, end, title):
        return Quote(
            "id", title, "s", _SOURCE, title, (), title, None, start, end, text[start:end], None, None, "0", None,
            Context(0, len(text), text), Scores(0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        )  # fmt: skip

    quotes = quote(text, start, end, title), quote("Quite plain.", 0, 5, "Plain")
    answers = tuple(Answer(one.text, 0.9, (one,)) for one in quotes)
    return ChatMessage(
        Reply("Q?", False, None, answers, (), {}, LibraryState(1, "e", "r")), lambda excerpt: excerpt.url
    )


def active(renderer, content):
    """What a message loads or leads to: pictures, HTML, and the addresses of links."""
    tokens = [token for block in renderer.parse(content) for token in [block, *(block.children or [])]]
    kinds = [token.type for token in tokens if token.type in {"image", "html_inline", "html_block"}]
    return kinds, [token.attrs["href"] for token in tokens if token.type == "link_open"]


def is_harmless(message):
    for renderer in _RENDERERS:
        assert active(renderer, message.content) == ([], [_SOURCE, _SOURCE]), message.content


@pytest.mark.parametrize("text", _HOSTILE)
def test_no_words_of_an_article_become_a_link_a_picture_or_html(text):
    for start in range(len(text)):
        is_harmless(composed(text, start, len(text)))
        is_harmless(composed(text, 0, start + 1))
    is_harmless(composed("Plain.", 0, 6, title=text))


_SIGNS = [*"[]()<>!\\:/`~ \n@a1\"'&#-=*|", "http://evil", "](http://evil)", "]: http://evil", "<b", "```", "\n\n"]
_MARKUP = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=25).map("".join)


@drawn(_MARKUP, _MARKUP, st.data())
def test_no_words_at_all_do(text, title, data):
    start = data.draw(st.integers(0, len(text) - 1))
    is_harmless(composed(text, start, data.draw(st.integers(start + 1, len(text))), title))


@pytest.mark.parametrize("text", [
    "The minister [sic] said so.", "3 < 4, and 5 > 4", "I <3 you", "a[0] and b[1]", "«Oui» (non) [1]", "f(x) = [x]", "C:\\news\\today", "so\\[it] is", "x <- y", "a < b(c)",
    "Is it? [pause] (laughs)", "50 % & more", "`tick` *bold* _it_ ~so~",
])  # fmt: skip
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize(("text", "shown"), [
    ("[a](b)", "[a\\](b)"), ("[a]: b", "[a\\]: b"), ("a <b", "a \\<b"), ("\\<b", "\\\\\\<b"), ("\\\\](", "\\\\\\\\\\]("), ("x\n ```\ny", "x\n \\```\ny"),
])  # fmt: skip
def test_what_is_no_ordinary_text_gets_a_backslash(text, shown):
    assert harmless(text) == shown


@pytest.mark.parametrize("text", [
    "![x](http://evil/x.png)", "[a](http://evil)", "<img src=http://evil/x.png onerror=alert(1)>", "<http://evil>", "<1@evil.example>", "<!-- so -->", "[a [b] c](http://evil)",
    "[a\\](http://evil)", "\\<img src=x>", "\\\\<img src=x>", "[a]:http://evil", "[a]<b](http://evil)", "<![CDATA[x]]>",
])  # fmt: skip
def test_what_a_front_end_shows_are_the_words_of_the_article(text):
    (paragraph,) = [block for block in _RENDERERS[0].parse(f"“{harmless(text)}”") if block.type == "inline"]
    assert "".join(token.content for token in paragraph.children) == f"“{text}”"


def test_a_hundred_thousand_signs_take_no_time():
    for text in (
        "\\" * 100_000,
        "<" * 100_000,
        "[" * 100_000,
        "](" * 50_000,
        "<a" * 50_000,
        "\n ```" * 20_000,
        "<" + "a" * 100_000,
    ):
        began = time.perf_counter()
        harmless(text)
        assert time.perf_counter() - began < 2


@pytest.mark.usefixtures("pipeline")
def test_a_hostile_article_is_harmless_from_end_to_end(library):
    text = (
        "The wizard keeps ![x](http://evil/x.png) and <img src=x onerror=alert(1)> in [the tower](javascript:alert(1))."
    )
    facts = {"url": 'https://example.com/a>b<img src=x> "c"', "outlet": "<b>Bell</b>", "published": "2026-01-01"}
    bad = Article(
        "bad",
        "Two\nlines ![x](http://evil)\n\n[1]: http://evil",
        text,
        "bad.txt",
        sha256="0",
        origin=article("x", text).origin,
        **facts,
    )
    list(add(library, HashEncoder(), [bad]))
    with live(over(library, reading(text, "in [the tower]", 9.0, "bad"))) as address, opened(address) as client:
        message = asked(client, "Where?").choices[0].message
    cited = message.annotations[0].url_citation
    assert cited.url == "https://example.com/a%3Eb%3Cimg%20src=x%3E%20%22c%22#:~:text=in%20%5Bthe%20tower%5D"
    assert message.content[cited.start_index : cited.end_index] == "in [the tower\\]"
    assert (
        "[1] Two lines ![x\\](http://evil) [1\\]: http://evil, \\<b>Bell\\</b>, 2026-01-01: <https://example.com/a%3E"
        in message.content
    )
    for renderer in _RENDERERS:
        assert active(renderer, message.content) == ([], [renderer.normalizeLink(cited.url)])
