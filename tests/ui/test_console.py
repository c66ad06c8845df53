import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from rag.answer import Answer, Context, LibraryState, Reply, SyndicatedCopy, Words
from tests.ui.conftest import CAFE, FERRY
from tests.ui.page.test_cards import quote
from ui.console import _VERBATIM, _Careful, _marks, err, out, print_json, print_reply


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


def test_the_items_of_a_list_are_printed_bold_one_by_one(capsys, monkeypatch):
    monkeypatch.setattr("ui.console.out", lambda: _Careful(force_terminal=True, color_system="standard", **_VERBATIM))
    listed = quote(CAFE, "240 croissants")
    parts = (Words(listed.start, listed.start + 3, "240"), Words(listed.start + 4, listed.end, "croissants"))
    answers = (Answer("240 croissants", 0.8, (replace(listed, parts=parts),)),)
    print_reply(Reply("What?", False, None, answers, (), {}, LibraryState(1, "encoder", "reader")))
    assert "bakes \x1b[1m240\x1b[0m \x1b[1mcroissants\x1b[0m every" in capsys.readouterr().out


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
    assert "Osprey is [[Mara]] Lindqvist" in rest
    assert "The Osprey has a new captain · The Gazette · 2026-02-03 · " in rest
    assert rest.rstrip().endswith("of ferry · 31% sure")


@pytest.mark.parametrize("console", [out, err])
def test_no_text_is_read_as_markup_or_emoji_codes(capsys, console):
    console().print("[bold]At 10:tea:30[/bold] :warning: {x} \x1b[31m", style="dim")
    printed = "".join(capsys.readouterr())
    assert printed == "[bold]At 10:tea:30[/bold] :warning: {x} \\x1b[31m\n"


@pytest.mark.parametrize(("text", "printed"), [
    ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
    ("\x1b[2J\x9b2J\r\b\x7f\x00", "\\x1b[2J\\x9b2J\\r\\x08\\x7f\\x00"),
    ("a\u2028b\udcff", "a\\u2028b\\udcff"),
    ("ab\u200bc\ufeff\u200f\u200e", "abc"),
    ("a\U000e0041\U000e0042b", "a\\U000e0041\\U000e0042b"),
    ("שלום\u200f (עולם)\nمی\u200cخواهم क्\u200dष", "שלום (עולם)\nمی\u200cخواهم क्\u200dष"),
    ("👩\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e007f", "👩\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e007f"),
])  # fmt: skip
def test_no_text_moves_or_hides_what_is_printed(capsys, text, printed):
    out().print(text)
    assert capsys.readouterr().out.startswith(f"{printed}\n")
    print_json({text: [text]})
    document = capsys.readouterr().out
    assert json.loads(document) == {text: [text]}
    for unsafe in "\u202e\u2066\x9b\x7f\x1b\udcff\u200b\ufeff\u200f\u2028\U000e0041":
        assert unsafe not in document


def test_a_cell_of_a_table_is_as_harmless_as_a_line(capsys):
    table = Table(box=None, pad_edge=False)
    table.add_column("a\u202eb\x1b[2Jc")
    out().print(table)
    printed = capsys.readouterr().out
    assert printed.startswith("a\\u202")
    assert printed.isascii()
    assert printed[:-1].isprintable()


def shown(capsys, quoted, **options):
    """The first line that is printed of a reply with this one quote."""
    answers = (Answer(quoted.text, 0.8, (quoted,)),)
    print_reply(Reply("What?", False, None, answers, (), {}, LibraryState(1, "encoder", "reader")), **options)
    return capsys.readouterr().out.splitlines()[0]


def within(text, *answers):
    """A quote of the words in this sentence; of several, a list with these items."""
    starts = [text.index(words) for words in answers]
    parts = tuple(Words(start, start + len(words), words) for start, words in zip(starts, answers, strict=True))
    start, end = parts[0].start, parts[-1].end
    made = replace(
        quote(FERRY, "Mara"), start=start, end=end, text=text[start:end], context=Context(0, len(text), text)
    )
    return replace(made, parts=parts if len(parts) > 1 else ())


def test_words_that_answer_are_marked_where_nothing_can_be_bold(capsys, monkeypatch):
    captain = within("The captain is Mara Lindqvist.", "Mara Lindqvist")
    assert shown(capsys, captain) == "  “The captain is [[Mara Lindqvist]].”"
    assert shown(capsys, captain, marking="plain") == "  “The captain is Mara Lindqvist.”"
    several = within("Red, green and blue.", "Red", "green", "blue")
    assert shown(capsys, several) == "  “[[Red]], [[green]] and [[blue]].”"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert shown(capsys, captain) == "  “The captain is \x1b[1mMara Lindqvist\x1b[0m.”"
    assert shown(capsys, captain, marking="marked") == "  “The captain is [[Mara Lindqvist]].”"
    assert shown(capsys, captain, marking="plain") == "  “The captain is Mara Lindqvist.”"
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(capsys, captain) == "  “The captain is [[Mara Lindqvist]].”"


@pytest.mark.parametrize(("text", "words", "printed"), [
    ("He said [sic] no.", "no", "He said [sic] [[no]]."),
    ("See [[Osprey]] and Mara.", "Mara", "See [[Osprey]] and [=[Mara]=]."),
    ("See [Osprey] and Mara.", "[Osprey]", "See [=[[Osprey]]=] and Mara."),
    ("See [Osprey] and Mara.", "Osprey", "See [[=[Osprey]=]] and Mara."),
    ("A [==[long]==] one.", "long", "A [==[[===[long]===]]==] one."),
    ("=[Mara]=", "=[Mara]=", "[==[=[Mara]=]==]"),
    ("A [\u200b[gap]\u200b] and Mara", "Mara", "A [[gap]] and [=[Mara]=]"),
])  # fmt: skip
def test_no_text_can_be_taken_for_marks(capsys, text, words, printed):
    assert shown(capsys, within(text, words), marking="marked") == f"  “{printed}”"


@given(st.text("[]= a", max_size=12), st.text("[]= a", min_size=1, max_size=8), st.text("[]= a", max_size=12))
def test_what_is_printed_tells_the_words_that_answer_whatever_brackets_stand_around(before, words, after):
    opening, closing = _marks([before, words, after])
    printed = f"{before}{opening}{words}{closing}{after}"
    most = max(re.findall(r"(?=\[(=*)\[)", printed), key=len)
    assert opening == f"[{most}["
    assert printed.partition(opening)[0] == before
    assert printed.partition(opening)[2].partition(f"]{most}]")[0] == words
