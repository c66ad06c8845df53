from eval.metrics.judge import judged
from eval.metrics.worst import worst
from tests.eval import example_runs


def found(run):
    return {one.kind: one for one in worst(run, [judged(each, run.header.reader.calibration) for each in run.records])}


def mistakes(**changes):
    """Two wrong answers, two to questions nothing answers, two right ones withheld, and what is no mistake at all."""
    ferry = (example_runs.gold("1912"),)
    return example_runs.run(
        example_runs.record(ferry, example_runs.reading("north", 1.0, 0), hits=(0, 2)),
        example_runs.record(ferry, example_runs.reading("north", 3.0, 0), hits=(0, 1)),
        example_runs.record((), example_runs.reading("hurt", 2.0, 2)),
        example_runs.record((), example_runs.reading("1912", 4.0)),
        example_runs.record(ferry, example_runs.reading("in 1912", 0.4)),
        example_runs.record(ferry, example_runs.reading("1912", -2.0)),
        example_runs.record(ferry, example_runs.reading("1912", 5.0)),  # right and given
        example_runs.record(ferry, example_runs.reading("north", -3.0, 0)),  # wrong and withheld
        example_runs.record((), example_runs.reading("north", -4.0, 0)),  # rightly refused
        example_runs.record(ferry, hits=()),  # nothing read
        **changes,
    )


def test_mistakes_come_the_surest_first_and_refusals_the_least_sure():
    kinds = found(mistakes())
    answers = {
        kind: [(case.reading.text, round(case.confidence, 6)) for case in one.cases] for kind, one in kinds.items()
    }
    assert answers == {
        "wrong": [("north", round(example_runs.sure(3.0), 6)), ("north", round(example_runs.sure(1.0), 6))],
        "unanswerable": [("1912", round(example_runs.sure(4.0), 6)), ("hurt", round(example_runs.sure(2.0), 6))],
        "refused": [("1912", round(example_runs.sure(-2.0), 6)), ("in 1912", round(example_runs.sure(0.4), 6))],
    }
    assert {kind: (one.total, one.asked) for kind, one in kinds.items()} == {
        "wrong": (2, 7),
        "unanswerable": (2, 3),
        "refused": (2, 7),
    }


def test_a_case_says_where_the_first_gold_passage_came():
    kinds = found(mistakes())
    assert [case.rank for case in kinds["wrong"].cases] == [2, 0]
    assert [case.rank for case in kinds["unanswerable"].cases] == [None, None]
    assert [case.rank for case in found(mistakes(mode="given"))["wrong"].cases] == [None, None]


def test_at_most_twelve_are_listed_and_all_are_counted():
    run = example_runs.run(
        *[example_runs.record((), example_runs.reading("north", 1.0 + margin, 0)) for margin in range(20)]
    )
    unanswerable = found(run)["unanswerable"]
    assert (unanswerable.total, len(unanswerable.cases)) == (20, 12)
    assert unanswerable.cases[0].confidence == example_runs.sure(20.0)
