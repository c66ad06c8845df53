import pytest

from rag.decision.question_kind import asked_for


@pytest.mark.parametrize(("question", "kind"), [
    ("Who skippered the crabber?", "person"), ("By whom was it built?", "person"), ("Whose dog was it?", "person"),
    ("who's the mayor", "person"), ("After the fire, who paid?", "person"), ("When Fox left, who came?", "person"),
    ("When did it sink?", "time"), ("Since when is it open?", "time"), ("In which year did it open?", "time"),
    ("What date is the meeting?", "time"), ("when is it", "time"), ("Where was it found?", "place"),
    ("In what city was it built?", "place"), ("Where's the library?", "place"), ("How many sank?", "count"),
    ("The boat had how many oars?", "count"), ("How much did the wall cost?", "money"), ("How much money was raised?", "money"),
    ("How many pounds did they raise for the wall?", "money"), ("How old is the mayor?", "age"), ("At what age did he retire?", "age"),
    ("What percentage voted?", "share"), ("How long did the blackout last?", "extent"),
    ("How long is the bridge?", "extent"),
])  # fmt: skip
def test_the_question_word_tells_the_kind(question, kind):
    assert asked_for(question).kind == kind


@pytest.mark.parametrize("question", [
    "", "?", "Why did it sink?", "What did the man who stole it say?", "What did she do when the ferry sank?",
    "Name the man who sank it", "Did anybody who was there see it?", "What was Temüjin, who became khan, called?",
    "Who many goals did they score?", "How did it sink?", "How much does it rain?",
    "What age group is it for?", "When the ferry sank it was dark", "ferry sinks", "Qui a coulé le ferry ?",
])  # fmt: skip
def test_where_no_rule_is_sure_the_kind_is_open(question):
    assert asked_for(question).kind is None


@pytest.mark.parametrize(("question", "counted"), [
    ("How many passengers were hurt?", "passengers"), ("How many crew members were aboard?", "crew"),
    ("How many old bus routes are there?", "routes"), ("How many people came?", "people"), ("How many of them sank?", ""),
    ("How many pints of milk does it take?", ""), ("How many were hurt?", ""),
])  # fmt: skip
def test_what_is_counted_is_the_first_plural(question, counted):
    assert asked_for(question).counted == counted


@pytest.mark.parametrize(("question", "expected"), [
    ("Who wrote the story?", True), ("Who took the photographs?", True), ("Who reported on the fire?", True),
    ("Who lit the fire?", False), ("Who rewired the house?", False),
])  # fmt: skip
def test_authors_may_be_asked_for(question, expected):
    assert asked_for(question).is_of_authors is expected
