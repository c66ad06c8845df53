"""A server over a pipeline, and OpenAI's official client of it."""

import openai
import pytest

from rag.api.app import create_app
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving


def live(pipeline, **given):
    """The address of a server over a pipeline, with these settings, as long as the block lasts."""
    return serving(create_app(pipeline, settings(**given)))


def opened(address, key="none is needed"):
    """The official client, which asks no second time."""
    return openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)


@pytest.fixture
def address(pipeline):
    with live(pipeline) as address:
        yield address
