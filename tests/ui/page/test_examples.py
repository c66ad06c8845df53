"""Questions made of articles: those to begin with, and those that could be asked instead."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.ingest import remove
from rag.answer import Reply
from rag.options import AskOptions
from rag.pipeline import Pipeline
from rag.question import CheckedQuestion
from tests.ui.conftest import FERRY, UNKNOWN_QUESTION
from ui.page.examples import ExampleQuestions, Suggestions, person_question, title_question
from ui.page.phrasing import GeneratedQuestion


class Counted(Pipeline):
    """Counts the questions that it is asked."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline.library, pipeline.retriever, pipeline.reader, pipeline.encoder)
        self.asked = 0

    def ask_all(self, questions: Sequence[CheckedQuestion]) -> list[Reply]:
        self.asked += len(questions)
        return super().ask_all(questions)


class TestExamples:
    def test_every_example_is_answered_from_its_article(self, pipeline: Pipeline) -> None:
        examples = ExampleQuestions(pipeline, AskOptions(10)).questions()
        assert examples == ExampleQuestions(pipeline, AskOptions(10)).questions()
        assert 0 < len(examples) <= 4
        assert all(pipeline.ask(question, AskOptions(10)).answers for question in examples)

    def test_are_made_anew_when_the_library_changes(self, pipeline: Pipeline) -> None:
        examples = ExampleQuestions(pipeline, AskOptions(10))
        assert examples.questions()
        remove(pipeline.library, ["ferry", "cafe", "hostile"])
        assert examples.questions() == ()

    @pytest.mark.parametrize(
        ("text", "questions"),
        [
            ("In the Old Town, Ingrid Sørbø, 61, spoke.", ["Who is Ingrid Sørbø?"]),
            ("It was Dr Inés Muñoz.", ["Who is Inés Muñoz?"]),
            ("The president of France Emmanuel Macron, who came, spoke.", ["Who is Emmanuel Macron?"]),
            ("The Free Software Foundation, who make software, spoke.", []),
            ("It rained.", []),
        ],
    )
    def test_persons_are_found_by_title_age_or_clause(self, text: str, questions: list[str]) -> None:
        assert [one.question for one in person_question(replace(FERRY, text=text))] == questions
        assert list(person_question(replace(FERRY, text=text, language="sv"))) == []

    def test_titles_are_asked_about_by_outlet(self, pipeline: Pipeline) -> None:
        header = {one.id: one for one in pipeline.library.headers()}["ferry"]
        (question,) = title_question(header)
        assert question == GeneratedQuestion("What does The Gazette say about “The Osprey has a new captain”?", "title")
        (question,) = title_question(replace(header, outlet=None))
        assert question.question == "What is said about “The Osprey has a new captain”?"
        assert list(title_question(replace(header, title="x" * 200))) == []


class TestSuggestions:
    def test_are_answered_and_never_the_question_itself(self, pipeline: Pipeline) -> None:
        suggestions = Suggestions(pipeline, AskOptions(10))
        reply = pipeline.ask(UNKNOWN_QUESTION, AskOptions(10))
        found = suggestions.instead(reply)
        assert 0 < len(found) <= 3
        assert all(pipeline.ask(question, AskOptions(10)).answers for question in found)
        assert found[0] not in suggestions.instead(replace(reply, question=found[0].upper()))

    def test_where_nothing_is_near_the_examples_do(self, pipeline: Pipeline) -> None:
        reply = replace(pipeline.ask(UNKNOWN_QUESTION, AskOptions(10)), related=())
        assert (
            Suggestions(pipeline, AskOptions(10)).instead(reply)
            == ExampleQuestions(pipeline, AskOptions(10)).questions()[:3]
        )
