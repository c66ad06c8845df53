"""What agents pack into text: lists, objects and nulls come out of it, and what is a text stays one."""

from typing import Literal

import pytest

from rag.api.fields import Body, FilterFields
from rag.api.tool_arguments import AskArguments, FetchArguments, SearchArguments, ToolArguments


class Inner(Body):
    """A part of what the tool takes that is asked here."""

    words: tuple[str, ...] = ()
    note: str | None = None


class Arguments(ToolArguments):
    """A tool's arguments of every kind."""

    text: str = ""
    choice: Literal["1", "null"] = "1"
    number: int | None = None
    share: float = 0.0
    is_set: bool = False
    words: list[str] = []  # noqa: RUF012
    numbers: list[int] | None = None
    inner: Inner | None = None
    many: list[Inner] = []  # noqa: RUF012


@pytest.mark.parametrize(("given", "taken"), [
    ({"words": '["a", "b"]'}, {"words": ["a", "b"]}), ({"words": "a"}, {"words": ["a"]}), ({"words": ' [ "a" ] '}, {"words": ["a"]}),
    ({"words": "[]"}, {"words": []}), ({"words": ["[]"]}, {"words": ["[]"]}), ({"words": "[sic]"}, {"words": ["[sic]"]}),
    ({"words": "2024"}, {"words": ["2024"]}), ({"words": "null"}, {"words": ["null"]}), ({"words": '{"a": 1}'}, {"words": ['{"a": 1}']}),
    ({"words": '"a"'}, {"words": ['"a"']}), ({"words": None}, {"words": []}),
    ({"numbers": "[1, 2]"}, {"numbers": [1, 2]}), ({"numbers": ["1"]}, {"numbers": [1]}), ({"numbers": "7"}, {"numbers": [7]}),
    ({"numbers": "null"}, {"numbers": None}),
    ({"number": "7"}, {"number": 7}), ({"number": "null"}, {"number": None}), ({"share": "0.5"}, {"share": 0.5}),
    ({"is_set": "true"}, {"is_set": True}), ({"is_set": "false"}, {"is_set": False}),
    ({"inner": '{"words": "[\\"a\\"]", "note": "[1]"}'}, {"inner": {"words": ("a",), "note": "[1]"}}),
    ({"inner": {"words": '["a"]', "note": "null"}}, {"inner": {"words": ("a",), "note": "null"}}),
    ({"inner": "null"}, {"inner": None}), ({"inner": None}, {"inner": None}),
    ({"many": '[{"words": "a"}]'}, {"many": [{"words": ("a",), "note": None}]}),
    ({"many": ['{"words": "a"}']}, {"many": [{"words": ("a",), "note": None}]}),
    ({"many": '{"words": "a"}'}, {"many": [{"words": ("a",), "note": None}]}),
    ({"text": '["a"]'}, {"text": '["a"]'}), ({"text": "7"}, {"text": "7"}), ({"text": "null"}, {"text": "null"}),
    ({"choice": "null"}, {"choice": "null"}),
])  # fmt: skip
def test_what_is_no_text_comes_out_of_its_text(given, taken):
    assert Arguments.model_validate(given).model_dump(exclude_unset=False) == Arguments().model_dump() | taken


@pytest.mark.parametrize("given", [
    {"inner": "bell"}, {"inner": "[1]"}, {"inner": "[" * 100_000}, {"words": "[1]"}, {"number": "[7]"}, {"is_set": "[true]"},
    {"inner": '{"wrds": 1}'}, {"numbers": "x"},
])  # fmt: skip
def test_what_does_not_fit_is_a_mistake(given):
    with pytest.raises(ValueError, match="validation error"):
        Arguments.model_validate(given)


@pytest.mark.parametrize("text", ['["a"]', '{"a": 1}', "7", "true", "null", '"a"', "[sic]"])
def test_a_question_that_looks_like_json_is_a_question(text):
    assert AskArguments(question=text).question == text
    assert SearchArguments(query=text).query == text
    assert FetchArguments(id=text).id == text


@pytest.mark.parametrize("field", ["outlet", "author", "language", "article"])
@pytest.mark.parametrize("packed", ['["a", "b"]', ["a", "b"]])
def test_the_names_of_a_filter_may_be_packed(field, packed):
    taken = AskArguments.model_validate({"question": "Q?", "filter": {field: packed, "since": "2025"}}).filter
    assert taken == FilterFields(since="2025", **{field: ("a", "b")})
