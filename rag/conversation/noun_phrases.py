"""What a question or an answer speaks of: its names and its noun phrases, found without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_POINTING = frozenset("this that these those".split())
PRONOUNS = frozenset(
    """i you we he she it they me us him her them himself herself itself themselves one anyone anybody someone somebody
    nobody everyone everybody there something anything nothing hers theirs""".split()
)
CLAUSE = frozenset(
    "when if that because after before while who which where and but or so since until as whether".split()
)
# The verbs that questions are most often made of: what tells where their subject ends.
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
_LOOSE = frozenset(
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

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

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
        """Whether this is likely the name of a person: two to four words, none of which names a place or a body."""
        parts = [part.lower().strip(".") for part in self.text.split()]
        if not self.is_name or not parts or self.text != self.bare or any(map(str.isdigit, self.text)):
            return False
        if parts[0] in _TITLES:
            return len(parts) > 1
        return 2 <= len(parts) <= 4 and not _NO_PERSON & set(parts) and "of" not in parts


def one_line(text: str) -> str:
    """The text with single spaces, without the marks that end a question."""
    return " ".join(text.split()).rstrip("?!. ")


def words_of(text: str) -> list[Word]:
    """The words of a text in their order."""
    return [Word(found.group(), *found.span()) for found in _WORD.finditer(text)]


def is_verb(words: Sequence[Word], at: int) -> bool:
    """Whether the word is likely a verb: a common one, or by its ending; never right behind an article."""
    word = words[at]
    if word.is_capital or (at and words[at - 1].low in DETERMINERS - _POINTING):
        return False
    return (
        word.low in _VERBS
        or word.low in {"be", "been", "being"}
        or (len(word.low) > 4 and word.low.endswith(("ed", "ing")))
    )


def names(text: str) -> list[Phrase]:
    """The names of a text: runs of capitalised words, with an article where one stands before."""
    words = words_of(text)
    return [] if text.isupper() and len(words) > 2 else list(_names(text, words))


def phrases(text: str) -> list[Phrase]:
    """Names, and what an article begins, in their order; a phrase takes in what a preposition ties to it."""
    words = words_of(text)
    found = {name.first: name for name in names(text)}
    taken, at = [], 0
    while at < len(words):
        opens = at in found or words[at].low in {"the", "a", "an"}
        whole = phrase_at(text, words, at) if opens else None
        if whole:
            taken.append(whole)
            at = whole.after
        else:
            at += 1
    return taken


def phrase_at(text: str, words: Sequence[Word], first: int, *, tied: bool = True) -> Phrase | None:
    """The noun phrase that begins with a word, with those that prepositions tie to it if `tied`; None for none."""
    after = _noun_end(text, words, first)
    if after is None:
        return None
    head = after
    while tied and head < len(words) and words[head].low in PREPOSITIONS - {"during", "since", "until", "than"}:
        more = _noun_end(text, words, head + 1)
        if more is None or not _joined(text, words, head):
            break
        after = head = more
    shown = text[words[first].start : words[after - 1].end]
    is_name = any(word.is_capital for word in words[first:after])
    return Phrase(shown, first, after, is_name=is_name)


def _noun_end(text: str, words: Sequence[Word], first: int) -> int | None:
    at = first
    if at < len(words) and words[at].low in DETERMINERS:
        at += 1
    begun = at
    while at < len(words) and (at == begun or _joined(text, words, at)) and not _ends(words, at):
        at += 1
    return at if at > begun and (begun == first or _joined(text, words, begun)) else None


def _ends(words: Sequence[Word], at: int) -> bool:
    low = words[at].low
    closed = low in WH or low in AUXILIARIES or low in PREPOSITIONS or low in DETERMINERS or low in PRONOUNS
    if words[at].is_capital and not (low in WH or low in DETERMINERS):
        return False
    return closed or low in CLAUSE or low in _LOOSE or is_verb(words, at)


def _joined(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether nothing but white space stands before the word."""
    return at == 0 or not text[words[at - 1].end : words[at].start].strip("“”‘’\"' ")


def _names(text: str, words: Sequence[Word]) -> Iterator[Phrase]:
    at = 0
    while at < len(words):
        after = _name_end(text, words, at)
        if after == at:
            at += 1
            continue
        first = at - 1 if at and words[at - 1].low == "the" and _joined(text, words, at) else at
        shown = text[words[first].start : words[after - 1].end]
        yield Phrase(re.sub(r"['’]s$", "", shown), first, after, is_name=True)
        at = after


def _name_end(text: str, words: Sequence[Word], first: int) -> int:
    """Where the name ends that begins with this word; there where none does."""
    if not _is_name_word(words, first):
        return first
    after = first + 1
    while after < len(words) and after - first < _MOST_NAME and _joined(text, words, after):
        if re.search(r"['’]s$", words[after - 1].text) and words[after].low not in _NO_PERSON:
            break
        inner = words[after].low in _INSIDE and after + 1 < len(words) and _is_name_word(words, after + 1)
        if not (_is_name_word(words, after) or (inner and _joined(text, words, after + 1))):
            break
        after += 1
    return after


def _is_name_word(words: Sequence[Word], at: int) -> bool:
    low = words[at].low
    if not words[at].is_capital or low in _DATES or low == "i":
        return False
    is_common = low in WH | AUXILIARIES | PREPOSITIONS | DETERMINERS | PRONOUNS | CLAUSE | _LOOSE | _VERBS
    return not (is_common and (at == 0 or low in WH | AUXILIARIES | DETERMINERS | PRONOUNS))
