"""Questions with answers that were judged wrong: what counts as given again, and what is left alone."""

from dataclasses import replace

import pytest

from eval.metrics.compare import compare
from eval.metrics.report import report
from eval.metrics.score import score
from eval.metrics.sweep import NothingToSweep, best_f1, sweep
from eval.run import Run
from tests.eval import example_runs

WRONG = (example_runs.gold("1912"),)


def asked(*readings, golds=(), wrong=WRONG, is_settled=False):
    """A question to which 1912, in the second paragraph, was judged no answer."""
    record = example_runs.record(golds, *readings)
    return replace(record, example=replace(record.example, wrong=wrong, is_settled=is_settled))


def avoided(record, threshold=0.0):
    return score(example_runs.run(record), threshold).metrics["wrong_avoided"].value


@pytest.mark.parametrize(("reading", "value"), [
    (example_runs.reading("1912", 2.0), 0.0), (example_runs.reading("1912.", 2.0), 0.0),  # the same words as SQuAD compares them
    (example_runs.reading("in 1912", 2.0), 1.0), (example_runs.reading("1912", 2.0, 2), 1.0), (example_runs.reading("north", 2.0, 0), 1.0),
])  # fmt: skip
def test_the_same_words_at_the_same_place_are_given_again(reading, value):
    assert avoided(asked(reading)) == value


def test_what_is_withheld_or_not_the_best_is_not_given_again():
    assert avoided(asked(example_runs.reading("1912", 2.0)), example_runs.sure(2.1)) == 1.0
    assert avoided(asked(example_runs.reading("1912", 2.0)), example_runs.sure(1.9)) == 0.0
    assert avoided(asked(example_runs.reading("1912", 1.0), example_runs.reading("north", 2.0, 0))) == 1.0
    assert avoided(asked()) == 1.0


def test_words_that_hold_a_gold_are_right_and_no_repetition():
    other_answer = asked(
        example_runs.reading("The ferry", 2.0),
        golds=(example_runs.gold("ferry"),),
        wrong=(example_runs.gold("The ferry"),),
        is_settled=True,
    )
    assert avoided(other_answer) == 1.0
    assert avoided(replace(other_answer, example=replace(other_answer.example, golds=()))) == 0.0


def test_wrong_words_without_a_place_are_never_given_again():
    assert avoided(asked(example_runs.reading("1912", 2.0), wrong=(replace(WRONG[0], span=None),))) == 1.0


def test_a_settled_question_with_wrong_answers_counts_everywhere():
    found = score(example_runs.run(asked(example_runs.reading("1912", 2.0), is_settled=True)), 0.0).metrics
    assert (found["noans"].value, found["wrong_avoided"].value, found["em"].n) == (0.0, 0.0, 1)


@pytest.mark.parametrize("extra", [(), (example_runs.reading("1912", 5.0),), (example_runs.reading("north", 5.0, 0),)])
def test_an_unsettled_question_changes_no_other_figure(extra):
    plain = example_runs.mixed_run()
    mixed = Run(plain.header, (asked(*extra), *plain.records, asked(*extra)))
    figures, expected = dict(score(mixed).metrics), dict(score(plain).metrics)
    assert figures.pop("wrong_avoided").n == 2
    assert figures.pop("quotes_verbatim").n == expected.pop("quotes_verbatim").n + 2 * len(extra)
    assert figures == expected
    assert sweep(mixed) == sweep(plain)
    assert best_f1(mixed) == best_f1(plain)
    shown, other = report(mixed), report(plain)
    for part in ("tally", "curves", "given", "withheld", "risk", "chosen", "worst"):
        assert getattr(shown, part) == getattr(other, part)


def test_an_unsettled_question_is_compared_by_that_alone():
    north, wrong, withheld = (
        example_runs.reading("north", 2.0, 0),
        example_runs.reading("1912", 2.0),
        example_runs.reading("1912", 0.0),
    )
    found = compare(
        example_runs.numbered(*map(asked, (wrong, wrong))), example_runs.numbered(*map(asked, (north, withheld)))
    )
    assert (found.lost, found.gained) == ((), ())
    assert (found.metrics["wrong_avoided"].a, found.metrics["wrong_avoided"].b) == (0.0, 1.0)
    assert found.metrics.keys() == {"wrong_avoided", "quotes_verbatim"}


def test_a_run_of_unsettled_questions_alone_has_little_to_show(tmp_path):
    run = example_runs.run(asked(example_runs.reading("1912", 2.0)))
    assert Run.load(run.save(tmp_path)) == run
    assert report(run).tally.asked == 0
    with pytest.raises(NothingToSweep):
        sweep(run)
