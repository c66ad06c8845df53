"""The description of the API as one HTML page that loads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.citation.markup import escaped
from ui.openapi_examples import WORKED

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{margin-top:2.5rem;font-size:1.1rem}code,pre{font-family:ui-monospace,monospace;font-size:.9em}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.75rem;border:1px solid #8886;border-radius:4px}"
    "pre+pre{border-style:dashed;margin-top:-.5rem}nav{columns:18rem}nav a{display:block}"
    "td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}"
)
_MISTAKES = (
    "A mistake is one sentence under <code>detail</code>: 422 for what cannot be taken, 404 for an unknown id, 401 "
    "without the token, 403 for another site's page, 413 for too much at once, 429 and 503 (with "
    "<code>Retry-After</code>) where you ask too often or the server is busy. Every reply has an "
    "<code>X-Request-ID</code>, by which the log knows it."
)
_OFFSETS = (
    "<code>start</code> and <code>end</code> count code points of the article's text, 0-based and end-exclusive; a "
    "browser counts UTF-16 units."
)


def reference_html(openapi: Mapping[str, Any]) -> str:
    """Every route of an OpenAPI description that names its server: what it does, its fields, a worked example."""
    info = openapi["info"]
    title = f"{escaped(info['title'])} API"
    found = list(_operations(openapi))
    links = "".join(f'<a href="#{_anchor(*name)}"><code>{" ".join(name)}</code></a>' for name, _ in found)
    routes = "".join(_route(method, path, operation, openapi) for (method, path), operation in found)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{escaped(info.get('description', ''))}</p><p>{_OFFSETS}</p><p>{_MISTAKES}</p>"
        "<p>Agents find the same library over the Model Context Protocol at <code>/mcp</code>. In full, for machines: "
        f'<a href="openapi.json">openapi.json</a>.</p><nav aria-label="Addresses">{links}</nav>{routes}'
        "</main></body></html>"
    )


def _operations(openapi: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            yield (method.upper(), path), operation


def _anchor(method: str, path: str) -> str:
    return escaped(f"{method}{path}".replace("/", "-").replace("{", "").replace("}", "").lower())


def _route(method: str, path: str, operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escaped(name)}</code></td><td>{_prose(about)}</td></tr>"
        for name, about in _fields(operation, openapi)
    )
    table = f"<table><tr><th>Field</th><th>Meaning</th></tr>{rows}</table>" if rows else ""
    about = "".join(f"<p>{_prose(part)}</p>" for part in operation.get("description", "").split("\n\n"))
    worked = WORKED[method, path]
    command = worked.command(openapi["servers"][0]["url"])
    example = f"<pre>{escaped(command)}</pre><pre>{escaped(worked.shown().strip())}</pre>"
    heading = f'<h2 id="{_anchor(method, path)}"><code>{method} {escaped(path)}</code></h2>'
    return f"<section>{heading}{about}{table}{example}</section>"


def _prose(text: str) -> str:
    """Text in which what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escaped(text))


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
