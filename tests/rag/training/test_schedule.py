from collections import Counter
from itertools import pairwise

import pytest
from tokenizers import Tokenizer

from corpus.article import Span
from rag.reader.read import SHIPPED
from rag.reader.window import Rows
from rag.training.examples import TitledPassage, TrainingExample
from rag.training.prepare import SETS
from rag.training.rows import ExampleMix, RowBuilder
from rag.training.schedule import CAREFUL_PLANS, PLANS, NoExamples, Schedule, TrainingStage

TOKENIZER = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
BUILDER = RowBuilder(Rows(TOKENIZER))
TOKENS, POOL = 4096, 1024  # of a batch with its padding; groups of a pool


def example(number, name="ferries"):
    """The answer is the number, and the text the longer the higher its last digits."""
    text = f"Ferry {number} sank. " + "The tide was high. " * (number % 23)
    wrong, altered = (
        (TitledPassage("Tides", "At noon the tide is high. " * (number % 7)),),
        ("Which ferry did not sink?",),
    )
    return TrainingExample(
        name, "Which ferry sank?", TitledPassage("Harbour", text), Span(6, 6 + len(str(number))), wrong, altered
    )


FERRIES = [example(number) for number in range(1000, 1600)]
BUSES = [example(number, "buses") for number in range(3000, 3400)]
SHORT = TrainingStage(ExampleMix(clip=24), {"ferries": 1.0})
HARD = TrainingStage(ExampleMix(clip=90, wrong=0.5, altered=0.5), {"ferries": 1.5, "buses": 0.5})


def schedule(seed=1, examples=(*FERRIES, *BUSES), stages=(SHORT, HARD)):
    return Schedule(list(examples), list(stages), BUILDER, seed)


def batches(one):
    return [batch for number in range(one.pools) for batch in one.pool(number)]


def answered(batch):
    """The answers of a batch's answered rows: the numbers of the examples."""
    return [
        TOKENIZER.decode(target.row.ids[target.start : target.end + 1]).replace(" ", "")
        for target in batch.targets
        if target.start
    ]


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    assert batches(schedule()) == batches(schedule())
    assert batches(schedule(seed=2))[:3] != batches(schedule())[:3]


def test_a_pool_is_the_same_whichever_was_seen_before():
    whole, again = schedule(), schedule()
    assert whole.pools == 2  # 600 and then 900 + 200 groups
    pools = [list(whole.pool(number)) for number in range(2)]
    assert list(again.pool(1)) == pools[1]
    assert list(again.pool(0)) == pools[0]
    assert list(again.pool(1)) == pools[1]


def test_each_example_is_drawn_as_often_as_its_share_says():
    drawn = Counter(answer for batch in batches(schedule()) for answer in answered(batch))
    assert Counter(drawn[str(number)] for number in range(1000, 1600)) == {2: 300, 3: 300}
    assert Counter(drawn[str(number)] for number in range(3000, 3400)) == {0: 200, 1: 200}
    assert sum(drawn.values()) == 600 + 900 + 200


def test_stages_follow_one_another_with_their_own_clip():
    first, second = (list(schedule().pool(number)) for number in range(2))
    clips = [max(len(target.row.places) for target in batch.targets) for batch in (*first, *second)]
    rows = [len(target.row.places) for batch in first for target in batch.targets]
    assert sum(length <= 24 for length in rows) >= 600
    assert max(clips) == 90
    [alone] = [list(schedule(stages=[SHORT]).pool(0))]
    assert max(len(target.row.places) for batch in alone for target in batch.targets) == 24
    assert all(len(batch.targets) == len(set(batch.groups)) for batch in alone)  # nothing wrong or altered


def test_a_batch_stays_within_its_tokens_and_is_as_full_as_it_can_be():
    for number in range(2):
        found = list(schedule().pool(number))
        full = 0
        for batch in found:
            width = max(len(target.row.ids) for target in batch.targets)
            assert len(batch.targets) * width <= TOKENS
            full += (len(batch.targets) + 3) * width > TOKENS
        assert full >= len(found) - 1  # the last one is what is left


def test_a_batch_holds_rows_of_similar_length_and_batches_come_in_any_order():
    [*found] = schedule().pool(1)
    longest = [max(len(target.row.ids) for target in batch.targets) for batch in found]
    assert longest not in (sorted(longest), sorted(longest, reverse=True))
    widths = sorted(sorted({max_width(batch, group) for group in batch.groups}) for batch in found)
    assert all(lower[-1] <= higher[0] for lower, higher in pairwise(widths))


def max_width(batch, group):
    return max(len(target.row.ids) for target, owner in zip(batch.targets, batch.groups, strict=True) if owner == group)


def test_the_rows_of_a_question_are_one_group_of_one_batch():
    for batch in schedule().pool(1):
        assert batch.groups == sorted(batch.groups)
        assert set(batch.groups) == set(range(len(set(batch.groups))))
        for group in set(batch.groups):
            members = [target for target, owner in zip(batch.targets, batch.groups, strict=True) if owner == group]
            assert [bool(target.start) for target in members] == [True, *[False] * (len(members) - 1)]
            assert 1 <= len(members) <= 3


def test_progress_rises_from_nothing_to_below_one_by_the_tokens_behind():
    one = schedule()
    shown = [[batch.progress for batch in one.pool(number)] for number in range(2)]
    flat = [*shown[0], *shown[1]]
    assert flat[0] == 0.0
    assert all(before < after for before, after in pairwise(flat))
    assert flat[-1] < 1.0
    tokens = 600 * 24 + 1100 * 90  # of the clips
    assert shown[1][0] == pytest.approx((600 * 24 + 424 * 90) / tokens)


def test_examples_whose_answer_does_not_fit_are_left_out():
    long = TrainingExample("ferries", "What?", TitledPassage("", "The tide was high. " * 20), Span(0, 300))
    found = batches(schedule(examples=[long, *FERRIES[:5]], stages=[SHORT]))
    assert sorted(answered(found[0])) == ["1000", "1001", "1002", "1003", "1004"]
    assert batches(schedule(examples=[long], stages=[SHORT])) == []


def test_a_set_without_examples_is_a_mistake():
    with pytest.raises(NoExamples, match=r"^There are no examples of the set 'qamr'; prepare it, or leave it out"):
        schedule(stages=[TrainingStage(ExampleMix(64), {"qamr": 0.5})])


@pytest.mark.parametrize("plan", [*PLANS, *CAREFUL_PLANS])
def test_the_plans_of_the_reader_that_ships_name_sets_that_are_prepared(plan):
    assert {name for stage in plan.stages for name in stage.epochs} <= set(SETS)
    assert [stage.mix.clip for stage in plan.stages] == sorted(stage.mix.clip for stage in plan.stages)
