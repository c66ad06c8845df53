"""The description of the API as one HTML page that loads nothing."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from rag.api.examples import KEY
from rag.citation.markup import escaped
from ui.templating import render, vouched


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of an address, as OpenAPI describes it, with its worked example."""

    method: str
    path: str
    description: str
    fields: list[tuple[str, str]]
    example: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        return re.sub("[{}]", "", f"{self.method}{self.path}".replace("/", "-")).lower()

    @property
    def address(self) -> str:
        return str(self.example.get("path", self.path))

    @property
    def reply(self) -> str:
        reply = self.example["reply"]
        return reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False, indent=1)

    def command(self, server: str) -> str:
        """The example's request as curl makes it."""
        body, form = self.example.get("body"), self.example.get("form")
        words = ["curl", server.rstrip("/") + self.address]
        if self.method == "DELETE" or (self.method == "POST" and not form and body is None):
            words[1:1] = ["-X", self.method]
        if form:
            words += ["-F", form]
        if body is not None:
            words += ["-H", "content-type: application/json", "-d", json.dumps(body, ensure_ascii=False)]
        return shlex.join(words)


def reference_html(openapi: Mapping[str, Any]) -> str:
    """Every route of an OpenAPI description that names its server: what it does, its fields, a worked example."""
    return render(
        "reference.html", info=openapi["info"], server=openapi["servers"][0]["url"], prose=_prose,
        operations=list(operations(openapi)),
    )  # fmt: skip


def operations(openapi: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of an OpenAPI description, in its order."""
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            description = operation.get("description", "")
            yield Operation(method.upper(), path, description, _fields(operation, openapi), operation[KEY])


def _prose(text: str) -> Markup:
    """Text in which what stands between backticks is code."""
    return vouched(re.sub("`([^`]+)`", r"<code>\1</code>", escaped(text)))


def _fields(operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a request with what they mean, those first that it cannot do without."""
    body = _body(operation, openapi)
    needed = body.get("required", [])
    parameters = [(one["name"], one, one.get("required", False)) for one in operation.get("parameters", [])]
    properties = [(name, field, name in needed) for name, field in body.get("properties", {}).items()]
    ordered = sorted([*parameters, *properties], key=lambda one: not one[2])
    return [(name, field.get("description", "")) for name, field, _ in ordered]


def _body(operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what is sent, as JSON or else as a form; or an empty one."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("multipart/form-data", content.get("application/json", {})).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = openapi.get("components", {}).get("schemas", {}).get(name, schema)
    return found
