"""The words that the rules know, in lower case: closed word classes, common verbs, titles, words of place names."""

from __future__ import annotations

from typing import Literal

QUESTION_WORDS = frozenset("who whom whose what which when where why how who's what's when's where's how's".split())
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
TYING = PREPOSITIONS - {"during", "since", "until", "than"}  # to the noun before
PRONOUNS = frozenset(
    """i you we he she it they me us him her them himself herself itself themselves one anyone anybody someone somebody
    nobody everyone everybody there something anything nothing hers theirs""".split()
)
CONJUNCTIONS = frozenset(
    "when if that because after before while who which where and but or so since until as whether".split()
)
WordClass = Literal["question", "auxiliary", "preposition", "determiner", "pronoun", "conjunction"]
CLASSES: dict[WordClass, frozenset[str]] = {
    "question": QUESTION_WORDS, "auxiliary": AUXILIARIES, "preposition": PREPOSITIONS, "determiner": DETERMINERS,
    "pronoun": PRONOUNS, "conjunction": CONJUNCTIONS,
}  # fmt: skip
FUNCTION_WORDS = frozenset[str]().union(*CLASSES.values())
# The verbs that questions are most often made of: they end a subject.
VERBS = frozenset(
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
FORMS_OF_BE = frozenset("be been being".split())
ADVERBS = frozenset(
    """now today yesterday tomorrow then again ever still so too also else exactly really actually just only already yet
    not later ago away back please aground afloat ashore aboard here instead altogether""".split()
)
DATES = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday""".split()
)
TITLES = frozenset(
    """mr mrs ms miss dr captain capt professor prof councillor cllr sir lady lord dame bishop president minister king
    queen prince princess pope general colonel major sergeant judge inspector reverend rev""".split()
)
PLACE_OR_BODY = frozenset(
    """line quay town council ledge cross university hospital hall office county island islands sea street company foods
    energy trust marine association rovers united city museum bay river lake party school college church bank group ltd
    inc plc saint st new north south east west great lane tower house park bridge road station war league cup act
    guild society union yard club airport ocean trades academy centre center valley hill theatre subsea""".split()
)
