"""Words, names and noun phrases of a question or an answer, found by rules without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WH = frozenset("who whom whose what which when where why how who's what's when's where's how's".split())
AUXILIARIES = frozenset(
    """is are was were do does did has have had will would can could should may might must shall isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't won't wouldn't can't couldn't""".split()
)
PREPOSITIONS = frozenset(
    """of at in on for from to with between by near off about against along during into towards toward under over
    through within without per since until after before among around inside outside behind beyond via than""".split()
)
DETERMINERS = frozenset("the a an this that these those his her its their our your my each every some any no".split())
ARTICLES = frozenset("the a an".split())
POINTING = frozenset("this that these those".split())
_TYING = PREPOSITIONS - {"during", "since", "until", "than"}  # to the noun before
PRONOUNS = frozenset(
    """i you we he she it they me us him her them himself herself itself themselves one anyone anybody someone somebody
    nobody everyone everybody there something anything nothing hers theirs""".split()
)
CLAUSE = frozenset(
    "when if that because after before while who which where and but or so since until as whether".split()
)
CLOSED = WH | AUXILIARIES | PREPOSITIONS | DETERMINERS | PRONOUNS  # words of these classes are no nouns
# The verbs that questions are most often made of: they end a subject.
_VERBS = frozenset(
    """accept agree allow appear apply arrive ask attend became become began begin begun believe belong blame bought
    break bring broke broken brought build built buy call came carry cast cause change charge choose chose chosen
    claim close come complete contain contract contribute cost cover crash create cross cut decide defend demand
    depart describe die died do done earn employ end enroll escape expect fail fall fallen feel fell felt fight find
    finish fly follow form found fund gain gave get give given go gone got grew grow grown handle hang happen have
    held help hit hold hope hung include join keep kept kill knew know known laid last lay lead leave led left lie
    live look lose lost made make mean meant measure meet met move need occur offer open own paid pay plan plant
    play produce propose protect provide pull put raise ran rang reach read receive recover reject remain replace
    require resign respond rest return ring rise risen rose run said sail sank save saw say see seen sell send sent
    serve set shut sink sit sold speak spend spent spoke stand start stay steer stood stop strike struck study
    suggest sunk support take taken taught teach tell think thought told took travel try turn use used visit vote wait
    want warn weigh went win won work worked write written wrote""".split()
)
_BE = frozenset("be been being".split())
_ADVERBS = frozenset(
    """now today yesterday tomorrow then again ever still so too also else exactly really actually just only already yet
    not later ago away back please aground afloat ashore aboard here instead altogether""".split()
)
_DATES = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
_TITLES = frozenset(
    """mr mrs ms miss dr captain capt professor prof councillor cllr sir lady lord dame bishop president minister king
    queen prince princess pope general colonel major sergeant judge inspector reverend rev""".split()
)
_NO_PERSON = frozenset(
    """line quay town council ledge cross university hospital hall office county island islands sea street company foods
    energy trust marine association rovers united city museum bay river lake party school college church bank group ltd
    inc plc saint st new north south east west great lane tower house park bridge road station war league cup act
    guild society union yard club airport ocean trades academy centre center valley hill theatre subsea""".split()
)
_MOST_NAME = 6  # words of a name
_INSIDE = frozenset("of de la le du van von den der & the".split())
_WORD = re.compile(r"\b[A-Z]\.(?= ?[A-Z])|[£€$]?[^\W_]+(?:['’.,&/\-–][^\W_]+)*%?|&")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place; `low` is lower case with a plain apostrophe."""

    text: str
    start: int
    end: int
    low: str

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a text, from word `first` to before word `after`, as it reads there."""

    text: str
    first: int
    after: int
    is_name: bool = False

    @property
    def bare(self) -> str:
        """The phrase without its article."""
        return re.sub(r"(?i)^(?:the|an?)\s+", "", self.text)

    @property
    def is_person(self) -> bool:
        """Whether this is likely the name of a person: two to four words, none of them typical of a place or a body."""
        parts = [part.lower().strip(".") for part in self.text.split()]
        if not self.is_name or self.text != self.bare or any(map(str.isdigit, self.text)):
            return False
        if parts[0] in _TITLES:
            return len(parts) > 1
        return 2 <= len(parts) <= 4 and not _NO_PERSON & set(parts) and "of" not in parts


def one_line(text: str) -> str:
    """The text with single spaces, without the marks that end a question."""
    return " ".join(text.split()).rstrip("?!. ")


def words_of(text: str) -> list[Word]:
    """The words of a text in their order."""
    found = _WORD.finditer(text)
    return [Word(match[0], *match.span(), match[0].lower().replace("’", "'")) for match in found]


def is_verb(words: Sequence[Word], at: int) -> bool:
    """Whether the word is likely a verb: a common one, or by its ending; never right behind an article."""
    word = words[at]
    if word.is_capital or (at and words[at - 1].low in DETERMINERS - POINTING):
        return False
    return word.low in _VERBS or word.low in _BE or (len(word.low) > 4 and word.low.endswith(("ed", "ing")))


def names(text: str) -> list[Phrase]:
    """The names of a text: runs of capitalised words, with an article where one stands before."""
    words = words_of(text)
    found: list[Phrase] = []
    at = len(words) if text.isupper() and len(words) > 2 else 0
    while at < len(words):
        after = _name_end(text, words, at)
        if after > at:
            first = at - 1 if at and words[at - 1].low == "the" and _is_joined(text, words, at) else at
            shown = text[words[first].start : words[after - 1].end]
            found.append(Phrase(re.sub(r"['’]s$", "", shown), first, after, is_name=True))
        at = max(after, at + 1)
    return found


def phrases(text: str) -> list[Phrase]:
    """Names, and what an article begins, in their order; a phrase takes in what a preposition ties to it."""
    words = words_of(text)
    begun = {name.first for name in names(text)} | {at for at, word in enumerate(words) if word.low in ARTICLES}
    found: list[Phrase] = []
    for at in sorted(begun):
        if (not found or at >= found[-1].after) and (whole := phrase_at(text, words, at)):
            found.append(whole)
    return found


def phrase_at(text: str, words: Sequence[Word], first: int, *, tied: bool = True) -> Phrase | None:
    """The noun phrase that begins with a word, with those that prepositions tie to it if `tied`; None for none."""
    after = _noun_end(text, words, first)
    if after is None:
        return None
    while tied and after < len(words) and words[after].low in _TYING and _is_joined(text, words, after):
        more = _noun_end(text, words, after + 1)
        if more is None:
            break
        after = more
    shown = text[words[first].start : words[after - 1].end]
    return Phrase(shown, first, after, is_name=any(word.is_capital for word in words[first:after]))


def _noun_end(text: str, words: Sequence[Word], first: int) -> int | None:
    """Where the noun phrase ends that begins with a word, before any preposition; None where it has no noun."""
    begun = first + (first < len(words) and words[first].low in DETERMINERS)
    at = begun
    while at < len(words) and (at == first or _is_joined(text, words, at)) and not _is_outside(words, at):
        at += 1
    return at if at > begun else None


def _is_outside(words: Sequence[Word], at: int) -> bool:
    """Whether the word is no part of a noun phrase."""
    low = words[at].low
    if words[at].is_capital and low not in WH | DETERMINERS:
        return False
    return low in CLOSED | CLAUSE | _ADVERBS or is_verb(words, at)


def _is_joined(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether nothing but white space and quotation marks stands before the word."""
    return at == 0 or not text[words[at - 1].end : words[at].start].strip("“”‘’\"' ")


def _name_end(text: str, words: Sequence[Word], first: int) -> int:
    """Where the name ends that begins with this word; there where none does."""
    if not _is_name_word(words, first):
        return first
    after = first + 1
    while after < len(words) and after - first < _MOST_NAME and _is_joined(text, words, after):
        if re.search(r"['’]s$", words[after - 1].text) and words[after].low not in _NO_PERSON:
            break
        is_inside = words[after].low in _INSIDE and after + 1 < len(words) and _is_name_word(words, after + 1)
        if not (_is_name_word(words, after) or (is_inside and _is_joined(text, words, after + 1))):
            break
        after += 1
    return after


def _is_name_word(words: Sequence[Word], at: int) -> bool:
    low = words[at].low
    if not words[at].is_capital or low in _DATES or low == "i":
        return False
    if at == 0 and low in CLOSED | CLAUSE | _ADVERBS | _VERBS:
        return False
    return low not in WH | AUXILIARIES | DETERMINERS | PRONOUNS
