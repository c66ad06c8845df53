"""What MCP's tools take; some agents pack lists and objects into text."""

from __future__ import annotations

import json
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field, model_validator

from rag.api.fields import AskFields, Body, FilterFields

_NO_JSON = object()


class ToolArguments(Body):
    """The arguments of a tool; what is no text may come as JSON in a text, and a list of one as its item."""

    @model_validator(mode="before")
    @classmethod
    def _unpacked(cls, given: object) -> object:
        return unpacked(cls, given)


class AskArguments(ToolArguments):
    """What the tool `ask` takes."""

    question: str = Field(description="a question, in a sentence")
    filter: FilterFields | None = Field(None, description="which articles are asked (default: all)")

    @property
    def fields(self) -> AskFields:
        return AskFields(**self.model_dump(exclude={"question"}))


class CheckArguments(ToolArguments):
    """What the tool `check` takes."""

    draft: str = Field(description="a text or Markdown, whose quotations stand in quotation marks or block quotes")
    short: bool = Field(False, description="whether quotations of one to three words are judged, too")


class SearchArguments(ToolArguments):
    """What `search` takes."""

    query: str = Field(description="words, or a question")


class FetchArguments(ToolArguments):
    """What `fetch` takes."""

    id: str = Field(description="the id of a search result, or the article_id of a quote")


def unpacked(kind: object, value: object) -> object:
    """The value of a field of this type with its lists, objects and nulls out of the texts that hold them as JSON.

    Where the type is a text, it stays as it is. Numbers and truth values stay in their texts; pydantic takes them so.
    """
    kinds = _alternatives(kind)
    model = next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), None)
    item = next((get_args(one)[0] for one in kinds if get_origin(one) in {list, tuple}), None)
    if isinstance(value, str) and not any(one is str or get_origin(one) is Literal for one in kinds):
        loaded = _loaded(value)
        if (model and isinstance(loaded, dict)) or (item and isinstance(loaded, list)):
            value = loaded
        elif loaded is None and NoneType in kinds:
            return None
        elif item:
            value = [value]
    if model and isinstance(value, dict):
        kinds_of = {name: field.annotation for name, field in model.model_fields.items()}
        return {name: unpacked(kinds_of.get(name, Any), part) for name, part in value.items()}
    if item and isinstance(value, list):
        return [unpacked(item, part) for part in value]
    return value


def _alternatives(kind: object) -> list[Any]:
    """The types of which a type is one, without their annotations."""
    if get_origin(kind) is Annotated:
        return _alternatives(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [one for part in get_args(kind) for one in _alternatives(part)]
    return [kind]


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON
