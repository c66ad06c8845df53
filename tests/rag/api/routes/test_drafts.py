"""The endpoint that checks the quotations of a draft."""

import json

import pytest

from rag.draft.draft_text import LONGEST_DRAFT
from tests.rag.api.conftest import opened
from tests.rag.conftest import FERRY


def post(client, **body):
    return client.post("/v1/drafts/check", content=json.dumps(body), headers={"content-type": "application/json"})


def test_offsets_count_in_the_draft_as_it_was_sent_and_in_the_article(client):
    draft = "\U0001f980 Look:\r\n\r\n“Nobody on board\r\nwas hurt. The owner blames a silenced alarm” \ud800"
    reply = post(client, draft=draft)
    assert reply.status_code == 200
    checked = reply.json()
    [one] = checked["quotations"]
    assert (checked["failures"], checked["counts"], one["verdict"]) == (
        0,
        {"exact": 1} | dict.fromkeys(["altered", "near", "not_found", "short"], 0),
        "exact",
    )
    assert draft[one["start"] : one["end"]].replace("\r\n", " \n") == one["text"]
    [place] = one["places"]
    assert (place["article_id"], place["published"]) == ("ferry", "2026-02-02")
    assert (
        FERRY[place["start"] : place["end"]]
        == place["text"]
        == "Nobody on board was hurt.\n\nThe owner blames a silenced alarm"
    )
    assert len(checked["text"]) == len(draft)


@pytest.mark.parametrize(("body", "sentence"), [
    ({"draft": ""}, "The draft is empty; give the text whose quotations are to be checked."),
    ({"draft": "a" * (LONGEST_DRAFT + 1)}, "The draft has 1,000,001 characters; check one of at most 1,000,000 characters at once."),
    ({"draft": "“a b c d” " * 2001}, "The draft has 2,001 quotations; check at most 2,000 at once."),
])  # fmt: skip
def test_what_cannot_be_checked_is_one_sentence(client, body, sentence):
    reply = post(client, **body)
    assert (reply.status_code, reply.json()) == (422, {"detail": sentence})


@pytest.mark.parametrize("body", [{}, {"draft": 1}, {"draft": "a", "most": 0}, {"draft": "a", "other": 1}])
def test_other_bodies_are_refused(client, body):
    assert post(client, **body).status_code == 422


def test_a_check_that_takes_too_long_is_ended(pipeline):
    reply = post(opened(pipeline, seconds=0.001), draft="“Nobody on board was hurt”")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
