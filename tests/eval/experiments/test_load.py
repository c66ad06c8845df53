import asyncio
import json
import os
import sys

import pytest

from eval.experiments import load
from eval.experiments.load import LoadRun, changed_replies, count_quotes, questions, run_clients
from rag.api.app import create_app
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving
from tests.rag.conftest import library, pipeline  # noqa: F401  # fixtures

QUESTIONS = ["Was anybody on board hurt?", "Will the cannery close in June?", "Who painted the Mona Lisa?"]


def client_with(*seconds, faults=()):
    """A client that has waited so long for its replies."""
    client = load._Client()
    client.seconds, client.faults = list(seconds), list(faults)
    return client


def test_the_figures_are_those_of_all_clients_and_of_the_slowest():
    figures = LoadRun([client_with(0.1, 0.2, faults=["503"]), client_with(0.3)], 2.0, []).figures()
    assert figures == {
        "clients": 2, "replies": 3, "per_second": 1.5, "mean_ms": 200.0, "median_ms": 200.0, "p95_ms": 290.0,
        "slowest_client_p95_ms": 300.0, "slowest_client_p95_by_mean": 1.5, "faults": 1, "faults_first": ["503"],
    }  # fmt: skip
    assert LoadRun([client_with(0.1), client_with()], 1.0, []).figures()["slowest_client_p95_ms"] == float(
        "inf"
    )  # one that starved


def test_memory_grows_from_the_first_minute_to_the_end():
    growing = [1_000_000 * (100 + second) for second in range(200)]
    assert load._memory(growing) == {"memory_mb": 294.5, "memory_growth": pytest.approx(294.5 / 154.5 - 1, abs=1e-4)}
    assert load._memory([5] * 100)["memory_growth"] == 0.0
    assert load._memory([1, 2]) == {}


def test_questions_are_those_of_a_set_or_the_lines_of_a_file(tmp_path):
    lines = tmp_path / "questions.txt"
    lines.write_text("Who?\n\n Where? \n", encoding="utf-8")
    assert questions(lines) == ["Who?", " Where? "]
    squad = tmp_path / "set.json"
    asked = {"id": "1", "question": "When?", "answers": [{"text": "June", "answer_start": 0}]}
    article = {"title": "A", "paragraphs": [{"context": "June it was.", "qas": [asked]}]}
    squad.write_text(json.dumps({"data": [article]}), encoding="utf-8")
    assert questions(squad) == ["When?"]


def test_clients_ask_a_server_whose_quotes_and_replies_are_checked(pipeline):  # noqa: F811
    with serving(create_app(pipeline, settings(rate=0, threshold=0.02))) as address:
        found = asyncio.run(run_clients(address, QUESTIONS, 3, 1.0, os.getpid() if sys.platform == "linux" else None))
        assert len(found.clients) == 3
        assert all(client.faults == [] and set(client.replies) == set(QUESTIONS) for client in found.clients)
        assert found.figures()["replies"] == sum(len(client.seconds) for client in found.clients) > 6
        assert asyncio.run(changed_replies(address, found)) == []
        total, wrong = asyncio.run(count_quotes(address, found))
        assert total >= 3
        assert wrong == 0
        reply = found.clients[0].replies[QUESTIONS[0]]
        reply["answers"][0]["quotes"][0]["start"] += 1
        assert asyncio.run(count_quotes(address, found)) == (total, 1)
        found.clients[2].replies = {QUESTIONS[0]: reply}
        assert asyncio.run(changed_replies(address, found)) == [QUESTIONS[0]]


def test_a_server_that_refuses_or_is_not_there_is_a_fault(pipeline):  # noqa: F811
    with serving(create_app(pipeline, settings(rate=1))) as address:
        found = asyncio.run(run_clients(address, QUESTIONS, 1, 2.0))
    (client,) = found.clients
    assert client.faults[0].startswith("429 ")
    # A refusal is no reply; two are given where a minute ends meanwhile.
    assert client.replies.keys() <= set(QUESTIONS)
    assert len(client.replies) == len(client.seconds) in {1, 2}
    gone = asyncio.run(run_clients(address, QUESTIONS, 1, 0.2))
    assert "ConnectError" in gone.clients[0].faults[0]
    assert gone.clients[0].replies == {}
