import dataclasses
import json
import re
import time
from contextlib import contextmanager

import httpx
import pytest
from pydantic import SecretStr

from corpus.library import article_digest
from corpus.library.feedback import BadJudgement, Judgement, feedback
from corpus.library.judged_answers import judged_confidences
from index.filters import Filter
from index.ingest import add
from rag.answer import SyndicatedCopy, Words
from rag.api.app import create_app
from rag.assemble import assemble
from rag.citation.article_view import article_view
from rag.citation.formats import format_citation, with_citations
from rag.client import JobEnded, Misquoted, NotThere, Pullquote, ServiceBusy, ServiceError, Unreachable
from rag.conversation.query_rewriting import Earlier
from rag.draft.check import CheckOptions, check_draft
from rag.draft.draft_text import draft_of
from rag.locate.locate import locate
from rag.options import AskOptions
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving
from tests.rag.conftest import FERRY, article

QUESTION = "Was anybody on board hurt?"
EVENTS = {"content-type": "text/event-stream"}
NEW = "The harbour bell rang at noon. It had been silent for nine years."


@pytest.fixture
def address(pipeline):
    with serving(create_app(pipeline, settings())) as address:
        yield address


@pytest.fixture
def service(address):
    with Pullquote(address) as service:
        yield service


class Instead:
    """The app, but for the requests that the given function answers: with (status, headers, body)."""

    def __init__(self, app, answer):
        self.app = app
        self.answer = answer

    async def __call__(self, scope, receive, send):
        answered = self.answer(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if answered is None:
            await self.app(scope, receive, send)
            return
        status, headers, body = answered
        while (await receive()).get("more_body"):
            pass
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


class InTurn:
    """Gives these answers one after the other, then None; `asked` are the requests, at what time."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, method, path):
        self.asked.append((method, path, time.monotonic()))
        return self.answers.pop(0) if self.answers else None


@contextmanager
def asked_instead(pipeline, answer, **given):
    """A client of a server some of whose requests are answered otherwise."""
    with serving(Instead(create_app(pipeline, settings()), answer)) as address, Pullquote(address, **given) as service:
        yield service


def busy(status=503, after="1", detail="More is asked than can be answered."):
    return status, {"Retry-After": after} if after else {}, json.dumps({"detail": detail}).encode()


def copy(name, start=None, end=None, text=None):
    return SyndicatedCopy(name, name, f"{name}.txt", None, None, None, start, end, text)


def untimed(reply):
    return dataclasses.replace(reply, timing_ms={})


@pytest.mark.parametrize(("keywords", "asked"), [
    ({}, (10,)), ({"passages": 1}, (1,)), ({"threshold": 0.0}, (10, 0.0)), ({"threshold": 1}, (10, 1.0)),
    ({"threshold": 0, "only": Filter(outlet=("the bell",))}, (10, 0.0, Filter(outlet=("the bell",)))),
    ({"only": Filter(since="2027")}, (10, None, Filter(since="2027"))), ({"only": None, "threshold": None, "passages": None}, (10,)),
    ({"threshold": 0.0, "newest_first": True, "passages": 2}, (2, 0.0, None, True)),
])  # fmt: skip
def test_a_reply_is_the_pipelines(service, pipeline, keywords, asked):
    reply = service.ask(QUESTION, **keywords)
    assert untimed(reply) == untimed(pipeline.ask(QUESTION, AskOptions(*asked)))
    assert reply.timing_ms.keys() == {"retrieve", "read", "decide", "cite"}
    assert [untimed(one) for one in service.ask_all([QUESTION], **keywords)] == [untimed(reply)]
    *_, last = service.ask_in_steps(QUESTION, **keywords)
    assert untimed(last) == untimed(reply)


def test_a_question_follows_turns_before(service, pipeline):
    turns = (Earlier("What happened to the ferry Saint Brannoc?", "ran aground", None),)
    reply = service.ask("Was anybody hurt on it?", earlier=turns, threshold=0)
    same = pipeline.ask("Was anybody hurt on it?", AskOptions(10, 0.0, earlier=turns))
    assert reply.asked_as == "Was anybody hurt on the ferry Saint Brannoc?"
    assert untimed(reply) == untimed(same)


def test_quotes_come_with_the_citations_asked_for(service, pipeline):
    styles = ("markdown", "w3c", "csl-json", "ris")
    reply = service.ask(QUESTION, threshold=0, citations=styles)
    assert reply.answers == with_citations(
        pipeline.ask(QUESTION, AskOptions(10, 0.0)).answers, styles, pipeline.library
    )
    quote = reply.answers[0].quotes[0]
    assert service.citation(quote, "ris") == format_citation(quote, FERRY, "ris") == quote.citations["ris"]
    assert service.citation(quote, "markdown") == quote.citations["markdown"]
    assert json.loads(service.citation(quote, "csl-json")) == [quote.citations["csl-json"]]
    assert json.loads(service.citation(quote, "w3c"))["target"] == quote.citations["w3c"]["target"]


def test_passages_come_before_the_reply(service, pipeline):
    passages, reply = service.ask_in_steps(QUESTION, threshold=0.0)
    assert passages == pipeline.search(QUESTION, 10, "fused")
    assert (reply.question, reply.answers[0].text) == (QUESTION, "Nobody on board was hurt.")


def test_steps_can_be_left_before_the_end(service):
    for _ in range(20):
        assert next(service.ask_in_steps(QUESTION))[0].article_id == "ferry"
    assert service.health().articles == 2


def test_any_number_of_questions_are_asked_in_batches(pipeline):
    answer = InTurn()
    with asked_instead(pipeline, answer) as service:
        questions = [QUESTION, "When will the cannery close?"] * 101
        replies = service.ask_all(iter(questions), threshold=0.0)
        assert [one.question for one in replies] == questions
        assert untimed(replies[201]) == untimed(pipeline.ask(questions[1], AskOptions(10, 0.0)))
        assert [path for _, path, _ in answer.asked] == ["/v1/answers"] * 3
        assert service.ask_all([]) == []
        with pytest.raises(ServiceError, match=r"^Question 2: ") as told:
            service.ask_all([QUESTION] * 101 + [""])
        assert told.value.__notes__ == ["The 100 questions before were replied to; the service counts from there."]


def test_what_no_question_is_asked_with_is_told_before_it_is_sent(service):
    for ask in (service.ask, service.ask_all, lambda one, **keywords: list(service.ask_in_steps(one, **keywords))):
        with pytest.raises(TypeError, match="nothing is asked with 'treshold', only with passages, threshold"):
            ask("Q?", treshold=1)


@pytest.mark.parametrize(("ask", "status", "detail"), [
    (lambda service: service.ask(""), 422, "The question is empty; ask one of at least one character."),
    (lambda service: list(service.ask_in_steps("")), 422, "The question is empty; ask one of at least one character."),
    (lambda service: service.ask("Q?", passages=0), 422, "The field 'passages' cannot be taken: Input should be greater than or equal to 1; see /docs for what can."),
    (lambda service: service.ask_all(["Q?", ""]), 422, "Question 2: The question is empty; ask one of at least one character."),
    (lambda service: service.locate("…"), 422, "The quote has no letter or digit; paste some words of an article."),
    (lambda service: service.search("ferry", only=Filter(article=("gone",))), 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    (lambda service: service.article("gone"), 404, "There is no article 'gone' in the library; `pullquote list` shows those there are."),
    (lambda service: service.article(".."), 404, "There is no article '..' in the library; `pullquote list` shows those there are."),
    (lambda service: service.remove("🦀?a=b#c"), 404, "There is no article '🦀?a=b#c' in the library; `pullquote list` shows those there are."),
    (lambda service: service.article("a/b"), 404, "There is nothing at this address; /docs lists what there is."),
    (lambda service: service.job("gone"), 404, "There is no job 'gone'; those that were done long ago are forgotten."),
    (lambda service: service.cancel("gone"), 404, "There is no job 'gone'; those that were done long ago are forgotten."),
])  # fmt: skip
def test_the_services_sentence_is_the_mistakes(service, ask, status, detail):
    with pytest.raises(ServiceError) as told:
        ask(service)
    assert (told.value.status, told.value.detail, str(told.value)) == (status, detail, detail)
    assert isinstance(told.value, NotThere) == (status == 404)


def test_what_is_no_text_is_for_the_service_to_judge(service, pipeline):
    for text in ("\ud800", "\0"):
        with pytest.raises(ServiceError) as told:
            service.ask(text)
        assert told.value.status == 422
    assert untimed(service.ask(f"{QUESTION}\udfff")) == untimed(pipeline.ask(f"{QUESTION}\udfff", AskOptions(10)))


@pytest.mark.parametrize("identity", ["", "\ud800"])
def test_an_id_that_is_none_is_a_mistake(service, identity):
    for call in (service.article, service.remove, service.restore, service.job, service.cancel):
        with pytest.raises(ServiceError):
            call(identity)
    assert service.health().articles == 2


def test_a_search_and_a_place_are_the_pipelines(service, pipeline):
    assert service.search("cannery June", 1, "lexical") == pipeline.search("cannery June", 1, "lexical")
    assert service.search("the", only=Filter(since="2026"), newest_first=True) == pipeline.search(
        "the", 10, "fused", Filter(since="2026"), True
    )
    for quote in ("“Nobody on board was hurt.”", "Nobody at all on board was hurt", "zebra crossing quarrel", "e"):
        for most in (1, 10):
            expected = locate(pipeline.library, pipeline.retriever, quote, most)
            assert service.locate(quote, most) == expected


def test_a_draft_is_checked_as_the_pipeline_checks_it(service, pipeline):
    draft = "It said “The ferry Saint Brannoc ran aground”, and the “owner” is “Ninety cats lose their work”."
    for short, most in ((False, 10), (True, 1)):
        expected = check_draft(pipeline, draft_of(draft), CheckOptions(short, most))
        assert service.check_draft(draft, short=short, most=most) == expected
    assert [one.verdict for one in expected.quotations] == ["exact", "exact", "altered"]
    with pytest.raises(ServiceError, match="The draft is empty"):
        service.check_draft("")


def test_articles_are_listed_over_all_pages_and_shown_whole(service, pipeline, monkeypatch):
    monkeypatch.setattr("rag.client._PAGE", 2)
    library = pipeline.library
    more = [article(f"n{number}", f"Number {number} of many.", language="en") for number in range(5)]
    list(add(library, HashEncoder(), more))
    assert list(service.articles()) == library.headers()
    assert [one.id for one in service.articles(Filter(language=("en",)))] == ["n0", "n1", "n2", "n3", "n4"]
    assert [one.id for one in service.articles(Filter(outlet=("THE BELL",), since="2026-02"))] == ["ferry"]
    assert list(service.articles(Filter(since="2027"))) == []
    assert service.article("cannery") == article_view(library, "cannery")
    assert service.article("ferry").text == FERRY


def test_the_page_of_a_quote_can_be_opened(service):
    quote = service.ask(QUESTION, threshold=0).answers[0].quotes[0]
    page = httpx.get(service.view_url(quote))
    assert page.status_code == 200
    assert re.search('<mark[^>]*id="quoted"[^>]*>Nobody on board was hurt.</mark>', page.text)
    odd = dataclasses.replace(quote, article_id="a/b é")
    assert service.view_url(odd).endswith("/v1/articles/a%2Fb%20%C3%A9/view?start=47&end=72#quoted")


def test_files_are_added_and_an_article_taken_out(service, pipeline, tmp_path):
    path = tmp_path / "Die Fähre 🚢 «neu».txt"
    path.write_text(NEW, encoding="utf-8")
    seen = []
    entries = service.add(path, ("日本語/ñandú.md", b"# Bells\n\nThe \xf0\x9f\x94\x94 rang."), progress=seen.append)
    assert [(one.source, one.outcome) for one in entries] == [
        ("upload:Die Fähre 🚢 «neu».txt", "added"),
        ("upload:日本語/ñandú.md", "added"),
    ]
    assert [(seen[-1].status, seen[-1].read, seen[-1].counts)] == [("done", 2, {"added": 2})]
    assert seen[-1] == service.job(seen[-1].id)
    assert service.jobs()[0] == dataclasses.replace(seen[-1], entries=())  # those are at the job's own address
    assert len(seen) == len({json.dumps(dataclasses.asdict(one)) for one in seen})
    assert service.article(entries[0].article_id).text == NEW
    assert service.ask("When did the harbour bell ring?", threshold=0).answers[0].quotes[0].text in NEW
    assert [one.outcome for one in service.add(path)] == ["skipped"]
    header = service.article(entries[1].article_id)
    assert service.remove(header.id).title == header.title == "Bells"
    with pytest.raises(NotThere):
        service.article(header.id)
    assert service.health() == dataclasses.replace(service.health(), articles=3)
    assert service.restore(header.id).id == header.id
    assert service.article(header.id).title == "Bells"
    with pytest.raises(NotThere):
        service.restore(header.id)


def test_a_job_goes_on_behind_what_it_refuses(service):
    entries = service.add(
        ("empty.txt", b""), "http://127.0.0.1/private", ("new.txt", NEW.encode()), ("broken.pdf", b"%PDF-"), "ftp://a/b"
    )
    told = {one.source: one for one in entries}
    assert {source: one.outcome for source, one in told.items()} == {
        "upload:empty.txt": "refused", "upload:new.txt": "added", "upload:broken.pdf": "refused",
        "http://127.0.0.1/private": "refused", "ftp://a/b": "refused",
    }  # fmt: skip
    assert all(bool(one.reason) == (one.outcome == "refused") for one in entries)
    assert service.add() == ()


def test_a_file_that_is_not_there_sends_nothing(service, tmp_path):
    with pytest.raises(FileNotFoundError):
        service.add(("new.txt", NEW.encode()), tmp_path / "none.txt")
    assert service.jobs() == ()


def test_a_job_that_is_cancelled_is_told_of(service):
    jobs = []

    def stop(job):
        jobs.append(job)
        service.cancel(job.id)

    with pytest.raises(
        JobEnded, match=r"^The job was cancelled before it was done\. \d+ of 300 sources were read;"
    ) as told:
        service.add(*((f"{number}.txt", f"{number} {NEW}".encode()) for number in range(300)), progress=stop)
    assert told.value.job == service.job(jobs[0].id)
    assert told.value.job.status == "cancelled"


def test_a_job_that_failed_says_why(library):
    encoder = HashEncoder()
    app = create_app(assemble(library, encoder, SentenceReader(encoder), Settings()), settings())
    list(add(library, HashEncoder("other"), [article("ferry", FERRY)]))
    with serving(app) as address, Pullquote(address, patience=0) as service:
        with pytest.raises(JobEnded, match="was built with the encoder other@000000000000") as told:
            service.add(("new.txt", NEW.encode()))
        assert (told.value.job.status, service.health().articles) == ("failed", 1)
        assert service.ready() is False
        with pytest.raises(ServiceBusy, match="was built with the encoder other@000000000000"):
            service.ask(QUESTION)


def test_quotes_are_judged(service, pipeline):
    quote = service.ask(QUESTION, threshold=0).answers[0].quotes[0]
    right = service.feedback(QUESTION, "right", quote, service.ask(QUESTION, threshold=0))
    (kept,) = judged_confidences(pipeline.library, "hash@000000000000", "sentence")
    assert (kept.question, 0 < kept.confidence < 1, kept.is_right) == (QUESTION, True, True)
    assert dataclasses.replace(right, judged="") == Judgement(QUESTION, "right", "ferry", 47, 72, quote.text)
    nothing = service.feedback("Who won?", "nothing")
    better = service.feedback(QUESTION, "better", quote)
    assert [one.judgement for one in feedback(pipeline.library)] == [nothing, better]
    again = service.ask(QUESTION)
    assert (again.answers[0].text, again.answers[0].judged) == (quote.text, "given")
    service.feedback(QUESTION, "right", quote, again)  # which no model said
    assert judged_confidences(pipeline.library, "hash@000000000000", "sentence") == []
    with pytest.raises(BadJudgement):
        service.feedback(QUESTION, "wrong")
    with pytest.raises(ServiceError, match="Other words stand at 47-72 of article ferry") as told:
        service.feedback(QUESTION, "right", dataclasses.replace(quote, text="Somebody on board was hurt"))
    assert told.value.status == 422


def test_the_service_says_how_it_is(service):
    assert dataclasses.astuple(service.health()) == (2, 2, 1)
    assert service.ready() is True
    service.ask(QUESTION)
    assert "pullquote_questions_total 1.0" in service.metrics().splitlines()


def test_offsets_behind_an_emoji_and_unseen_line_ends_hold(service, pipeline):
    text = "🚢🇫🇷 Ships\u2028and\u2029boats\x85 e\u0301. The 🐈‍⬛ of Merrin slept\u2028on the quay.\n\n\xa0Nothing else."
    list(add(pipeline.library, HashEncoder(), [article("cat", text)]))
    question = "Where slept the cat of Merrin on the quay?"
    reply = service.ask(question, threshold=0, verify=True)
    quote = reply.answers[0].quotes[0]
    assert quote.article_id == "cat"
    assert quote.text == service.article("cat").text[quote.start : quote.end]
    passages, last = service.ask_in_steps(question, threshold=0)
    assert untimed(last) == untimed(reply) == untimed(pipeline.ask(question, AskOptions(10, 0.0)))
    assert text in {one.text for one in passages}


def test_a_reply_is_verified_with_one_look_at_each_article(pipeline):
    answer = InTurn()
    list(add(pipeline.library, HashEncoder(), [article("again", "The strike began. Nobody on board was hurt.")]))
    with asked_instead(pipeline, answer) as service:
        reply = service.ask(QUESTION, threshold=0, verify=True)
        format_citation = {quote.article_id for one in reply.answers for quote in (*one.quotes, *reply.related)}
        assert len(format_citation) >= 2
        assert sorted(path for _, path, _ in answer.asked) == sorted(
            ["/v1/answer", *(f"/v1/articles/{name}" for name in format_citation)]
        )


def test_words_that_were_changed_on_their_way_are_told_of(pipeline):
    real = json.dumps(dataclasses.asdict(pipeline.ask(QUESTION, AskOptions(10, 0.0))))
    untrue = real.replace("Nobody", "Nobod\N{CYRILLIC SMALL LETTER U}").encode()
    with asked_instead(pipeline, lambda _, path: (200, {}, untrue) if path == "/v1/answer" else None) as service:
        reply = service.ask(QUESTION)
        assert "Nobody" not in reply.answers[0].text
        with pytest.raises(Misquoted, match=r"do not stand where they are quoted from, in article 'ferry'; ask again"):
            service.ask(QUESTION, verify=True)


def test_an_article_that_changed_meanwhile_is_told_of(service, pipeline):
    reply = service.ask(QUESTION, threshold=0, verify=True)
    library = pipeline.library
    with library.writing():
        library.connection.execute("UPDATE article SET text = replace(text, 'Nobody', 'N0body')")
    with pytest.raises(
        ServiceError, match=r"^The article 'ferry' is damaged in the library, and nothing of it is quoted"
    ):
        service.verify(reply)
    with library.writing():
        article_digest.seal(library.connection, "ferry")  # as if it had been added so
    with pytest.raises(Misquoted):
        service.verify(reply)
    service.remove("ferry")
    with pytest.raises(Misquoted):
        service.verify(reply)


@pytest.mark.parametrize("forged", [
    lambda answer, _: dataclasses.replace(answer, text="Everybody was hurt."),
    lambda answer, _: dataclasses.replace(answer, quotes=()),
    lambda answer, quote: dataclasses.replace(answer, quotes=(dataclasses.replace(quote, start=quote.start - len(FERRY), end=quote.end - len(FERRY)),)),
    lambda answer, quote: dataclasses.replace(answer, quotes=(quote, dataclasses.replace(quote, end=quote.end + 10**6))),
    lambda answer, quote: dataclasses.replace(answer, quotes=(dataclasses.replace(quote, context=dataclasses.replace(quote.context, text="Nobody on board was hurt, he lied.")),)),
    lambda answer, quote: dataclasses.replace(answer, quotes=(dataclasses.replace(quote, copies=(copy("cannery", 4, 11, "factory"),)),)),
    lambda answer, quote: dataclasses.replace(answer, quotes=(dataclasses.replace(quote, parts=(Words(quote.start, quote.start + 6, "Nobod1"),)),)),
    lambda answer, quote: dataclasses.replace(answer, quotes=(dataclasses.replace(quote, parts=(Words(4, 9, "ferry"),)),)),
])  # fmt: skip
def test_whatever_is_forged_in_an_answer_is_seen(service, forged):
    reply = service.ask(QUESTION, threshold=0)
    first, *others = reply.answers
    printed = dataclasses.replace(first.quotes[0], copies=(copy("gone"), copy("cannery", 4, 11, "cannery")))
    start = printed.start
    printed = dataclasses.replace(printed, parts=(Words(start, start + 6, "Nobody"),))
    service.verify(dataclasses.replace(reply, answers=(dataclasses.replace(first, quotes=(printed,)), *others)))
    with pytest.raises(Misquoted):
        service.verify(dataclasses.replace(reply, answers=(*others, forged(first, first.quotes[0]))))
    service.verify(dataclasses.replace(reply, disputed=(first,)))
    with pytest.raises(Misquoted):
        service.verify(dataclasses.replace(reply, disputed=(first, forged(first, first.quotes[0]))))


def test_a_false_passage_is_seen_among_those_related(service):
    reply = service.ask(QUESTION, threshold=1)
    assert reply.abstained
    service.verify(reply)
    *others, last = reply.related
    for false in ({"text": f"{last.text} "}, {"start": last.start + 1}, {"end": last.end + 1}, {"article_id": "gone"}):
        with pytest.raises(Misquoted, match="do not stand where they are quoted from"):
            service.verify(dataclasses.replace(reply, related=(*others, dataclasses.replace(last, **false))))


def test_a_busy_service_is_asked_again_when_it_says(pipeline):
    answer = InTurn(busy(after="1"), busy(429, "0"))
    with asked_instead(pipeline, answer) as service:
        assert untimed(service.ask(QUESTION)) == untimed(pipeline.ask(QUESTION, AskOptions(10)))
    first, second, third = [when for *_, when in answer.asked]
    assert 1 <= second - first < 3
    assert 0.1 <= third - second < 2


@pytest.mark.parametrize(("patience", "after"), [(0, "1"), (0, "0"), (5, "6"), (30, None), (30, "Fri, 31 Dec 2027 23:59:59 GMT")])  # fmt: skip
def test_patience_has_an_end(pipeline, patience, after):
    answer = InTurn(busy(after=after))
    with asked_instead(pipeline, answer, patience=patience) as service, pytest.raises(ServiceBusy) as told:
        service.ask(QUESTION)
    assert str(told.value) == "More is asked than can be answered."
    assert told.value.retry_after == (int(after) if after and after.isdecimal() else None)
    assert len(answer.asked) == 1


def test_what_may_have_been_done_is_not_asked_for_again(pipeline):
    answer = InTurn(busy(), busy(), busy(), busy(429, "0"))
    with asked_instead(pipeline, answer) as service:
        for call in (lambda: service.remove("ferry"), lambda: service.add(("new.txt", NEW.encode()))):
            with pytest.raises(ServiceBusy):
                call()
        assert service.ready() is False
        assert (len(answer.asked), service.health().articles) == (3, 2)
        assert [one.outcome for one in service.add(("new.txt", NEW.encode()))] == ["added"]


def test_steps_wait_for_a_busy_service_too(pipeline):
    with asked_instead(pipeline, InTurn(busy(after="0"))) as service:
        passages, reply = service.ask_in_steps(QUESTION)
    assert (passages[0].article_id, reply.question) == ("ferry", QUESTION)


def test_a_mistake_between_the_steps_is_told(pipeline):
    begun = b'event: passages\ndata: {"passages": []}\n\n: ping\n\n'
    failed = begun + b'event: error\r\ndata: {"detail": "Try again in a second."}\r\n\r\n'
    with asked_instead(
        pipeline,
        InTurn((200, EVENTS, failed), (200, EVENTS, begun), (200, EVENTS, begun + b"event: answer\ndata: [\n\n")),
    ) as service:
        for sentence in (
            "Try again in a second.",
            "The service ended before it had answered; ask again.",
            "The service's answer cannot be read",
        ):
            steps = service.ask_in_steps(QUESTION)
            assert next(steps) == ()
            with pytest.raises(ServiceError, match=sentence) as told:
                next(steps)
            assert told.value.status is None


def test_fields_of_a_newer_service_do_no_harm(pipeline):
    real = dataclasses.asdict(pipeline.ask(QUESTION, AskOptions(10, 0.0)))

    def newer(value):
        if isinstance(value, dict):
            return {name: newer(one) for name, one in value.items()} | {"invented_2031": {"x": [1]}}
        return [newer(one) for one in value] if isinstance(value, list | tuple) else value

    body = newer(real) | {"timing_ms": {}}
    with asked_instead(pipeline, lambda *_: (200, {}, json.dumps(body).encode())) as service:
        reply = service.ask(QUESTION)
    kept = [dataclasses.replace(quote, citations={}) for one in reply.answers for quote in one.quotes]
    assert kept == [quote for one in pipeline.ask(QUESTION, AskOptions(10, 0.0)).answers for quote in one.quotes]


@pytest.mark.parametrize(("status", "body", "sentence"), [
    (200, b"<html>", "The service's answer cannot be read (the whole: Invalid JSON"),
    (200, b'{"question": "Q?"}', "The service's answer cannot be read (abstained: Field required); see that the address is that of a Pullquote service"),
    (200, b"\xff", "The service's answer cannot be read"),
    (502, b"<html>", "ADDRESS answers 502 Bad Gateway; see that this is the address of a Pullquote service."),
    (500, b'["detail"]', "ADDRESS answers 500 Internal Server Error; see"), (301, b"", "ADDRESS answers 301 Moved Permanently; see"), (599, b"{}", "ADDRESS answers 599; see"),
    (401, b'{"detail": "Bring a token."}', "Bring a token."),
])  # fmt: skip
def test_another_server_is_told_of_in_one_sentence(pipeline, status, body, sentence):
    with asked_instead(pipeline, lambda *_: (status, {}, body)) as service:
        address = service.view_url(pipeline.search("ferry", 1, "fused")[0]).partition("/v1")[0]
        with pytest.raises(ServiceError) as told:
            service.ask(QUESTION)
    assert str(told.value).startswith(sentence.replace("ADDRESS", address))
    assert told.value.status == (None if status == 200 else status)


def test_the_token_is_brought(pipeline):
    token = "a token of its own"
    with serving(create_app(pipeline, settings(token=SecretStr(token)))) as address:
        with Pullquote(address + "/", f"{token}\n") as service:
            assert service.ask(QUESTION, threshold=0).answers[0].text == "Nobody on board was hurt."
        for wrong in (None, "another"):
            with Pullquote(address, wrong) as service, pytest.raises(ServiceError, match="asks for a token") as told:
                service.ask(QUESTION)
            assert told.value.status == 401


def test_that_nobody_answers_is_told_with_a_way_out(pipeline):
    with serving(create_app(pipeline, settings())) as address:
        pass
    with Pullquote(address) as service, pytest.raises(Unreachable) as told:
        service.ask(QUESTION)
    assert str(told.value).startswith(f"Nothing answers at {address} (")
    assert str(told.value).endswith("; start the service with `pullquote serve`, or name the address it has.")


@pytest.mark.parametrize(("failure", "sentence"), [
    (httpx.ReadTimeout("slow"), "The service at http://x was silent for too long; try again, or give it a longer `timeout`."),
    (httpx.RemoteProtocolError("cut off"), "No whole answer came from http://x (cut off); see that the address is right, and try again."),
])  # fmt: skip
def test_a_connection_that_fails_is_told_in_one_sentence(failure, sentence):
    def fail(request):
        raise failure

    with Pullquote("http://x", transport=httpx.MockTransport(fail)) as service:
        for call in (service.health, lambda: list(service.ask_in_steps(QUESTION)), lambda: service.add(("a", b""))):
            with pytest.raises(Unreachable) as told:
                call()
            assert str(told.value) == sentence


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "", "ftp://a", "http://a:b:c", "http://[::1"])
def test_what_is_no_address_is_told_at_once(address):
    with pytest.raises(Unreachable):
        Pullquote(address)


def test_a_service_may_live_below_a_path():
    asked = []

    def answer(request):
        asked.append(str(request.url))
        return httpx.Response(200, json={"articles": 1, "passages": 2, "generation": 3})

    with Pullquote("https://example.org/library/", transport=httpx.MockTransport(answer)) as service:
        assert dataclasses.astuple(service.health()) == (1, 2, 3)
    assert asked == ["https://example.org/library/health"]
