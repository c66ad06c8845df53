"""A server over the small library of tests.rag.conftest, asked as a program on this machine asks it."""

from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from rag.api.app import create_app
from rag.settings import Settings

HERE = "http://127.0.0.1:8000"


def settings(**given):
    """Settings of which nothing comes from the environment or a file."""
    return Settings.model_construct(**{name: field.default for name, field in Settings.model_fields.items()} | given)


def opened(pipeline, **given):
    """A client of a server with these settings; the server has not been started, so it serves no agents."""
    return TestClient(create_app(pipeline, settings(**given)), base_url=HERE)


@contextmanager
def started(pipeline, **given):
    """A client of a server that was started, and is stopped afterwards."""
    with opened(pipeline, **given) as client:
        yield client


@pytest.fixture
def client(pipeline):
    return opened(pipeline)
