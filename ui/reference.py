"""The description of the API as one HTML page that loads nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rag.markup import escaped

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{margin-top:2.5rem;font-size:1.1rem}code,pre{font-family:ui-monospace,monospace;font-size:.9em}"
    "pre{white-space:pre-wrap;padding:.75rem;border:1px solid #8886;border-radius:4px}"
    "td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}"
)


def reference_html(openapi: Mapping[str, Any]) -> str:
    """Every route of an OpenAPI description that names its server: what it does, its fields, an example to type."""
    info = openapi["info"]
    routes = "".join(
        _route(method.upper(), path, operation, openapi)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    )
    title = f"{escaped(info['title'])} API"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{escaped(info.get('description', ''))}</p>"
        f'<p>In full, for machines: <a href="openapi.json">openapi.json</a>.</p>{routes}</main></body></html>'
    )


def _route(method: str, path: str, operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> str:
    schema = _body(operation, openapi)
    fields = [
        (name, field.get("description", ""))
        for name, field in [
            *((one["name"], one) for one in operation.get("parameters", [])),
            *schema.get("properties", {}).items(),
        ]
    ]
    rows = "".join(f"<tr><td><code>{escaped(name)}</code></td><td>{escaped(about)}</td></tr>" for name, about in fields)
    table = f"<table><tr><th>Field</th><th>Meaning</th></tr>{rows}</table>" if rows else ""
    about = escaped(operation.get("description", ""))
    url = openapi["servers"][0]["url"].rstrip("/") + path
    example = f"<pre>{escaped(_command(method, url, schema))}</pre>"
    return f"<section><h2><code>{method} {escaped(path)}</code></h2><p>{about}</p>{table}{example}</section>"


def _body(operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what is posted, or an empty one."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = openapi.get("components", {}).get("schemas", {}).get(name, {})
    return found


def _command(method: str, url: str, schema: Mapping[str, Any]) -> str:
    if method != "POST":
        return f"curl {url}"
    example = json.dumps(schema.get("examples", [{}])[0])
    return f"curl {url} -H 'content-type: application/json' -d '{example}'"
