from dataclasses import replace

import pytest

from rag.answer import Answer, LibraryState, Reply, SyndicatedCopy
from tests.ui.conftest import CAFE, FERRY
from tests.ui.page.test_cards import quote
from ui.console import err, out, print_reply


def test_a_reply_names_where_else_the_story_of_a_quote_is_printed(capsys):
    one = replace(
        quote(FERRY, "Mara Lindqvist"),
        copies=(
            SyndicatedCopy("a", "A", "a.txt", None, "The Bell", "2026-02-02"),
            SyndicatedCopy("b", "[red]B[/red]", "b.txt", None, None, None),
        ),
    )
    answers = (Answer("Mara Lindqvist", 0.8, (one, quote(FERRY, "the tide"))),)
    print_reply(Reply("Who?", False, None, answers, (), {}, LibraryState(1, "encoder", "reader")))
    printed = capsys.readouterr().out
    assert "    Also in: The Bell (2026-02-02), [red]B[/red]\n" in printed
    assert printed.count("Also in") == 1


def test_answers_that_dispute_the_first_are_printed_after_the_answers(capsys):
    answers = (Answer("240 croissants", 0.8, (quote(CAFE, "240 croissants"),)),)
    reply = Reply("How many?", False, None, answers, (), {}, LibraryState(1, "encoder", "reader"))
    print_reply(reply)
    agreed = capsys.readouterr().out
    assert "disagree" not in agreed
    print_reply(replace(reply, disputed=(Answer("Mara", 0.31, (quote(FERRY, "Mara"),)),)))
    printed = capsys.readouterr().out
    assert printed.startswith(agreed)
    heading, _, rest = printed.removeprefix(agreed).partition("\n")
    assert heading == "Sources disagree. Not sure enough to be an answer:"
    assert "Osprey is Mara Lindqvist" in rest
    assert "The Osprey has a new captain · The Gazette · 2026-02-03 · " in rest
    assert rest.rstrip().endswith("of ferry · 31% sure")


@pytest.mark.parametrize("console", [out, err])
def test_no_text_is_read_as_markup_or_emoji_codes(capsys, console):
    console().print("[bold]At 10:tea:30[/bold] :warning: {x} \x1b[31m", style="dim")
    printed = "".join(capsys.readouterr())
    assert printed == "[bold]At 10:tea:30[/bold] :warning: {x} \\x1b[31m\n"
