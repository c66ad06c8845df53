"""A share of the hostile files in every run; `python -m tests.corpus.fuzz` reads 20,000 of each format."""

import pytest

from corpus.refusal import Refusal
from corpus.sandbox.worker_pool import WorkerLimits, WorkerPool
from tests.corpus.fuzz.bombs import BOMBS
from tests.corpus.fuzz.mutate import LOADERS, mutants
from tests.corpus.fuzz.run import answers_to, fuzz, stopped_by

SECONDS = 1.5  # what a bomb is given here; a limit that holds at one length holds at another


OURS = """
    source-headings.txt dates.txt yaml-laughs-author.md yaml-laughs-language.md yaml-merges.md yaml-endless.md yaml-nested.md
    yaml-nested-well.md yaml-hex.md yaml-base-60.md toml-nested.md spaces-in-heading.md spaces-before-words.md backticks.md
    brackets.md comments.md unclosed-scripts.html unclosed-titles.html unclosed-comments.html linked-data-nested.html
    linked-data-graphs.html linked-data-authors.html parts-in-a-circle.docx author-1-mb.docx one-word.pdf nested.jsonl
    nested-well.jsonl nested-language.jsonl number-10-mb.jsonl line-17-mb.jsonl bad-lines.jsonl ids.jsonl title.jsonl
""".split()  # what once hung or broke code of our own


@pytest.fixture(scope="module")
def pool():
    pool = WorkerPool(WorkerLimits(seconds=SECONDS))
    yield pool
    pool.close()


@pytest.mark.parametrize("loader", LOADERS)
def test_mutants_lead_to_articles_and_sentences(loader):
    counted = fuzz(loader, 50, seed=1)
    assert counted.inputs == 50
    assert counted.articles > 5  # else the mutants only test the first check
    assert counted.refusals > 5
    assert counted.stopped == {}
    assert counted.slowest < 20


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in OURS])
def test_a_bomb_leads_to_articles_and_sentences(pool, tmp_path, name):
    answers_to(pool, tmp_path / name, BOMBS[name]())


@pytest.mark.parametrize("name", OURS)
def test_no_limit_has_to_stop_our_own_code(tmp_path, name):
    pool = WorkerPool()
    answers = answers_to(pool, tmp_path / name, BOMBS[name]())
    pool.close()
    assert [answer for answer in answers if isinstance(answer, Refusal) and stopped_by(answer)] == []


def test_mutants_are_the_same_for_a_seed_and_others_for_another():
    for loader in LOADERS:
        first, again, other = (next(mutants(loader, seed)) for seed in (1, 1, 2))
        assert first == again != other
