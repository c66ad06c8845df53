"""What the experiments print."""

from eval.experiments.command import notice, parser, table, write


def test_a_table_has_a_cell_for_each_value_and_three_digits_for_a_share():
    assert list(table(("way", "share", "n"), [("plain", 0.12345, 7), ("fast", "0.50", 1.0)])) == [
        "| way | share | n |",
        "|---|---|---|",
        "| plain | 0.123 | 7 |",
        "| fast | 0.50 | 1.000 |",
    ]


def test_lines_go_to_standard_output_and_notices_do_not(capsys):
    write(["one", "two"])
    notice("three")
    assert capsys.readouterr() == ("one\ntwo\n", "three\n")


def test_an_experiment_is_named_as_it_is_run():
    assert parser("scale", "Search.").format_usage().startswith("usage: python -m eval.experiments.scale ")
