"""The elements of a page in order, without those of comments, menus, teasers and other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from corpus.facts.byline_leads import LEAD

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_PLACE = frozenset(
    "nav footer aside noscript blockquote figure template button select script style svg dialog".split()
)
_ASIDE = re.compile(
    r"comment|respond|related|recommend|popular|teaser|promo|more-?from|side-?bar|widget|footer|(?:^|[\s_-])(?:nav"
    r"|menu)(?:$|[\s_-])|"
    r"carousel|latest|trending|newsletter|most-?read|pull-?quote|blockquote|testimonial|read-?next|up-?next|see-?also|"
    r"references?(?:$|[\s_-])|bibliograph|citations?(?:$|[\s_-])|footnotes?(?:$|[\s_-])|outbrain|taboola|cookie|modal"
    r"|pop-?up|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|post-?navigation|advert",
    re.IGNORECASE,
)
_KEPT = re.compile(  # of these words the names of what holds the article itself
    r"entity-reference|elementor-widget(?!-(?:posts|archive|nav|sidebar|recent))[\w-]{0,40}|"
    r"(?:post|entry|article|content)-?footer|site-content\b.*|widget blog\b|teaser-cat|sharekit__contributors"
    r"|(?:no|has|with)-?(?:side-?bar|comments?)"
    r"|(?:side-?bar|comments?|popup|modal|menu|nav|widget|footer|newsletter|advert\w{0,20})-?"
    r"(?:open|closed|enabled|disabled|visible|hidden|active|left|right|on|off|none)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"meta|author|byline|post|entry|article", re.IGNORECASE
)  # marks of an aside or a foot that is the article's
_ROOTS = frozenset("html body main article".split())
_MOST_LINKS = 5  # of an aside that belongs to the article; menus and teasers have more
_MOST_ELEMENTS = 60_000
_NAMING = """
class id data-testid data-test-id data-test data-cy data-hook data-component data-module data-qa data-link-name
data-type data-role itemprop
""".split()
_BESIDE = frozenset("nav aside button".split())  # what may hold a byline close to the heading
_TEASER = re.compile(
    r"related|recommend|popular|teaser|promo|more-?from|carousel|latest|trending|most-?read|read-?next|up-?next"
    r"|see-?also|advert|modal|cookie|respond|testimonial|quote"
    r"|recent|widget|breadcrumb",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?!.*(?:meta|byline)).*comment", re.IGNORECASE | re.DOTALL)
_CLOSE = 600  # characters of text after the heading, up to which such an element is close to it
_LONGEST_BESIDE = 300  # characters of text in such an element
_MOST_PIECES = 60  # of text in it
_MOST_INSIDE = 100  # elements in it
_LEAST_HEADING = 10  # letters of a heading that is known by the page's title
_MOST_HEADINGS = 50
_BLOCKS = frozenset(
    "p div li ul ol h1 h2 h3 h4 h5 h6 br tr td th dd dt section header article address main table time".split()
)
_SKIPPED = frozenset("script style noscript template svg button select textarea time figcaption img".split())


def walk(tree: _Element) -> Iterator[_Element]:
    """The elements of a page's own article and head in order, at most `_MOST_ELEMENTS`."""
    from lxml.etree import iterwalk

    heading = main_heading(tree)
    outer = set(heading.iterancestors()) if heading is not None else set()
    distance = -1  # characters of text after the heading; less than 0 before it
    walker = iterwalk(tree, events=("start",))
    for number, (_, element) in enumerate(walker):
        if number >= _MOST_ELEMENTS:
            return
        if not isinstance(element.tag, str):
            continue
        marks = attributes(element)
        is_own = element.tag in ("aside", "footer") and (_OWN.search(marks) is not None or _has_few_links(element))
        is_skipped = (element.tag in _NO_PLACE and not is_own) or (element.tag not in _ROOTS and is_aside(marks))
        if is_skipped and element not in outer and not (0 <= distance < _CLOSE and _may_hold_byline(element, marks)):
            walker.skip_subtree()
        else:
            yield element
            if element is heading:
                distance = 0
            distance += len((element.text or "").strip()) if distance >= 0 else 0
        distance += len((element.tail or "").strip()) if distance >= 0 else 0


def main_heading(tree: _Element) -> _Element | None:
    """The first heading whose words the page's title has, else the only one of the first level."""
    titles = [element.text or "" for element in islice(tree.iter("title"), 3)]
    titles += [
        element.get("content", "")
        for element in islice(tree.iter("meta"), 300)
        if (element.get("property") or element.get("name") or "").lower() in ("og:title", "twitter:title")
    ]
    known = [_letters(title) for title in titles]
    for tag in ("h1", "h2"):
        for element in islice(tree.iter(tag), _MOST_HEADINGS):
            letters = _letters(_text(element))
            if len(letters) >= _LEAST_HEADING and any(
                letters in title or (len(title) >= _LEAST_HEADING and title in letters) for title in known
            ):
                return element
    alone = [element for element in islice(tree.iter("h1"), 20) if len(_letters(_text(element))) >= _LEAST_HEADING]
    return alone[0] if len(alone) == 1 else None


def _text(element: _Element) -> str:
    return " ".join(islice(element.itertext(), 50))


def _letters(text: str) -> str:
    return "".join(char for char in text[:500].casefold() if char.isalnum())


def _may_hold_byline(element: _Element, marks: str) -> bool:
    """Whether an element that is close to the heading is short, and none of those of other articles."""
    if (element.tag in _NO_PLACE and element.tag not in _BESIDE) or _TEASER.search(marks) or _COMMENT.match(marks):
        return False
    length = 0
    for number, text in enumerate(islice(element.itertext(), _MOST_PIECES + 1)):
        length += len(text.strip())
        if length > _LONGEST_BESIDE or number == _MOST_PIECES:
            return False
    return next(islice(element.iter(), _MOST_INSIDE, None), None) is None


def _has_few_links(element: _Element) -> bool:
    return len(list(islice(element.iter("a"), _MOST_LINKS))) < _MOST_LINKS


def attributes(element: _Element) -> str:
    """The class, id and the like of an element: what its makers call it."""
    values = (element.get(name) for name in _NAMING)
    return " ".join(value[:200] for value in values if value)


def is_aside(marks: str) -> bool:
    return _ASIDE.search(_KEPT.sub("", marks)) is not None if marks else False


def lines_of_element(element: _Element, longest: int, *, keep: bool = False) -> list[str]:
    """The words of an element, a line for each block and for each inline element that has two words or more.

    Empty where they have more characters than `longest`. Elements of dates are left out unless `keep` is set.
    """
    from lxml.etree import iterwalk

    lines = [""]
    length = 0
    is_spaced = True
    walker = iterwalk(element, events=("start", "end"))
    for event, one in walker:
        is_element = isinstance(one.tag, str)
        if event == "start":
            if one is not element and (not is_element or (one.tag in _SKIPPED and not (keep and one.tag == "time"))):
                walker.skip_subtree()
                continue
            if is_element and one.tag in _BLOCKS:
                lines.append("")
            text = one.text if is_element else None
        else:
            if is_element and one.tag in _BLOCKS:
                lines.append("")
            text = one.tail if one is not element else None
        words = " ".join((text or "").split())
        if words:
            length += len(words)
            if length > longest:
                return []
            lines[-1:] = _joined(lines[-1], words, is_spaced or (text or "")[0].isspace())
        if text:
            is_spaced = text[-1].isspace()
    return [line for line in lines if line.strip()]


def _joined(line: str, words: str, is_spaced: bool) -> list[str]:
    """A line and the words of the next inline element: one line, unless each has words enough to stand alone."""
    if not line or words[0] in ",.;:)":
        return [line + words]
    if not is_spaced and " " not in words and not (line[-1].islower() and words[0].isupper()):
        return [line + words]
    lead = LEAD.match(f"{line} ")
    has_name = " " in (line[lead.end() :] if lead else line).strip()
    is_apart = (has_name and (" " in words or words[0].isupper()) and line[-1] != "-") or not is_spaced
    return [line, words] if is_apart else [f"{line} {words}"]
