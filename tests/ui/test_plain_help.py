"""The help of every command as plain text, the version, and NO_COLOR."""

import re
from importlib.metadata import version

import pytest
from typer.main import get_command

from ui.commands.tree import create_cli


def all_commands(group=None, path=()):
    """The words of each command and group."""
    group = group or get_command(create_cli())
    yield path
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from all_commands(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = list(all_commands())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_a_short_option_for_its_help(pullquote, words):
    short, long = pullquote(*words, "-h"), pullquote(*words, "--help")
    assert short == long
    assert (short.status, short.err) == (0, "")
    assert short.out.startswith(f"Usage: {' '.join(['pullquote', *words])} [OPTIONS]")
    assert "\n  -h, --help " in short.out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_plain_text_also_on_a_narrow_terminal(pullquote, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = pullquote(*words, "--help").out
    assert [line for line in shown.splitlines() if len(line) > 40] == []
    assert not re.search(r"<\w|[│╭─╮╰╯]|\x1b|[a-z]\.\.\.", shown)


def test_the_words_of_a_sentence_stand_on_as_many_lines_as_the_terminal_needs(pullquote, monkeypatch):
    sentence = "Ask a question; the answer is a quote with its place, or the library does not say (exit status 1)."
    lines = {}
    for columns in (40, 80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        paragraph = pullquote("ask", "-h").out.split("\n\n")[1]
        assert " ".join(paragraph.split()) == sentence
        lines[columns] = paragraph.count("\n") + 1
    assert lines == {40: 3, 80: 2, 200: 1}


def test_options_stand_as_they_are_typed(pullquote):
    shown = pullquote("ask", "-h").out
    assert shown.startswith("Usage: pullquote ask [OPTIONS] QUESTION\n")
    for row in (
        "--json  ",
        "--newest-first  ",
        "--passages N  ",
        "--since DATE  ",
        "--cite markdown|w3c|csl-json|ris\n",
    ):
        assert f"\n  {row}" in shown
    assert "\n  --host HOST  " in pullquote("serve", "-h").out
    assert "\n  --titled / --untitled  " in pullquote("reindex", "-h").out
    shown = pullquote("eval", "report", "-h").out
    assert shown.startswith("Usage: pullquote eval report [OPTIONS] RUN [OUT.html]\n")
    assert "\nArguments:\n  RUN         A run that `pullquote eval run` kept.\n" in shown


def test_the_version_is_told(pullquote):
    ran = pullquote("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"pullquote {version('pullquote')}\n", "")


def test_without_a_command_the_help_is_printed_and_a_sentence(pullquote):
    ran = pullquote()
    assert (ran.status, ran.err) == (2, "Name a command; `pullquote --help` shows what can be asked for.\n")
    assert ran.out == pullquote("--help").out


def test_no_color_leaves_nothing_but_text(pullquote, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in pullquote("list").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert pullquote("list").err == "The library is empty; `pullquote add PATH` fills it.\n"
