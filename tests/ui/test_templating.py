"""Templates escape whatever they are given, and say what they lack."""

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from ui.templating import TEMPLATES, render, vouched

_FOLDER = Path(__file__).parents[2] / "ui"
_FILES = sorted(path.relative_to(_FOLDER).as_posix() for path in _FOLDER.rglob("*.html"))
# Where code makes HTML that no template escapes again.
_VOUCHING = {
    "page/cards.py",
    "page/evaluation/evaluation_view.py",
    "page/source.py",
    "reference.py",
    "report/charts.py",
    "report/report.py",
    "templating.py",
}


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    sentence = render("page/problem.html", sentence=text).removesuffix("</p></div>").rpartition("<p>")[2]
    assert not set(sentence) & set("<>\"'")
    assert unescape(sentence) == re.sub("[\x00\ud800-\udfff]", "\ufffd", text)


def test_html_that_code_vouches_for_stays_as_it_is() -> None:
    assert "<p><b>x</b></p>" in render("page/problem.html", sentence=vouched("<b>x</b>"))


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'sentence' is undefined"):
        render("page/problem.html")


@pytest.mark.parametrize("file", _FILES)
def test_no_template_turns_escaping_off(file: str) -> None:
    assert TEMPLATES.autoescape is True
    source = (_FOLDER / file).read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|~", source)
    TEMPLATES.get_template(file)


def test_html_is_vouched_for_in_few_modules() -> None:
    calling = re.compile(r"\b(?:vouched|Markup)\(")
    found = {
        path.relative_to(_FOLDER).as_posix()
        for path in _FOLDER.rglob("*.py")
        if calling.search(path.read_text(encoding="utf-8"))
    }
    assert found == _VOUCHING


def test_line_ends_between_tags_are_no_part_of_the_html() -> None:
    template = TEMPLATES.from_string("<ul>\n  {% for one in many %}\n    <li>a\n b</li>\n  {% endfor %}\n</ul>\n")
    assert template.render(many="xy") == "<ul><li>a\n b</li><li>a\n b</li></ul>"


def test_a_template_is_compiled_once() -> None:
    assert TEMPLATES.get_template("page/problem.html") is TEMPLATES.get_template("page/problem.html")
