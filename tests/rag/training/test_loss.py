import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reader.window import InputRow
from rag.training.network import answerable_tokens, tensors
from rag.training.rows import Target
from rag.training.schedule import Batch
from rag.training.train import loss


def row(asks, tokens):
    """A row of made-up ids: what asks, marks included, then the passage and the last mark."""
    return InputRow([7] * asks + [8] * tokens + [9], asks, [(number, number + 1) for number in range(tokens)])


def surprise(scores, gold):
    """Minus the logarithm of the gold one's share."""
    return np.log(np.exp(scores).sum()) - scores[gold]


def plain_loss(logits, batch, weight):
    """The loss as its words say, one row and one token after the other."""
    total = 0.0
    for side, name in ((0, "start"), (1, "end")):
        alone, shared = [], []
        for number, target in enumerate(batch.targets):
            inside = range(target.row.offset, len(target.row.ids) - 1)
            allowed = [0, *inside]
            alone.append(surprise(logits[number, allowed, side], allowed.index(getattr(target, name))))
            members = [other for other, owner in enumerate(batch.groups) if owner == batch.groups[number]]
            if target.start and len(members) > 1:
                margins, gold = [], None
                for other in members:
                    its = batch.targets[other].row
                    for token in range(its.offset, len(its.ids) - 1):
                        if other == number and token == getattr(target, name):
                            gold = len(margins)
                        margins.append(logits[other, token, side] - logits[other, 0, side])
                shared.append(surprise(np.array(margins), gold))
        total += np.mean(alone) / 2 + (weight * np.mean(shared) / 2 if shared else 0.0)
    return total


@st.composite
def drawn_batches(draw):
    targets, groups = [], []
    for group in range(draw(st.integers(1, 4))):
        for member in range(draw(st.integers(1, 3))):
            made = row(draw(st.integers(2, 6)), draw(st.integers(1, 8)))
            start = draw(st.integers(made.offset, len(made.ids) - 2)) if member == 0 else 0
            end = draw(st.integers(start, len(made.ids) - 2)) if start else 0
            targets.append(Target(made, start, end))
            groups.append(group)
    width = max(len(target.row.ids) for target in targets)
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return chance.normal(0, 4, (len(targets), width, 2)), Batch(targets, groups, 0.0)


@given(drawn_batches(), st.sampled_from([0.0, 0.5, 2.0]))
@settings(deadline=None)
def test_the_loss_is_that_of_a_plain_computation(drawn, weight):
    logits, batch = drawn
    value = loss(torch.tensor(logits, dtype=torch.float32), batch, weight)
    assert float(value) == pytest.approx(plain_loss(logits, batch, weight), rel=1e-4, abs=1e-4)


def test_a_row_without_a_preference_costs_the_logarithm_of_its_choices():
    batch = Batch([Target(row(4, 7), 5, 6)], [0], 0.0)
    assert float(loss(torch.zeros(1, 12, 2), batch, 0.5)) == pytest.approx(np.log(8))  # seven tokens and no answer


def test_a_group_costs_the_logarithm_of_all_its_tokens_more():
    batch = Batch([Target(row(4, 7), 5, 6), Target(row(4, 3), 0, 0)], [0, 0], 0.0)
    apart = Batch(batch.targets, [0, 1], 0.0)
    alone = (np.log(8) + np.log(4)) / 2
    assert float(loss(torch.zeros(2, 12, 2), apart, 0.5)) == pytest.approx(alone)
    assert float(loss(torch.zeros(2, 12, 2), batch, 0.5)) == pytest.approx(alone + 0.5 * np.log(10))


def test_the_logits_of_question_title_marks_and_padding_do_not_count():
    batch = Batch([Target(row(4, 3), 5, 6), Target(row(4, 1), 0, 0)], [0, 0], 0.0)
    logits = torch.randn(2, 8, 2, generator=torch.Generator().manual_seed(1))
    changed = logits.clone()
    changed[0, [1, 2, 3, 7]] = 50.0
    changed[1, [1, 2, 3, 5, 6, 7]] = -50.0
    assert float(loss(changed, batch, 0.5)) == pytest.approx(float(loss(logits, batch, 0.5)))
    changed[0, 4] = 50.0
    assert float(loss(changed, batch, 0.5)) > float(loss(logits, batch, 0.5)) + 10


@pytest.mark.parametrize("null", [9.0, 1.0, -3.0])
def test_the_rows_of_a_group_compete_with_their_margins(null):
    batch = Batch([Target(row(3, 4), 4, 4), Target(row(3, 4), 0, 0)], [0, 0], 0.0)
    logits = torch.full((2, 8, 2), 5.0)
    logits[0] = 0.0
    logits[0, 4] = 6.0
    logits[1, 0] += null  # the other row's four tokens are all this far below its null
    right, wrong = np.log(np.exp(6) + 4) - 6, np.log(np.exp(null) + 4) - null
    competing = np.log(np.exp(6) + 3 + 4 * np.exp(-null)) - 6
    assert float(loss(logits, batch, 0.5)) == pytest.approx((right + wrong) / 2 + 0.5 * competing, rel=1e-4)


def test_what_may_be_chosen_is_the_passage_and_no_answer():
    assert answerable_tokens([row(3, 2), row(2, 1)], 7).tolist() == [
        [True, False, False, True, True, False, False],
        [True, False, True, False, False, False, False],
    ]


def test_rows_are_padded_to_the_longest():
    made = {name: tensor.tolist() for name, tensor in tensors([row(3, 2), row(2, 1)]).items()}
    assert made == {
        "input_ids": [[7, 7, 7, 8, 8, 9], [7, 7, 8, 9, 0, 0]],
        "attention_mask": [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]],
        "token_type_ids": [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0]],
    }
    assert row(3, 2).segments == made["token_type_ids"][0]


def test_what_a_teacher_says_takes_the_place_of_a_part_of_the_gold_answer():
    made = row(2, 3)
    taught = np.array([[1.0, 0.0], [9.0, 9.0], [2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [9.0, 9.0]], dtype=np.float32)
    batch = Batch([Target(made, 2, 3)], [0], 0.0, (taught,))
    logits = torch.randn(1, 8, 2, generator=torch.Generator().manual_seed(1))
    allowed = [0, 2, 3, 4]
    expected = 0.0
    for side, gold in ((0, 1), (1, 2)):
        scores = logits[0, allowed, side].numpy()
        shares = np.exp(taught[allowed, side]) / np.exp(taught[allowed, side]).sum()
        said = sum(share * surprise(scores, place) for place, share in enumerate(shares))
        expected += (0.3 * surprise(scores, gold) + 0.7 * said) / 2
    assert float(loss(logits, batch, 0.5, 0.7)) == pytest.approx(expected, rel=1e-4)
    assert float(loss(logits, batch, 0.5, 0.0)) == pytest.approx(
        float(loss(logits, Batch(batch.targets, [0], 0.0), 0.5))
    )
