from dataclasses import replace

from rag.answer import Answer, LibraryState, Reply, SyndicatedCopy
from tests.ui.conftest import FERRY
from tests.ui.page.test_cards import quote
from ui.console import print_reply


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
