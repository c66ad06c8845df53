"""Articles as other outlets print them, and what only looks so: edits of real texts, drawn by a generator. Pure."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import partial

from corpus.sentences import paragraphs, sentences

Edit = Callable[[str, str, random.Random], str]  # a text, another story, and what draws

_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURE = re.compile(r"\d+")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_DATE_WORD = re.compile(rf"\b(?:{'|'.join(_DAYS + _MONTHS)})\b")
_OUTLETS = ("the Quay Courier", "Coast Wire", "Tarrowshire Today", "the Morning Beacon")
_SAID = re.compile(r"\b(?:said|told|reported|stated|announced)\b")
_ALIKE = {  # words that an editor may put for one another
    "said": "stated", "stated": "said", "people": "persons", "about": "around", "however": "though", "also": "too",
    "began": "started", "near": "close to", "because": "since", "many": "numerous", "after": "following",
    "over": "above", "during": "throughout", "while": "as", "announced": "declared", "reported": "recorded",
    "against": "versus", "several": "various", "but": "yet", "before": "ahead of", "will": "is to", "has been": "was",
    "large": "big", "which": "that", "more than": "over", "government": "administration", "told": "informed",
}  # fmt: skip
_ALIKE_WORDS = re.compile(rf"\b(?:{'|'.join(_ALIKE)})\b")
_LONGEST_DATELINE = 12  # words
_TYPOGRAPHY = str.maketrans({'"': "”", "'": "’", "-": "–", " ": "\u00a0"})
_FOOTER = (
    "You are reading the free edition of our newsletter, which goes out every weekday morning to readers in the whole "
    "county. To get it in your inbox, sign up on our site; you can leave the list at any time with the link in any "
    "issue. Members pay for our reporting and see no advertisements. Follow us for breaking news, write to the editor "
    "with corrections, and read our standards, our privacy notice and the terms of use. No part of this page may be "
    "reproduced without permission."
)


def drawing(seed: object) -> random.Random:
    """What draws the same for the same seed every time."""
    return random.Random(str(seed))  # noqa: S311 - nothing secret is drawn


def blocks(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [span.cut(text) for span in paragraphs(text)]


def first_part(text: str, _: str, __: random.Random, share: float) -> str:
    """The first paragraphs, about so much of the words, as an outlet cuts from the bottom."""
    kept: list[str] = []
    for block in blocks(text):
        kept.append(block)
        if len(" ".join(kept)) >= share * len(text):
            break
    return _joined(kept)


def fewer_paragraphs(text: str, _: str, draw: random.Random) -> str:
    """Without three paragraphs in ten."""
    whole = blocks(text)
    gone = set(draw.sample(range(len(whole)), round(0.3 * len(whole))))
    return _joined([block for number, block in enumerate(whole) if number not in gone])


def other_order(text: str, _: str, draw: random.Random) -> str:
    """The paragraphs, shuffled."""
    whole = blocks(text)
    draw.shuffle(whole)
    return _joined(whole)


def other_dateline(text: str, _: str, draw: random.Random) -> str:
    """Under another headline and dateline, in the place of the first line if that is one."""
    whole, outlet = blocks(text), draw.choice(_OUTLETS)
    rest = whole[1:] if len(whole[0].split()) < _LONGEST_DATELINE else whole
    return _joined([f"What we know so far, by our staff\n\nHOLLIN QUAY ({outlet}) – Updated", *rest])


def outlet_named(text: str, _: str, draw: random.Random) -> str:
    """With an outlet's name after every verb of saying, and its own last line."""
    outlet = draw.choice(_OUTLETS)
    named = _SAID.sub(lambda found: f"{found[0]} {outlet}", text)
    return f"{named}\n\nReporting by the staff of {outlet}; all rights reserved."


def words_replaced(text: str, other: str, draw: random.Random, share: float) -> str:
    """So many of the words (of three letters or more) exchanged for another story's."""
    fund = _WORD.findall(other) or ["word"]
    return _WORD.sub(lambda found: draw.choice(fund) if draw.random() < share else found[0], text)


def rewritten(text: str, _: str, draw: random.Random) -> str:
    """Every sentence edited lightly: words for others that mean the same, halves swapped, one word left out."""
    return _joined([" ".join(_reworded(span.cut(block), draw) for span in sentences(block)) for block in blocks(text)])


def other_typography(text: str, _: str, draw: random.Random) -> str:
    """In capitals or not, with other quotation marks, dashes and spaces."""
    return draw.choice((text.upper(), text.title(), text)).translate(_TYPOGRAPHY)


def merged(text: str, other: str, draw: random.Random) -> str:
    """With another story behind it or before it, in one article."""
    return _joined([text, other] if draw.random() < 0.5 else [other, text])


def own_paragraphs(text: str, other: str, draw: random.Random) -> str:
    """Three quarters of it, and another story's paragraphs, a third as long, between its own."""
    whole = blocks(first_part(text, other, draw, 0.75))
    for block in blocks(first_part(other, text, draw, 0.25 * len(text) / len(other))):
        whole.insert(draw.randint(1, len(whole)), block)
    return _joined(whole)


def as_printed(text: str, other: str, draw: random.Random) -> str:
    """Much at once: another dateline, cut to two thirds, one word in ten exchanged, a footer."""
    text = words_replaced(first_part(text, other, draw, 0.67), other, draw, 0.1)
    return _joined([other_dateline(text, other, draw), _FOOTER])


def other_figures(text: str, _: str, draw: random.Random) -> str:
    """The same words with every figure, weekday and month another: what a template looks like."""
    text = _FIGURE.sub(lambda found: str(int(found[0][:9]) + draw.randint(1, 40)), text)
    return _DATE_WORD.sub(lambda found: draw.choice(_DAYS if found[0] in _DAYS else _MONTHS), text)


def next_version(text: str, other: str, draw: random.Random) -> str:
    """A running story a day later: a new first half, and of the second the figures have gone on."""
    new = first_part(other, text, draw, min(0.55 * len(text) / len(other), 1.0))
    whole = blocks(text)
    return _joined([new, other_figures(_joined(whole[len(whole) // 2 :]), other, draw)])


def with_footer(text: str, most_words: int = 10**9) -> str:
    """The beginning of a text, of at most so many words, above a newsletter's footer."""
    return _joined([" ".join(text.split()[:most_words]), _FOOTER])


COPIES: Mapping[str, Edit] = {
    "first two thirds": partial(first_part, share=0.67),
    "first third": partial(first_part, share=0.33),
    "paragraphs dropped": fewer_paragraphs,
    "paragraphs in another order": other_order,
    "other headline and dateline": other_dateline,
    "outlet's name put in": outlet_named,
    "5 % of words replaced": partial(words_replaced, share=0.05),
    "10 % of words replaced": partial(words_replaced, share=0.1),
    "20 % of words replaced": partial(words_replaced, share=0.2),
    "30 % of words replaced": partial(words_replaced, share=0.3),
    "sentences rewritten lightly": rewritten,
    "case and typography": other_typography,
    "merged with another story": merged,
    "cut, with own paragraphs": own_paragraphs,
    "much of it at once": as_printed,
}


def weather(draw: random.Random) -> str:
    """A day's forecast out of a template: the same words every day, other figures."""
    number, low = draw.randint, draw.randint(-5, 12)
    return (
        f"Weather for {draw.choice(_DAYS)}, {number(1, 30)} {draw.choice(_MONTHS)}. The day begins with {low} degrees "
        f"on the coast and {low - number(1, 6)} inland. By noon it will be {low + number(3, 14)} degrees in Hollin "
        f"Quay and {low + number(2, 12)} in Brackwater. The wind blows at {number(5, 70)} km/h from the "
        f"{draw.choice(('north', 'east', 'south', 'west'))}, in gusts of up to {number(30, 110)} km/h. There is a "
        f"{number(0, 10) * 10} per cent chance of rain before noon and a {number(0, 10) * 10} per cent chance after "
        f"it. The sun rises at {number(4, 8)}:{number(10, 59)} and sets at {number(16, 21)}:{number(10, 59)}. High "
        f"water is at {number(0, 11)}:{number(10, 59)} with {number(20, 59) / 10} metres. The next forecast comes out "
        "tomorrow at six in the morning."
    )


def market(draw: random.Random) -> str:
    """A day's report from the fish market out of a template."""
    number = draw.randint
    landed = "".join(
        f" Of {kind}, {number(1, 90)} tonnes were landed, and a kilo sold for {number(100, 4000) / 100}."
        for kind in draw.sample(["crab", "lobster", "mackerel", "sea bass", "whiting", "plaice"], 3)
    )
    return (
        f"Fish market, {draw.choice(_DAYS)}. {number(3, 60)} boats came in to the auction hall at Hollin Quay this "
        f"morning, {number(2, 40)} fewer than a week ago.{landed} In all, {number(80, 400)} tonnes changed hands for "
        f"{number(100, 900)} thousand, the market office says. The hall opens again at five tomorrow."
    )


def _reworded(sentence: str, draw: random.Random) -> str:
    sentence = _ALIKE_WORDS.sub(lambda found: _ALIKE[found[0]], sentence)
    first, comma, rest = sentence.rstrip(".").partition(", ")
    if comma and draw.random() < 0.5:
        sentence = f"{rest[:1].upper()}{rest[1:]}, {first[:1].lower()}{first[1:]}."
    words = sentence.split()
    if len(words) > 6:
        del words[draw.randrange(1, len(words) - 1)]
    return " ".join(words)


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts)
