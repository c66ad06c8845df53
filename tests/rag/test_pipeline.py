import dataclasses
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from math import exp

import pytest

from corpus.article import Article, Span
from corpus.library.store import NoSuchArticle
from index.encoder.checksums import write_checksums
from index.filters import Filter
from index.ingest import add, remove
from index.manifest import StaleIndex
from index.search import HybridIndex
from rag.answer import WHY, LibraryState, SyndicatedCopy, Words
from rag.assemble import assemble, open_reader
from rag.calibration import ReaderCard
from rag.citation.cite import BrokenQuote
from rag.conversation.query_rewriting import Earlier
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import BadQuestion, CheckedQuestion
from rag.reader.careful import CarefulReader
from rag.reader.read import SHIPPED, UnknownReader
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.rag.conftest import CANNERY, FERRY, SetReader, article, hit, reading
from tests.rag.decision.test_near_duplicates import OWN, WIRE

# The fields of a reply, listed by hand: clients rely on each.
REPLY = {
    "question",
    "abstained",
    "reason",
    "answers",
    "related",
    "timing_ms",
    "library",
    "read_as",
    "asked_as",
    "disputed",
    "why",
}
ANSWER = {"text", "confidence", "quotes", "judged"}
EXCERPT = {"article_id", "title", "source", "url", "published", "page", "start", "end", "text", "source_start", "source_end", "sha256",
           "fragment_url", "scores"} | {"outlet", "authors"}  # fmt: skip
QUOTE = EXCERPT | {"context", "copies", "citations", "parts"}
RETRIEVAL = {"dense", "lexical", "fused"}


def test_a_question_that_the_library_answers(pipeline, library):
    reply = pipeline.ask(" Was anybody on board hurt, nobody on board was hurt?", AskOptions(10, threshold=0.5))
    assert (reply.question, reply.abstained, reply.reason) == (
        "Was anybody on board hurt, nobody on board was hurt?",
        False,
        None,
    )
    quote = reply.answers[0].quotes[0]
    assert quote.text == reply.answers[0].text == "Nobody on board was hurt."
    assert (quote.article_id, quote.start, quote.end, quote.source_start, quote.source_end) == ("ferry", 47, 72, 47, 72)
    assert Span(quote.start, quote.end).cut(library.article("ferry").text) == quote.text
    assert quote.fragment_url == "https://example.com/ferry#:~:text=Nobody%20on%20board%20was%20hurt."
    assert reply.library == LibraryState(1, "hash@000000000000", "sentence")
    assert reply.timing_ms.keys() == {"retrieve", "read", "decide", "cite"}
    assert all(spent >= 0 for spent in reply.timing_ms.values())


def test_the_threshold_decides_and_the_readers_own_is_the_default(library, pipeline):
    question = "Will the cannery close in June?"
    margin = max(one.margin for one in pipeline.trace(CheckedQuestion(question, AskOptions(10))).readings)
    confidence = 1 / (1 + exp(5.3 - 6.7 * margin))  # the sentence reader's own curve
    assert not pipeline.ask(question, AskOptions(10, confidence - 1e-9)).abstained
    assert pipeline.ask(question, AskOptions(10, confidence + 1e-9)).reason == "weak_evidence"
    reader = SetReader([reading(FERRY, "Saint Brannoc", 0.0, "ferry")])  # a confidence of 0.5
    set_pipeline = Pipeline(library, HybridIndex(library, HashEncoder()), reader, HashEncoder())
    [answer] = set_pipeline.ask("Which ferry?", AskOptions(10)).answers
    assert (answer.text, answer.confidence) == ("Saint Brannoc", 0.5)
    reader.readings = [reading(FERRY, "Saint Brannoc", -0.001, "ferry")]
    assert set_pipeline.ask("Which ferry?", AskOptions(10)).reason == "weak_evidence"
    assert set_pipeline.ask("Which ferry?", AskOptions(10, 0.0)).answers[0].text == "Saint Brannoc"


def test_an_abstention_shows_passages_that_are_no_answers(pipeline):
    reply = pipeline.ask("Who painted the Mona Lisa?", AskOptions(10, threshold=1.0))
    assert (reply.abstained, reply.reason, reply.answers) == (True, "weak_evidence", ())
    assert {related.article_id for related in reply.related} == {"ferry", "cannery"}


def test_reasons_come_from_the_library_and_the_question(library, pipeline):
    assert pipeline.ask("???", AskOptions(10, 0.0)).reason == "no_words"
    remove(library, ["ferry", "cannery"])
    assert pipeline.ask("Who?", AskOptions(10)).reason == "empty_library"
    assert pipeline.ask("???", AskOptions(10)).reason == "empty_library"
    assert pipeline.search("Who?", 5, "fused") == ()


@pytest.mark.parametrize("typed", ["hi", "Thanks!", "Hi, how are you?", "How do I add a PDF?"])
def test_small_talk_is_not_put_to_the_library(library, pipeline, typed):
    reply = pipeline.ask(typed, AskOptions(10, 0.0))
    assert (reply.abstained, reply.reason, reply.answers, reply.related) == (True, "small_talk", (), ())
    assert (reply.asked_as, reply.why) == (None, WHY["small_talk"])
    found, in_steps = pipeline.ask_in_steps(CheckedQuestion(typed, AskOptions(10, 0.0)))
    assert (found, dataclasses.replace(in_steps, timing_ms={})) == ((), dataclasses.replace(reply, timing_ms={}))
    remove(library, ["ferry", "cannery"])
    assert pipeline.ask(typed, AskOptions(10)).reason == "small_talk"


def test_a_question_with_a_greeting_is_asked_as_usual(pipeline):
    plain = pipeline.ask("Was anybody on board hurt?", AskOptions(10, 0.0))
    greeted = pipeline.ask("Hello! Was anybody on board hurt?", AskOptions(10, 0.0))
    assert greeted.answers == plain.answers
    assert (greeted.question, greeted.asked_as, greeted.why) == ("Hello! Was anybody on board hurt?", None, None)


def test_an_answer_of_another_kind_is_not_given_and_the_reason_is_not_that_nothing_is_near(library):
    reader = SetReader([reading(FERRY, "Monday", 9.0, "ferry")])
    pipeline = Pipeline(library, HybridIndex(library, HashEncoder()), reader, HashEncoder())
    list(add(library, HashEncoder(), [article("ferry", FERRY)]))
    assert pipeline.ask("When did it run aground?", AskOptions(10)).answers[0].text == "Monday"
    asked = pipeline.ask("Who ran aground?", AskOptions(10, 0.0))
    assert (asked.reason, asked.why) == ("weak_evidence", WHY["weak_evidence"])


def test_the_json_of_a_reply_has_the_contracts_names(pipeline):
    answered = json.loads(
        json.dumps(dataclasses.asdict(pipeline.ask("Nobody on board was hurt?", AskOptions(1, 0.1))), allow_nan=False)
    )
    assert answered.keys() == REPLY
    assert answered["library"].keys() == {"generation", "encoder", "reader"}
    [answer] = answered["answers"]
    assert answer.keys() == ANSWER
    [quote] = answer["quotes"]
    assert quote.keys() == QUOTE
    assert quote["context"].keys() == {"start", "end", "text"}
    assert quote["scores"].keys() == RETRIEVAL | {"span", "null", "margin"}
    abstained = json.loads(json.dumps(dataclasses.asdict(pipeline.ask("Who?", AskOptions(10, 1.0))), allow_nan=False))
    assert abstained.keys() == REPLY
    assert abstained["related"][0].keys() == EXCERPT
    assert abstained["related"][0]["scores"].keys() == RETRIEVAL


def test_words_that_do_not_stand_in_the_library_are_never_sent(library, pipeline):
    wrong = FERRY.replace("Saint", "Snait")
    broken = Pipeline(
        library,
        HybridIndex(library, HashEncoder()),
        SetReader([reading(wrong, "Snait Brannoc", 9.0, "ferry")]),
        HashEncoder(),
    )
    with pytest.raises(BrokenQuote, match="10-23 of article ferry"):
        broken.ask("Which ferry?", AskOptions(10))


def test_a_reply_comes_from_one_generation_whatever_is_written_meanwhile(library):
    encoder = HashEncoder()
    list(add(library, encoder, [article("ferry", FERRY), article("cannery", CANNERY)]))

    class Slow(SetReader):
        """While it reads, the article it was given is replaced and the other removed."""

        def read(self, question, hits):
            changed = Article("ferry", "Other", "Nothing of all that stands here any more.", "ferry.txt", sha256="new")
            with ThreadPoolExecutor(1) as other:
                other.submit(lambda: [list(add(library, encoder, [changed])), remove(library, ["cannery"])]).result()
            return [reading(FERRY, "Saint Brannoc", 9.0, "ferry"), reading(CANNERY, "Hollin Quay", 8.0, "cannery")]

    reply = Pipeline(library, HybridIndex(library, encoder), Slow([]), encoder).ask("Which ferry?", AskOptions(10))
    assert [answer.text for answer in reply.answers] == ["Saint Brannoc", "Hollin Quay"]
    assert reply.library.generation == 1
    assert library.generation == 3


def test_a_search_gives_passages_in_their_order(pipeline):
    found = pipeline.search("cannery close June", 5, "lexical")
    assert [one.article_id for one in found] == ["cannery"]
    assert found[0].text == CANNERY
    assert found[0].scores.fused == found[0].scores.lexical > 0
    with pytest.raises(BadQuestion):
        pipeline.search(" ", 5, "fused")


def test_a_reranked_search_is_in_the_order_of_what_was_read(library, pipeline):
    fused = [one.article_id for one in pipeline.search("Which ferry?", 5, "fused")]
    assert fused == ["ferry", "cannery"]
    reader = SetReader([reading(CANNERY, "Hollin Quay", 9.0, "cannery"), reading(FERRY, "Saint Brannoc", 1.0, "ferry")])
    reading_pipeline = Pipeline(library, HybridIndex(library, HashEncoder()), reader, HashEncoder())
    found = reading_pipeline.search("Which ferry?", 5, "reranked")
    assert [one.article_id for one in found] == ["cannery", "ferry"]
    assert found == tuple(reversed(pipeline.search("Which ferry?", 5, "fused")))  # the scores are those of the search
    assert [one.article_id for one in reading_pipeline.search("Which ferry?", 1, "reranked")] == ["cannery"]
    only = Filter(article=("ferry",))
    assert [one.article_id for one in reading_pipeline.search("Which ferry?", 5, "reranked", only)] == ["ferry"]


def test_a_trace_holds_what_the_models_said(pipeline):
    trace = pipeline.trace(CheckedQuestion("  Which ferry?  ", AskOptions(1)))
    assert trace.question == "Which ferry?"
    assert [one.passage.article_id for one in trace.hits] == ["ferry"]
    assert [one.passage.article_id for one in trace.readings] == ["ferry"]
    assert trace.seconds.keys() == {"retrieve", "read"}


def test_what_was_repaired_is_searched_for_and_read_and_told(pipeline, monkeypatch):
    monkeypatch.setattr(pipeline.retriever, "repaired", lambda query: query.replace("fery", "ferry"))
    trace = pipeline.trace(CheckedQuestion("Which fery?", AskOptions(1)))
    assert (trace.question, trace.read_as) == ("Which fery?", "Which ferry?")
    assert trace.hits == pipeline.trace(CheckedQuestion("Which ferry?", AskOptions(1))).hits
    assert trace.readings == pipeline.trace(CheckedQuestion("Which ferry?", AskOptions(1))).readings
    assert pipeline.trace(CheckedQuestion("Which ferry?", AskOptions(1))).read_as is None
    assert pipeline.ask("Which fery?", AskOptions(1)).read_as == "Which ferry?"
    assert pipeline.search("fery", 1, "lexical") == pipeline.search("ferry", 1, "lexical") != ()


def test_the_items_of_a_list_are_cited_with_their_places(library, pipeline):
    listed = reading(FERRY, "Saint Brannoc ran aground on Monday", 9.0, "ferry")
    items = [reading(FERRY, words, 9.0, "ferry").span for words in ("Saint Brannoc", "Monday")]
    set_reader = SetReader([dataclasses.replace(listed, parts=tuple(items))])
    asked = Pipeline(library, HybridIndex(library, HashEncoder()), set_reader, HashEncoder())
    [quote] = asked.ask("Which ferry ran aground when?", AskOptions(10)).answers[0].quotes
    assert quote.text == "Saint Brannoc ran aground on Monday"
    assert quote.parts == (Words(10, 23, "Saint Brannoc"), Words(39, 45, "Monday"))
    set_reader.readings = [dataclasses.replace(listed, parts=(items[0], reading(FERRY, "Nobody", name="ferry").span))]
    with pytest.raises(BrokenQuote, match="47-53 of article ferry"):
        asked.ask("Which ferry ran aground when?", AskOptions(10))


def test_a_reading_of_a_passage_that_was_not_retrieved_is_an_error(library, pipeline):
    stray = Pipeline(
        library,
        HybridIndex(library, HashEncoder()),
        SetReader([reading(FERRY, "Saint", 9.0, "ferry", start=3)]),
        HashEncoder(),
    )
    with pytest.raises((KeyError, BrokenQuote)):
        stray.ask("Which ferry?", AskOptions(10))
    assert hit("a", "x").passage.id == "a:0-1"


def test_many_threads_get_the_reply_that_one_gets(pipeline):
    questions = ["Was anybody hurt on board?", "Will the cannery close?", "Which ferry ran aground?"] * 4
    alone = [dataclasses.replace(pipeline.ask(question, AskOptions(10, 0.02)), timing_ms={}) for question in questions]
    with ThreadPoolExecutor(6) as threads:
        together = list(
            threads.map(
                lambda question: dataclasses.replace(pipeline.ask(question, AskOptions(10, 0.02)), timing_ms={}),
                questions,
            )
        )
    assert together == alone
    assert not any(reply.abstained for reply in alone)


QUESTIONS = [
    "Was anybody hurt on board?",
    "Will the cannery close?",
    "???",
    "Which ferry ran aground?",
    "Who painted the Mona Lisa?",
]


def untimed(replies):
    return [dataclasses.replace(reply, timing_ms={}) for reply in replies]


def test_several_questions_get_the_replies_that_each_gets_alone(pipeline):
    ways = [(10, 0.02, None, False), (1, None, Filter(article=("ferry",)), False), (2, 0.5, None, True)]
    questions = [CheckedQuestion(question, AskOptions(*way)) for question in QUESTIONS * 2 for way in ways]
    together = pipeline.ask_all(questions)
    alone = [pipeline.ask(one.text, one.options) for one in questions]
    assert untimed(together) == untimed(alone)
    assert [reply.question for reply in together] == [one.text for one in questions]
    assert {reply.abstained for reply in together} == {True, False}
    assert all(reply.timing_ms.keys() == {"retrieve", "read", "decide", "cite"} for reply in together)
    assert pipeline.ask_all([]) == []


def test_several_questions_are_read_together_eight_at_a_time(library, pipeline, monkeypatch):
    read = []
    whole = pipeline.reader.read_all
    monkeypatch.setattr(pipeline.reader, "read_all", lambda asked: read.append(len(asked)) or whole(asked))
    pipeline.ask_all([CheckedQuestion(QUESTIONS[0], AskOptions(2))] * 19)
    assert read == [8, 8, 3]


def test_copies_are_read_for_several_questions_as_for_one(library):
    pipeline = printed(library)
    questions = [CheckedQuestion("Who brought everyone ashore before dawn?", AskOptions(k, 0.0)) for k in (1, 2, 10)]
    alone = [pipeline.ask(one.text, one.options) for one in questions]
    assert untimed(pipeline.ask_all(questions)) == untimed(alone)
    assert all(reply.answers[0].quotes[0].copies for reply in alone)


def test_a_question_asked_in_steps_gives_its_passages_first_and_then_the_reply(pipeline):
    question = CheckedQuestion(" Will the cannery close in June? ", AskOptions(2, 0.02))
    passages, reply = pipeline.ask_in_steps(question)
    assert [one.article_id for one in passages] == ["cannery", "ferry"]
    assert passages[0].text == CANNERY
    assert untimed([reply]) == untimed([pipeline.ask(question.text, question.options)])
    assert question.text == "Will the cannery close in June?"


FERRY_TURN = Earlier("What happened to the ferry Saint Brannoc?", "ran aground on Monday")


def test_a_question_that_follows_is_searched_for_and_read_as_it_is_meant(pipeline):
    question = CheckedQuestion("Was anybody hurt on it?", AskOptions(10, 0.0, earlier=(FERRY_TURN,)))
    (reply,) = pipeline.ask_all([question])
    whole = "Was anybody hurt on the ferry Saint Brannoc?"
    assert (question.rewritten, reply.question, reply.asked_as) == (whole, "Was anybody hurt on it?", whole)
    alone = pipeline.ask(whole, AskOptions(10, 0.0))
    assert untimed([dataclasses.replace(reply, question=whole, asked_as=None)]) == untimed([alone])
    *_, last = pipeline.ask_in_steps(question)
    assert untimed([last]) == untimed([reply])


def test_slips_are_repaired_in_what_is_really_asked(pipeline, monkeypatch):
    monkeypatch.setattr(pipeline.retriever, "repaired", lambda query: query.replace("fery", "ferry"))
    turn = dataclasses.replace(FERRY_TURN, question="What happened to the fery Saint Brannoc?")
    reply = pipeline.ask("Was anybody hurt on it?", AskOptions(10, 0.0, earlier=(turn,)))
    assert reply.asked_as == "Was anybody hurt on the fery Saint Brannoc?"
    assert reply.read_as == "Was anybody hurt on the ferry Saint Brannoc?"


def test_a_question_that_stands_by_itself_is_asked_as_it_is(pipeline):
    reply = pipeline.ask(QUESTIONS[0], AskOptions(10, 0.02, earlier=(FERRY_TURN,)))
    assert untimed([reply]) == untimed([pipeline.ask(QUESTIONS[0], AskOptions(10, 0.02))])
    assert reply.asked_as is None


def test_a_library_built_with_another_encoder_is_not_assembled(library, pipeline):
    other = HashEncoder("other")
    with pytest.raises(StaleIndex, match="PULLQUOTE_ENCODER=hash"):
        assemble(library, other, SentenceReader(other), Settings())


def test_the_sentence_reader_is_asked_for_by_name(library, pipeline):
    encoder = HashEncoder()
    reader = open_reader(Settings(reader="sentence"), encoder)
    asked = assemble(library, encoder, reader, Settings()).ask("Nobody on board was hurt?", AskOptions(10))
    assert (asked.library.reader, asked.answers[0].text) == ("sentence", "Nobody on board was hurt.")


@pytest.mark.model
@pytest.mark.parametrize("name", ["fast", "span", str(SHIPPED)])
def test_the_span_reader_is_the_one_that_ships_or_lies_in_a_folder(name):
    assert open_reader(Settings(reader=name), HashEncoder()).card == ReaderCard.from_json(
        json.loads((SHIPPED / "reader.json").read_text(encoding="utf-8"))
    )


@pytest.mark.model
def test_a_folder_whose_calibration_weighs_a_fast_reader_stands_behind_the_one_that_ships(tmp_path):
    folder = tmp_path / "careful"
    shutil.copytree(SHIPPED, folder)
    card = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    card["calibration"]["shared"] = 0.5
    (folder / "reader.json").write_text(json.dumps(card), encoding="utf-8")
    write_checksums(folder)
    reader = open_reader(Settings(reader=str(folder)), HashEncoder())
    assert isinstance(reader, CarefulReader)
    assert reader.card.calibration.shared == 0.5


@pytest.mark.parametrize("name", ["spam", "", "no/such/folder"])
def test_a_reader_that_is_not_there_is_told_of(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        UnknownReader, match=r"^There is no reader '.*'; set PULLQUOTE_READER to 'fast', 'sentence', or a folder that"
    ):
        open_reader(Settings(reader=name), HashEncoder())


def test_only_articles_that_pass_the_filter_are_asked(pipeline):
    question = "Was anybody on board hurt, nobody on board was hurt?"
    reply = pipeline.ask(question, AskOptions(10, 0.5, Filter(since="2026-02", outlet=("the bell",))))
    assert reply.answers[0].text == "Nobody on board was hurt."
    assert {one.article_id for one in (*reply.answers[0].quotes, *reply.related)} == {"ferry"}
    other = pipeline.ask(question, AskOptions(10, 0.5, Filter(article=("cannery",))))
    assert (other.reason, [one.article_id for one in other.related]) == ("weak_evidence", ["cannery"])
    assert [one.article_id for one in pipeline.search("the", 5, "dense", Filter(until="2026"))] == ["ferry"]


def test_a_filter_that_nothing_passes_is_an_abstention_that_says_so(library, pipeline):
    reply = pipeline.ask("Was anybody hurt?", AskOptions(10, 0.0, Filter(until="2026-02-01")))
    assert (reply.abstained, reply.reason, reply.answers, reply.related) == (True, "nothing_passes", (), ())
    assert WHY[reply.reason] == "The library does not say: no article in it passes the filter."
    assert pipeline.ask("???", AskOptions(10, 0.0, Filter(language=("fr",)))).reason == "nothing_passes"
    assert pipeline.ask("???", AskOptions(10, 0.0, Filter(since="2026"))).reason == "no_words"
    assert pipeline.search("ferry", 5, "fused", Filter(language=("fr",))) == ()
    remove(library, ["ferry", "cannery"])
    assert pipeline.ask("Was anybody hurt?", AskOptions(10, 0.0, Filter(language=("fr",)))).reason == "empty_library"


def test_a_filter_for_an_article_that_is_not_there_is_a_mistake(pipeline):
    with pytest.raises(NoSuchArticle, match=r"^There is no article 'gone' in the library; `pullquote list` shows"):
        pipeline.ask("Was anybody hurt?", AskOptions(10, 0.0, Filter(article=("ferry", "gone"))))
    with pytest.raises(NoSuchArticle):
        pipeline.search("ferry", 5, "lexical", Filter(article=("gone",)))


def test_an_empty_filter_changes_no_reply(pipeline):
    for question in ("Was anybody on board hurt?", "Will the cannery close?", "???"):
        plain, filtered = (pipeline.ask(question, AskOptions(10, 0.02, only)) for only in (None, Filter()))
        assert dataclasses.replace(plain, timing_ms={}) == dataclasses.replace(filtered, timing_ms={})


def test_passages_and_answers_that_are_about_equally_good_come_newest_first(library):
    encoder = HashEncoder()
    text = "The boat {} ran aground off Merrin."
    names = {"Anna": "2024-05-05", "Berta": None, "Clara": "2026-01-01", "Doris": "2025"}
    list(add(library, encoder, [article(name, text.format(name), published=day) for name, day in names.items()]))
    readings = [reading(text.format(name), name, 1.0 - 0.01 * place, name) for place, name in enumerate(names)]
    newest = Pipeline(library, HybridIndex(library, encoder), SetReader(readings), encoder)
    question = "Which boat ran aground off Merrin?"
    assert [one.text for one in newest.ask(question, AskOptions(10)).answers] == ["Anna", "Berta", "Clara"]
    assert [one.text for one in newest.ask(question, AskOptions(10, newest_first=True)).answers] == [
        "Clara",
        "Doris",
        "Anna",
    ]
    passages = [one.article_id for one in newest.search(question, 10, "lexical", newest_first=True)]
    assert passages == ["Clara", "Doris", "Anna", "Berta"]


def test_the_newest_of_equal_passages_is_the_one_that_is_read(library):
    encoder = HashEncoder()
    list(
        add(
            library,
            encoder,
            [article(day, "The tide mill stopped.", published=day) for day in ("2024", "2026", "2025")],
        )
    )
    newest = Pipeline(library, HybridIndex(library, encoder), SetReader([]), encoder)

    def found(**options):
        trace = newest.trace(CheckedQuestion("Which mill stopped?", AskOptions(1, **options)))
        return [one.passage.article_id for one in trace.hits]

    assert found() == ["2024"]
    assert found(newest_first=True) == ["2026"]
    assert found(filter=Filter(until="2025"), newest_first=True) == ["2025"]


PRINTED = {"c": (WIRE, None), "d": (f"HOLLIN QUAY – {WIRE}", "2026-02-03"), "b": (f"{WIRE} Coast Wire", "2026-02-01")}
GUARD = WIRE[WIRE.index("The coast guard") :]


def printed(library):
    """Three articles of one story and one of another's own words; asked with the sentence reader."""
    articles = [article(name, text, published=day, outlet=f"The {name}") for name, (text, day) in PRINTED.items()]
    list(add(library, HashEncoder(), [*articles, article("own", OWN, published="2026-01-01")]))
    return assemble(library, HashEncoder(), SentenceReader(HashEncoder()), Settings())


@pytest.mark.parametrize("k", [1, 2, 10])
def test_a_story_is_quoted_once_in_its_earliest_article_with_its_copies(library, k):
    pipeline = printed(library)
    reply = pipeline.ask("Who brought everyone ashore before dawn?", AskOptions(k, 0.0))
    [quote] = [one for answer in reply.answers for one in answer.quotes if one.text == GUARD]
    assert (quote.article_id, quote.published) == ("b", "2026-02-01")
    start = WIRE.index(GUARD)
    assert quote.copies == tuple(
        SyndicatedCopy(name, f"On the {name}", f"{name}.txt", None, f"The {name}", day, start + moved, start + moved + len(GUARD), GUARD)
        for name, day, moved in (("d", "2026-02-03", len("HOLLIN QUAY – ")), ("c", None, 0))
    )  # fmt: skip
    for copy in quote.copies:
        assert library.article(copy.article_id).text[copy.start : copy.end] == copy.text


def test_copies_take_up_no_place_among_the_passages_that_are_read_and_change_no_confidence(library):
    pipeline = printed(library)
    hits = pipeline.trace(CheckedQuestion("Was nobody hurt when the ferry struck?", AskOptions(2))).hits
    assert "own" in {one.passage.article_id for one in hits[:2]}
    many = pipeline.ask("Who brought everyone ashore before dawn?", AskOptions(2, 0.0))
    remove(library, ["d", "c"])
    alone = pipeline.ask("Who brought everyone ashore before dawn?", AskOptions(2, 0.0))
    assert [answer.text for answer in many.answers] == [answer.text for answer in alone.answers]
    assert alone.answers[0].quotes[0].copies == ()


def test_a_library_from_before_stories_were_known_is_asked_as_before(library):
    pipeline = printed(library)
    for table in ("sketch", "sampled", "copy"):
        library.connection.execute(f"DROP TABLE {table}")
    reply = pipeline.ask("Who brought everyone ashore before dawn?", AskOptions(10, 0.0))
    assert {quote.article_id for quote in reply.answers[0].quotes} >= {"b", "c", "d"}
    assert all(quote.copies == () for answer in reply.answers for quote in answer.quotes)
