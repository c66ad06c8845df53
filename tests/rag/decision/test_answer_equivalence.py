from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rag.decision.answer_equivalence import say_same
from rag.decision.answer_normalisation import words_of

FRAGMENTS = [
    "a", "an", "the", "The", "no", "one", "and", "a half", "half", "hundred", "thousand", "million", "dozen", "about", "some", "of",
    "old", "year", "aged", "in", "on", "May", "mar", "Sunday", "5", "05", "1,000", "1.000", "3.50", "2026", "2026-02-31", "1st", "-", "−", "–",
    "$", "£", "€", "%", "~", "m", "k", "bn", "p.m.", "Dr.", "King", "de", "²", "½", "٣", "Ⅳ", "①", "é", "e\u0301", "ŉ", "İ", "ß", "東", "🦀", "\ufe0f",
    "\u200d", "\ud800", "\x00", "_", "'", "’", ":", "/", ".", ",", "#", "&", "\n", "\u00a0", " ", " ", " ",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join) | st.text(max_size=40)


@pytest.mark.parametrize(("one", "other"), [
    ("The Ferry", "the ferry"), ("“the ferry”", "the ferry"), ("the ferry,", "the  ferry"), ("the\nferry.", "the ferry"),
    ("Saint-Brannoc", "Saint Brannoc"), ("STRASSE", "Straße"), ("J. Doe", "J Doe"), ("the_ferry", "the ferry"), ("'t is", "’t is"),
    ("2019-20", "2019 20"), ("-5", "−5"), ("-5", "–5"),
])  # fmt: skip
def test_case_punctuation_and_white_space_are_no_words(one, other):
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(("one", "other"), [
    ("$5 million", "€5 million"), ("5%", "5"), ("-5 degrees", "5 degrees"), ("−5", "5"), ("C++", "C"), ("C#", "C"), ("3.5", "35"),
    ("Ann", "Anne"), ("2020", "2021"), ("été", "ete"), ("£5", "5"), ("🦀", "🐟"), ("-$5", "$5"), ("20°", "20"),
])  # fmt: skip
def test_other_letters_digits_and_symbols_are_other_words(one, other):
    assert words_of(one) != words_of(other)


@pytest.mark.parametrize(("text", "words"), [
    ("“The Ferry,” she said.", "the ferry she said"), (" ?! ", "?!"), ("", ""), (" \n", ""), ("5 % (-3)", "5 % −3"),
])  # fmt: skip
def test_the_words_of_a_text(text, words):
    assert words_of(text) == words


SAME = [
    # spelling, punctuation, articles
    ("The Ferry", "the ferry"), ("“the ferry”", "ferry."), ("a silenced alarm", "the silenced alarm"), ("Saint-Brannoc", "Saint Brannoc"),
    ("STRASSE", "Straße"), ("Müller", "Mu\u0308ller"), ("Å5", "A\u030a5"), ("О́блако", "О́БЛАКО"), ("東京", "東京。"), ("🦀", "🦀!"), ("’t is", "'t is"),
    ("Pike & Sons", "Pike and Sons"), ("The Who", "Who"), ("A ferry", "a ferry"), ("Dr. Ada King", "dr ada king"), ("an A", "A"), ("Yes", "yes."),
    # numbers
    ("1,000", "1000"), ("1,000", "a thousand"), ("1000", "one thousand"), ("12\u00a0500", "12,500"), ("twenty-five", "25"), ("0", "zero"),
    ("two hundred and five thousand", "205,000"), ("two hundred five", "205"), ("1.5 million", "1,500,000"), ("twelve hundred", "1,200"),
    ("one and a half million", "1.5 million"), ("half a million", "500,000"), ("half-a-dozen", "6"), ("two dozen", "24"), ("5bn", "5 billion"),
    ("40k", "40,000"), ("30m", "30 m"), ("5m people", "5 million people"), ("40k people", "40,000"), ("minus 5", "-5"), ("−5", "–5"), ("World War One", "World War 1"),
    ("five thousand and two people", "5,002 people"), ("3 million two hundred thousand", "3.2 million"),
    # roughly
    ("about 800", "800"), ("some 800 sheep", "800 sheep"), ("an estimated 800", "800"), ("~800", "800"), ("circa 1850", "1850"),
    ("about a dozen", "12"), ("approx. $5", "$5"), ("around 3:30", "3:30"), ("roughly half a million", "500,000"),
    # how many of what, and ages
    ("146", "146 passengers"), ("ninety", "90 people"), ("12", "twelve years"), ("about 146", "146 passengers"),
    ("10-year-old", "10 years old"), ("aged 10", "a 10-year-old"), ("ten", "10 years old"), ("aged 10", "10"), ("3-month-old", "3 months old"),
    # sums and percentages
    ("$5 million", "5m dollars"), ("$5m", "$5,000,000"), ("$5M", "5 million dollars"), ("US$5m", "$5 million"), ("£5m", "5 million pounds"), ("USD 5m", "$5 million"), ("5m EUR", "€5 million"), ("5k GBP", "£5,000"), ("$2t", "$2 trillion"), ("€3b", "3 billion euros"), ("€5", "5 euros"), ("5 EUR", "€5"),
    ("£2.5bn", "2.5 billion pounds"), ("-$5", "-5 dollars"), ("$1.50", "1.50 dollars"), ("$3K", "$3,000"), ("$1.234bn", "$1,234 million"),
    ("5%", "five percent"), ("5 per cent", "5 %"), ("12.5 pct", "12.5%"),
    # dates
    ("2 February", "Feb. 2, 2026"), ("2nd of February", "February 2"), ("the second of February", "Feb 2nd"), ("2026-02-02", "2 Feb 2026"),
    ("Monday, 2 February", "February 2, 2026"), ("on 2 February", "2 February"), ("on Sunday", "Sunday"), ("Feb. 2026", "in February 2026"),
    ("in 2020", "2020"), ("in May", "May"), ("the 5th of Sept.", "September 5"), ("February the second", "2 Feb."), ("after May 3", "after 3 May 2020"),
    # times, scores, ranges, ranks, units
    ("3pm", "3 p.m."), ("3:00 p.m.", "3 PM"), ("7.45pm", "7:45 p.m."), ("9am-5pm", "9 a.m. to 5 p.m."),
    ("3-1", "3–1"), ("3-1", "3 to 1"), ("10–15 million", "10 to 15 million"), ("$5-10", "$5 to 10"), ("10% - 15%", "10% to 15%"),
    ("1st", "first"), ("the second", "2nd"), ("10km", "10 km"), ("the 1990s", "1990s"), ("1990’s", "1990s"), ("-5°C", "−5 °C"), ("6’2", "6'2"),
    # names
    ("Dr. Ada King", "Ada King"), ("Doctor Ada King", "Dr Ada King"), ("Prime Minister Ada King", "Ada King"), ("Ms. Ovesen", "Ovesen"),
    ("Mayor Ada van der Berg", "Ada van der Berg"), ("Sen. Ovesen", "Senator Ovesen"), ("the President", "President"),
    ("Lt. Col. Tom Ovesen", "Tom Ovesen"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_other_words(one, other):
    assert say_same(one, other) is True
    assert say_same(other, one) is True


DIFFERENT = [
    # other words, symbols, scripts
    ("Ann", "Anne"), ("été", "ete"), ("C++", "C"), ("C#", "C"), ("🦀", "🐟"), ("🦀", "🦀🦀"), ("👍🏽", "👍"), ("yes", "no"), ("not the ferry", "the ferry"),
    ("CO₂", "CO"), ("H₂O", "HO"), ("<800", "800"), ("≤5", "5"), ("±5", "5"), ("+5", "5"), ("800+", "800"), ("#5", "5"), ("20°", "20"), ("3 + 1", "3 1"),
    # letters that an article is not, and grades
    ("A", "B"), ("Hepatitis A", "Hepatitis B"), ("Vitamin A", "Vitamin"), ("A positive", "positive"), ("A-", "A"), ("A-", "A+"), ("AA-", "AA"),
    ("a few", "few"), ("a third", "third"), ("around the lake", "the lake"), ("on a ferry", "on one ferry"),
    # more, less, about what
    ("more than 800", "800"), ("at least 800", "800"), ("fewer than 800", "800"), ("nearly 800", "800"), ("over 800", "800"), ("up to 800", "800"),
    ("800 or more", "800"), ("not 800", "800"), ("5 more", "5"), ("5 fewer deaths", "5 deaths"), ("between 5 and 8", "5 and 8"),
    ("146 passengers", "146 crew"), ("146 passengers", "146 people"), ("146", "146 passengers and crew"), ("5 years", "5 months"),
    ("10 years old", "10 months old"), ("6 months old", "6"), ("5 km", "5 miles"), ("5 km", "5 m"), ("5 °C", "5 °F"), ("5 km²", "5 km"), ("5 times", "5"),
    ("5 others", "5"), ("5 plus", "5"), ("5 less", "5"), ("5 this", "5"), ("5 was", "5"), ("5 whole days", "5"), ("two thirds", "2"), ("three quarters", "3"), ("5 cents", "5"), ("5 hours 30 minutes", "5 minutes 30 hours"),
    ("2 dogs and 3 cats", "2 cats and 3 dogs"), ("3 of 5", "5 of 3"),
    # numbers
    ("-5", "5"), ("minus 5", "5"), ("-5 degrees", "5 degrees"), ("5 million", "5 billion"), ("5 million", "5"), ("a million", "million"), ("millions", "a million"),
    ("dozens", "a dozen"), ("a dozen", "a half-dozen"), ("half a million", "a million"), ("over a million", "a million"), ("one and a half", "1"),
    ("no one", "one"), ("No. 1", "no one"), ("five and six", "11"), ("five and six", "5 6"), ("twenty and five", "25"), ("one two", "12"), ("one two", "3"), ("twenty ten", "30"), ("a dozen five", "17"), ("two dozen and a half", "24.5"), ("20 30", "50"),
    ("two million and six million", "2,000,006"), ("five thousand two million", "2,005,000"), ("five million thousand", "5,000,000"), ("5 thousand million", "5,000"),
    ("5m", "5 million"), ("5M", "5 million"), ("5m", "5 metres"), ("5m", "5 minutes"), ("5m", "£5m"), ("5b", "5 billion"), ("5t", "5 trillion"), ("5t", "5 tonnes"), ("200m women’s final", "200 million women’s final"), ("5m", "5"),
    ("5", "10"), ("5", "6"), ("5", "٥"), ("5", "V"),
    # what looks like a number
    ("3.5", "35"), ("3,5", "35"), ("3,5", "3.5"), ("1.000", "1,000"), ("1.000", "1"), ("1,23", "123"), ("1, 2, 3", "123"), ("1.10", "1.1"), ("5.0", "5"),
    (".5", "5"), ("007", "7"), ("1e5", "15"), ("1.2.3", "1.23"), ("v1.2", "v1 2"), ("²", "2"), ("5²", "52"), ("½", "12"), ("2½", "2"), ("2½", "21/2"),
    ("A380", "A320"), ("A380", "380"), ("F-16", "16"), ("Covid-19", "19"), ("Apollo 11", "11"), ("Area 51", "51"), ("No. 5", "5"), ("Channel 7", "7"),
    # fractions, ranks, decades
    ("1/2", "12"), ("1/2", "1 2"), ("3/4", "3-4"), ("one fifth", "fifth"), ("first", "1"), ("1st", "1"), ("5th", "five"), ("second", "2"),
    ("1990s", "1990"), ("90s", "90"), ("1990s", "1990s and 2000s"), ("late 1990s", "1990s"), ("nineties", "90"),
    # sums and percentages
    ("$5", "€5"), ("$5", "5"), ("$5", "$5 million"), ("C$5", "$5"), ("5 Australian dollars", "$5"), ("$5.50", "$550"), ("$5-10", "$5"), ("-$5", "$5"),
    ("5%", "5"), ("five percent", "five"), ("5 percent", "5 percentage points"), ("5%", "5‰"), ("5‰", "5"),
    # dates
    ("3 May", "3 June"), ("3 May", "5 March"), ("3 May 2020", "3 May 2021"), ("May 2020", "May 2021"), ("May 20", "May 2020"), ("3 May 2020", "May 2020"),
    ("Sunday", "Monday"), ("Sunday 3 May", "Monday 3 May"), ("Sunday morning", "Sunday night"), ("Sunday", "Sunday 3 May"),
    ("before 3 May", "after 3 May"), ("before 3 May", "3 May"), ("3-5 May", "5 May"), ("May 3-5", "May 3"), ("3 May to 5 May", "3 May"),
    ("May 3, 5 p.m.", "May 3"), ("since 2020", "2020"), ("before 2020", "after 2020"), ("late 2020", "2020"), ("2020 or 2021", "2020"), ("44 BC", "44"),
    ("03/05/2020", "05/03/2020"), ("May 32", "32 May"), ("May 2.5", "May 2"), ("2020-02-05", "2020-05-02"), ("2026-13-01", "1 January 2026"), ("5 years ago", "5 years"), ("in 5 years", "5 years"), ("in 2,000 years", "2,000 years"),
    # times and scores
    ("3:30", "3 30"), ("3:30", "330"), ("3 a.m.", "3 p.m."), ("3pm", "3"), ("4:00 pm", "4:00"), ("9am-5pm", "9am"),
    ("3-1", "31"), ("3-1", "3 1"), ("3-1", "1-3"), ("3-1", "3"), ("2-1", "2.1"), ("2:1", "2-1"), ("2/1", "2-1"), ("24/7", "24 7"),
    # names
    ("Mr Ovesen", "Mrs Ovesen"), ("King Charles", "Prince Charles"), ("Judge Ovesen", "President Ovesen"), ("Dr Ada King", "Judge Ada King"),
    ("General Motors", "Motors"), ("DR Congo", "Congo"), ("Miss Iceland", "Iceland"), ("Prince of Wales", "Wales"), ("Vice President", "President"),
    ("Chief Justice", "Justice"), ("Dr. Pope", "Pope"), ("Vice President Ovesen", "President Ovesen"), ("general strike", "strike"), ("General Electric shares", "Electric shares"),
    ("Ada King", "King"), ("Ada King Jr.", "Ada King"), ("King Ada II", "King Ada III"), ("Ada King, 54", "Ada King"),
    # nothing said
    ("?", "!"), ("", "?"), ("?", "5"), ("", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_something_else(one, other):
    assert say_same(one, other) is False
    assert say_same(other, one) is False


@pytest.mark.parametrize(
    ("text", "expected"), [("?!", True), (" … ", True), ("\ud800", True), ("", False), (" \n", False), ("🦀", True)]
)
def test_a_text_without_a_letter_or_digit_says_itself_unless_it_is_blank(text, expected):
    assert say_same(text, text) is expected


@pytest.mark.parametrize("text", [
    "9" * 5_000, "-" + "9" * 5_000, "1," * 5_000, "1.1" * 5_000, "5-" * 5_000, "$ " * 5_000 + "5", "about " * 5_000 + "5", "x" * 100_000,
    "a " + "thousand " * 5_000, "5 a " + "thousand " * 5_000, "two " + "dozen " * 5_000, "and a half " * 5_000, "Dr " * 5_000, "² May", "May ²", "٣ May",
])  # fmt: skip
def test_however_long_or_odd_a_text_is_it_says_itself_and_not_five(text):
    assert say_same(text, text) is True
    assert say_same(text, "5") is False
    assert say_same("5", text) is False


@given(HOSTILE, HOSTILE)
@example("5", "5 " + "thousand " * 2_000)
@settings(deadline=None, max_examples=300)
def test_whoever_is_asked_first_the_answer_is_the_same(one, other):
    assert say_same(one, other) is say_same(other, one)


@given(HOSTILE)
@settings(deadline=None, max_examples=300)
def test_every_text_with_a_letter_or_digit_says_itself(text):
    assume(any(map(str.isalnum, text)))
    assert say_same(text, text)
    assert say_same(text, f" “{text}” ")


@given(st.text(st.sampled_from("abcdehilmnoprstuvwxyz "), max_size=40).filter(str.strip))
@settings(deadline=None)
def test_capitals_and_white_space_say_nothing(text):
    assert say_same(text, "\n".join(text.upper().split(" ")))


UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelt(number):
    """The number in English words, up to a billion."""
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            joined = " and " if rest < 100 else " "
            return f"{spelt(number // scale)} {name}" + (joined + spelt(rest) if rest else "")
    if number < 20:
        return UNITS[number]
    return TENS[number // 10] + (f"-{UNITS[number % 10]}" if number % 10 else "")


NUMBER = st.integers(0, 10**9 - 1) | st.integers(0, 2_000)


@given(NUMBER, NUMBER)
@settings(deadline=None, max_examples=300)
def test_numbers_in_words_and_figures_are_the_same_when_they_are_equal(one, other):
    assert say_same(spelt(one), f"{one:,}")
    assert say_same(f"about {spelt(one)} sheep", f"{one} sheep")
    assert say_same(spelt(one), f"{other:,}") is (one == other)
    assert say_same(spelt(one), spelt(other)) is (one == other)
    assert say_same(str(one), f"-{other + 1}") is False


DAY = st.dates(date(1000, 1, 1), date(2999, 12, 31))


def written(day):
    """The ways to write one date in full, the month in words or as ISO 8601 has it."""
    name, year = f"{day:%B}", f"{day.year:04}"
    return [f"{day.day} {name} {year}", f"{name} {day.day}, {year}", f"{name[:3]}. {day.day}, {year}", f"the {day.day}th of {name} {year}",
            f"{day:%A}, {name} {day.day}, {year}", f"on {day.day} {name[:3]} {year}", f"{year}-{day:%m-%d}"]  # fmt: skip


@given(DAY, DAY, st.data())
@settings(deadline=None, max_examples=200)
def test_a_date_is_the_same_however_it_is_written_and_no_other_date(one, other, data):
    first, second = (data.draw(st.sampled_from(written(one))) for _ in "ab")
    assert say_same(first, second)
    assert say_same(first, f"{one:%B} {one.day}")
    assert say_same(first, data.draw(st.sampled_from(written(other)))) is (one == other)
    assert not say_same(first, f"{one:%B} {one.year:04}")
