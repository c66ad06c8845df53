"""The service is asked all that its own description allows, and much that it does not; it keeps to the description."""

import time
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from corpus.load import Refusal
from corpus.web.fetch import FetchFailed, fetch
from corpus.web.ssrf_transport import PublicTransport
from rag.api.app import create_app
from tests.rag.api.conftest import HERE, settings

CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
    checks.response_schema_conformance, checks.unsupported_method, checks.allow_header_conformance,
]  # fmt: skip
BOTH = list(GenerationMode)
THOROUGHLY = effort(
    max_examples=60, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)  # fmt: skip


class NoNetwork(httpx.BaseTransport):
    """A name server that knows no name, so that no connection is made; it notes what it was asked, and makes none."""

    def __init__(self):
        self.asked = set()

    def __call__(self, host, port):
        self.asked.add(host)
        return []

    def handle_request(self, request):
        raise AssertionError(request)

    def page(self, url):
        try:
            fetch(url, make_transport=lambda: PublicTransport(resolve=self, inner=self))
        except FetchFailed as failure:
            yield Refusal(url, str(failure))


@pytest.fixture
def network():
    return NoNetwork()


@pytest.fixture
def app(pipeline, network):
    made = create_app(pipeline, settings(rate=0))
    made.state.shared = replace(made.state.shared, page=network.page)
    yield made
    asgi.shutdown_lifespans()


def rounds(schema, operation, known):
    """Strategies for what is asked of an operation: what it allows, what it does not, and what is there."""
    yield from (operation.as_strategy(mode) for mode in BOTH)
    if named := {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}:
        place = {"start": 4, "end": 9} if operation.path.endswith(("/view", "/citation")) else {}
        yield operation.as_strategy(path_parameters=named, query=place)


def test_all_that_may_be_asked_is_answered_as_described(app, network):
    jobs = app.state.shared.jobs
    first = jobs.begin(1, lambda progress: None, lambda: None).id
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers={"host": "127.0.0.1:8000"})
    asked, statuses = set(), {}

    def ask(case):
        while any(job.finished is None for job in jobs.all()):  # else there were too many, rightly
            time.sleep(0.002)
        response = case.call(base_url=HERE)
        statuses.setdefault(case.operation.label, []).append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    for operation in (found.ok() for found in schema.get_all_operations()):
        asked.add(operation.label)
        there = {
            "article_id": "cannery" if operation.method == "delete" or operation.path.endswith("/restore") else "ferry",
            "job_id": first,
            "model": "pullquote",
        }
        for strategy in rounds(schema, operation, there):
            with suppress(Unsatisfiable):  # where there is nothing that could be wrong
                THOROUGHLY(given(strategy)(ask))()
        thorough = schema.config.generation_for(operation=operation)
        for case in schema.iter_coverage_cases(operation, generation_modes=BOTH, generation_config=thorough):
            ask(case)

    assert len(asked) == sum(len(methods) for methods in app.openapi()["paths"].values()) == 25
    assert sum(map(len, statuses.values())) >= 2000
    assert [label for label, seen in statuses.items() if not {200, 202} & set(seen)] == []  # each has succeeded too
    assert {job.status for job in jobs.all()} == {"done"}  # no address and no file made one fail
    assert network.asked != set()
