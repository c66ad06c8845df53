"""Spans whose edges would cut a name, a quantity, a date, a range or a pair of marks."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from rag.reader.boundaries import boundaries
from rag.reader.whole_units import whole_span

WORDS = ["Ludwig", "van", "Beethoven", "Dr.", "of", "12", "March", "2021", "£", "4.2", "million", "(", ")", "“", "”", '"', "to",
         "per cent", "1811–1827", "a@b.c", "p.m.", "www.a.b/c,", "12 hours", "\n", " | ", "Jr.", ",", "-3"]  # fmt: skip


def whole(text, words, question=""):
    start = text.index(words)
    return whole_span(text, Span(start, start + len(words)), question).cut(text)


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("It is by Ludwig van Beethoven.", "Beethoven", "Ludwig van Beethoven"), ("It is by Ludwig van Beethoven.", "Ludwig", "Ludwig van Beethoven"),
    ("When Charles de Gaulle died", "Gaulle", "Charles de Gaulle"), ("In de Gaulle he saw", "Gaulle", "de Gaulle"),
    ("and Abdel Fattah al-Sisi said", "al-Sisi", "Abdel Fattah al-Sisi"), ("asked Dr. Rosa Moss-Lindt of Hull", "Rosa Moss-Lindt", "Dr. Rosa Moss-Lindt"),
    ("When Martin Luther King Jr. spoke", "Martin Luther King", "Martin Luther King Jr."), ("by Henry O'Neill, Jr., in", "O'Neill", "Henry O'Neill, Jr."),
    ("In World War II the", "World War", "World War II"), ("the Bank of England raised", "Bank", "Bank of England"),
    ("Beethoven's Fifth, by Ludwig van Beethoven's pupil", "Ludwig", "Ludwig van Beethoven"),
])  # fmt: skip
def test_a_name_has_its_particles_and_titles(text, words, expected):
    assert whole(text, words) == expected


@pytest.mark.parametrize(("text", "words"), [
    ("the Bank of England raised", "England"), ("at the University of Hull in", "University of Hull"), ("asked Ann Berg of Hull", "Ann Berg"),
    ("Carl Dorn met Ann Berg", "Ann"), ("Mr Dorn. Ann Berg said", "Ann Berg"), ("the van left Merrin", "Merrin"), ("Vitamin C. Ann", "Ann"),
])  # fmt: skip
def test_a_name_that_is_whole_is_left_as_it_is(text, words):
    assert whole(text, words) == words


@pytest.mark.parametrize(("text", "words", "question", "expected"), [
    ("It cost £4.2 million in all", "4.2", "How much was it?", "£4.2 million"), ("It cost £4.2 million", "4.2", "How many million was it?", "£4.2"),
    ("It cost US$ 5 a day", "5", "How much?", "US$ 5"), ("fell to -3.5 °C on", "3.5", "How cold was it?", "-3.5 °C"), ("rose by 12 per cent in", "12", "By how much?", "12 per cent"),
    ("rose by 12 per cent in", "12", "By what percentage?", "12"), ("It lasts five to six weeks", "six", "How long is it?", "five to six weeks"),
    ("It lasts five to six weeks", "five to six", "How many weeks is it?", "five to six"), ("It has 3,000 miles left", "3,000", "How far?", "3,000 miles"),
    ("It weighs 33 lb or so", "33", "What is its weight in pounds?", "33"), ("an 11-year boy", "11", "What is his age?", "11"), ("from 1970 to 55.1% of", "55.1%", "What share?", "55.1%"),
    ("he was 41 years old", "41", "How old was he?", "41"), ("He sold 20-30 boats", "30", "What did he sell?", "20-30"),
])  # fmt: skip
def test_a_quantity_has_its_sign_currency_scale_and_measure(text, words, question, expected):
    assert whole(text, words, question) == expected


@pytest.mark.parametrize(("text", "words", "question", "expected"), [
    ("in 1 hour 12 minutes and 30 seconds on", "1 hour 12 minutes", "How long did it take?", "1 hour 12 minutes and 30 seconds"),
    ("in two days, 3 hours and 5 minutes", "5 minutes", "How long did it take?", "two days, 3 hours and 5 minutes"),
    ("in 12 minutes and 30 seconds", "12 minutes", "How many minutes did it take?", "12 minutes"),
    ("in 3 days and 2 weeks", "3 days", "How long did it take?", "3 days"), ("He is 3 years and 2 months old", "3 years", "How old is he?", "3 years and 2 months"),
])  # fmt: skip
def test_a_length_of_time_has_its_smaller_measures(text, words, question, expected):
    assert whole(text, words, question) == expected


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("Write to refund@ostby.com.", "@ostby.com", "refund@ostby.com"), ("to cancel@larkfield.example by", "@larkfield", "cancel@larkfield.example"),
    ("at www.tolvane.org.uk/fair. No", "www.tolvane.org", "www.tolvane.org.uk/fair"), ("see tolvane.org/fair?a=1, or", "tolvane", "tolvane.org/fair?a=1"),
    ("(https://a.example/b-c)", "https", "https://a.example/b-c"), ("Call 0800-TOLVANE now", "0800", "0800-TOLVANE"), ("Call 1-800-FLOWERS.", "FLOWERS", "1-800-FLOWERS"),
    ("Call 01632 960 123.", "960", "01632 960 123"), ("Call +44 1632 960123 now", "1632", "+44 1632 960123"), ("in the U.S. in", "U.S", "U.S."),
    ("It is shut.We go", "shut", "shut"), ("a 2020-BCE coin and 1,000", "1,000", "1,000"), ("Ann Berg, e.g. at 5", "Ann Berg", "Ann Berg"), ("in 1990-2000", "1990", "1990"),
])  # fmt: skip
def test_an_address_is_whole(text, words, expected):
    assert whole(text, words, "In what year?") == expected


@pytest.mark.parametrize(("text", "words", "question", "expected"), [
    ("on 12 March 2021 he", "12 March", "When?", "12 March 2021"), ("on 12 March 2021 he", "2021", "When?", "12 March 2021"), ("on March 12, 2021, he", "March", "When?", "March 12, 2021"),
    ("on 12 March 2021 he", "2021", "In what year?", "2021"), ("on 12 March 2021 he", "March", "In which month?", "March"), ("in May 2021 he", "May", "When?", "May 2021"),
    ("He ruled (1811–1827) well", "1811", "When did he rule?", "1811–1827"), ("Ann (1811–1827)", "1811", "When was she born?", "1811"),
    ("in 1496–97 it", "1496", "In which year was it?", "1496–97"), ("in 1811–1827 it", "1811", "In which year was it?", "1811"),
    ("Monday 10:00 to 20:00", "10:00", "When is it open on Monday?", "10:00 to 20:00"), ("Monday 9.30am–8.00pm", "8.00pm", "When can I come?", "9.30am–8.00pm"),
    ("Monday 10:00 to 20:00", "20:00", "When does it close?", "20:00"), ("Monday 10:00 to 20:00", "10:00", "When does it open?", "10:00"),
    ("open from 9 a.m. to 6 p.m. on", "9 a.m", "When is it open?", "9 a.m. to 6 p.m."), ("open from 9 a.m. to 6 p.m.", "6 p.m", "When does it close?", "6 p.m."),
    ("Monday 9.30am–8.00pm.", "9.30am", "When can I come?", "9.30am–8.00pm"), ("open from 9am to 6pm. We", "9am", "When is it open?", "9am to 6pm"),
    ("It moved from 10:00 to 11:00.", "11:00", "When is it?", "11:00"), ("It is open from 10:00 to 11:00.", "11:00", "When is it?", "10:00 to 11:00"),
    ("It grew from about 5 to 6 weeks.", "5", "How long is it?", "5"), ("It takes from about 5 to 6 weeks.", "5", "How long is it?", "5 to 6 weeks"),
    ("on June 1,200 men", "June", "When?", "June"),
])  # fmt: skip
def test_a_date_has_its_year_and_a_range_its_end(text, words, question, expected):
    assert whole(text, words, question) == expected


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("he said “we go home” and", "“we go home", "we go home"), ("he said “we go home” and", "go home”", "go home"), ("the “wide” road", "wide” road", "“wide” road"),
    ('the "wide" road', 'wide" road', '"wide" road'), ("six (or seven) boats", "six (or seven", "six (or seven)"), ("six (or seven at most) boats", "six (or", "six"),
    ("a 5'10\" man", "5'10\" man", "5'10\" man"), ("the crew’s boat", "crew’s", "crew’s"), ("(NASA) said", "(NASA)", "(NASA)"), ("(", "(", "("),
    ("it (the boat) and oars", "boat) and oars", "(the boat) and oars"),
])  # fmt: skip
def test_marks_are_in_pairs_or_left_out(text, words, expected):
    assert whole(text, words) == expected


@pytest.mark.parametrize(("text", "words"), [
    ("Ludwig | van Beethoven", "Ludwig"), ("12 March\n\n2021 was", "12 March"), ("- Ludwig\n- van Beethoven", "Ludwig"), ("Ann Berg: We sold 5\nper cent", "5"),
])  # fmt: skip
def test_no_boundary_of_the_text_is_crossed(text, words):
    assert whole(text, words) == words


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=20),
    st.data(),
    st.sampled_from(["", "When?", "How many weeks?", "What year?"]),
)
def test_whatever_the_text_the_span_holds_words_of_it_and_crosses_nothing_new(words, data, question):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = whole_span(text, span, question)
    assert found.cut(text)
    assert found.overlaps(span)
    crossed = [at for at in boundaries(text) if found.start <= at < found.end]
    assert not crossed or found == span


def test_a_question_of_any_words_costs_little():
    text, question = "The fair is on Monday 10:00 to 20:00.", "do " * 660
    started = process_time()
    for _ in range(100):
        assert whole_span(text, Span(22, 27), question).cut(text) == "10:00 to 20:00"
    assert process_time() - started < 0.5
