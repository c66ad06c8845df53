"""What is really asked by a question that follows others; nothing here runs a model."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.datasets.read_set import read_set
from rag.conversation.query_rewriting import Earlier, as_asked

SETS = Path(__file__).parents[3] / "eval" / "sets"
SKIPPER = Earlier("Who skippered the Girl Rhoda?", "Davy Kerslake", "The Girl Rhoda is skippered by Davy Kerslake.")
RINGER = Earlier("Who rang the bell?", "Edith Marrack")
WALL = Earlier("How much will the sea wall at Hollin Quay cost?", "£41.5 million")
BUYER = Earlier("Who bought the cannery site in Brackwater?", "Halvorsen Subsea")
UNION = Earlier("Which union represents the cannery workers?", "Allied Trades")
MALI = Earlier("How many people died in the flood in Mali?", "12")
TRAGEDY = Earlier("When did the ferry run aground on Cow Ledge?", "6.32pm")
MARATHON = Earlier("Who won the Tarrowshire marathon?")


def turn(question, answer=None, sentence=None):
    return Earlier(question, answer, sentence)


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("who is he?", SKIPPER, "who is Davy Kerslake?"),
    ("What is his boat called?", SKIPPER, "What is Davy Kerslake’s boat called?"),
    ("What did he say when he came back?", SKIPPER, "What did Davy Kerslake say when he came back?"),
    ("How old is she, and where was she born?", RINGER, "How old is Edith Marrack, and where was she born?"),
    ("who met her on the quay?", RINGER, "who met Edith Marrack on the quay?"),
    ("who is her father?", turn("Who is James?", "Amy James"), "who is Amy James’ father?"),
    ("How old is he?", turn("How long did Captain Owen Trask speak?", "a minute"), "How old is Captain Owen Trask?"),
    ("How old is he?", turn("When did Tesla leave Graz?", "1878"), "How old is Tesla?"),
    ("How old is he?", turn("Who is the skipper?", None, "The skipper is Davy Kerslake."), "How old is Davy Kerslake?"),
    ("How old is he?", MARATHON, "How old is the one who won the Tarrowshire marathon?"),
    ("When will she be delivered?", turn("What is the Marion Grey?", "a vessel"), "When will the Marion Grey be delivered?"),
    ("What's he called?", turn("Why did the captain leave?", "he was ill"), "What's the captain called?"),
])  # fmt: skip
def test_a_person_of_the_earlier_turn(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("who is building it?", WALL, "who is building the sea wall at Hollin Quay?"),
    ("What is its length?", WALL, "What is the sea wall at Hollin Quay’s length?"),
    ("How much did they pay?", BUYER, "How much did Halvorsen Subsea pay?"),
    ("Who is its regional secretary?", UNION, "Who is Allied Trades’ regional secretary?"),
    ("What did the council say about it?", WALL, "What did the council say about the sea wall at Hollin Quay?"),
    ("who was hurt on it?", turn("Which ship hit the pier?", "the Marijke"), "who was hurt on the Marijke?"),
    ("how long do their batteries last?", turn("How many sensors are there?", "36"), "how long do the sensors’ batteries last?"),
    ("When did that happen?", turn("What caused the blackout at Pell Cross?", "salt"), "When did the blackout at Pell Cross happen?"),
    ("how much did it cost?", turn("Who designed the Eiffel Tower?", "Gustave Eiffel"), "how much did the Eiffel Tower cost?"),
    ("how many people live there?", turn("Where was the bell found?", "Kingston, Ontario"), "how many people live in Kingston, Ontario?"),
    ("how many people live there?", turn("Who was born in Merrin?", "Joseph Adu"), "how many people live in Merrin?"),
    ("who told them the news?", turn("How many jobs will be lost at the cannery?", "800"), "who told them the news (the cannery)?"),
])  # fmt: skip
def test_a_thing_or_a_place_of_the_earlier_turn(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("And in Niger?", MALI, "How many people died in the flood in Niger?"),
    ("in Niger?", MALI, "How many people died in the flood in Niger?"),
    ("AND IN NIGER?", turn("Who rules in Mali?"), "Who rules IN NIGER?"),
    ("in 2024?", turn("What did Niger export in 2019?", "uranium"), "What did Niger export in 2024?"),
    ("what about the cannery?", turn("When will the shipyard close?", "2027"), "When will the cannery close?"),
    ("and the captain?", turn("Who is the mate of the Girl Rhoda?"), "Who is the captain of the Girl Rhoda?"),
    ("And the technical director?", turn("Who is the managing director of Skerrow Line?"), "Who is the technical director of Skerrow Line?"),
    ("and wexcombe rovers", turn("Who manages Merrin Town?"), "Who manages wexcombe rovers?"),
    ("and Skerrow Council?", turn("Who chairs the Hollin Quay Fishermen's Association?"), "Who chairs Skerrow Council?"),
    ("and the number 14?", turn("How often does the number 1 bus run now?"), "How often does the number 14 bus run now?"),
    ("and a weekly pass?", turn("How much is a single ticket on the new buses?"), "How much is a weekly pass on the new buses?"),
    ("and for dogs?", turn("How much is a single ticket?"), "How much is a single ticket for dogs?"),
    ("What about on Skerrow?", turn("What is the levy per night?"), "What is the levy per night on Skerrow?"),
    ("And last repaired?", turn("When was the wall built?"), "When was the wall built, and last repaired?"),
    ("and lobsters?", turn("how many crabs died"), "how many crabs died, and lobsters?"),
])  # fmt: skip
def test_a_part_takes_its_place_in_the_earlier_question(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("And the owner?", SKIPPER, "Who is the owner of the Girl Rhoda?"),
    ("And the captain?", turn("Who built the Saint Brannoc?"), "Who is the captain of the Saint Brannoc?"),
    ("and the passengers?", turn("What sank the Marijke?"), "Who are the passengers of the Marijke?"),
    ("And the cost?", BUYER, "What is the cost of the cannery site in Brackwater?"),
    ("And the total cost?", turn("When will the sea wall be built?"), "What is the total cost of the sea wall?"),
    ("and cause?", TRAGEDY, "What is the cause of the ferry?"),
    ("And the cause?", turn("What did Amy James say about the fire?"), "What is the cause of the fire?"),
    ("And its length?", WALL, "What is the sea wall at Hollin Quay’s length?"),
    ("And the owner?", turn("Who skippered Girl Rhoda?"), "Who is the owner of Girl Rhoda?"), ("And the owners?", SKIPPER, "Who are the owners of the Girl Rhoda?"),
    ("And the mate?", SKIPPER, "Who is the mate of the Girl Rhoda?"), ("And the passengers?", SKIPPER, "Who are the passengers of the Girl Rhoda?"),
    ("And its owner?", SKIPPER, "Who is the Girl Rhoda’s owner?"),
    ("And the owner of the ferry?", SKIPPER, "Who is the owner of the ferry?"),
    ("and the owner?", turn("When was the Girl Rhoda built?"), "Who is the owner of the Girl Rhoda?"),
    ("and the owner?", turn("How much did the Girl Rhoda cost?"), "Who is the owner of the Girl Rhoda?"),
    ("And the height?", turn("When was Nikola Tesla born?"), "When was Nikola Tesla born, and the height?"),
])  # fmt: skip
def test_an_owner_or_a_cost_that_cannot_stand_in_the_earlier_question_is_asked_for_by_itself(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("And the owner?", turn("Who appointed the manager?"), "Who appointed the owner?"),
    ("And the owner?", turn("What did the council say?"), "What did the owner say?"),
    ("And the captain?", turn("How old is the mate?"), "How old is the captain?"),
    ("and the price?", turn("What is the weight of a crab?"), "What is the price of a crab?"),
    ("And his boat?", SKIPPER, "Who skippered Davy Kerslake’s boat?"),
    ("And the Marijke?", SKIPPER, "Who skippered the Marijke?"),
])  # fmt: skip
def test_a_part_that_can_stand_in_the_earlier_question_does(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize(("question", "earlier", "asked"), [
    ("when was that?", turn("Did Merrin harbour stop the dredging?"), "when did Merrin harbour stop the dredging?"),
    ("Why?", TRAGEDY, "Why did the ferry run aground on Cow Ledge?"),
    ("how did that happen?", TRAGEDY, "how did the ferry run aground on Cow Ledge?"),
    ("when?", turn("How many people were killed in Mali?"), "when were people killed in Mali?"),
    ("when was that?", MALI, "when was it that people died in the flood in Mali?"),
    ("why?", turn("Who turned down the light?", "The lighthouse authority"), "why was it that the lighthouse authority turned down the light?"),
    ("why?", turn("Who turned down the light?"), "Who turned down the light, and why?"),
    ("how many?", turn("Did volunteers count dead crabs?"), "Did volunteers count dead crabs, and how many?"),
    ("how many of them?", MALI, "How many people died in the flood in Mali, and how many of them?"),
    ("Who said so?", TRAGEDY, "When did the ferry run aground on Cow Ledge, and who said so?"),
    ("what was the cause?", TRAGEDY, "what was the cause of the ferry?"),
    ("And who came second?", MARATHON, "who came second (the Tarrowshire marathon)?"),
    ("how does it work?", turn("What is TideWatch?", "a chain of 36 sensors"), "how does TideWatch work?"),
])  # fmt: skip
def test_a_bare_question_is_asked_of_what_the_earlier_one_says(question, earlier, asked):
    assert as_asked(question, [earlier]) == asked


@pytest.mark.parametrize("question", [
    "What time is it?",
    "How long did it take to restore power?",
    "Is it true that the ferry sank?",
    "Whose idea was it to mix the seeds with mud?",
    "How far is it from Merrin to Skerrow?",
    "When will Merrin Town replace their floodlights?",
    "why did halvorsen pick brackwater for its plant",
    "Why did Captain Trask say he could not steer when he seized the wheel?",
    "When he was mayor, what did John Penrose promise?",
    "What did the company say when it announced that the cannery would close?",
    "At the time of its formation, how many members did the union have?",
    "Which ship sank when it hit the reef?",
    "Who sold his house?",
    "How many ships took pilots with them?",
    "Is there a charge for children under 16 on Skerrow?",
    "What is the alarm that was switched off?",
    "And what did Hugh Pascoe vote against?",
    "What is seagrass?",
    "In which year did the cannery open?",
    "seagrass planting cost per hectare",
    "saint brannoc",
    "¿Y en Níger?",
    "thanks",
])  # fmt: skip
@pytest.mark.parametrize("earlier", [SKIPPER, WALL, MALI, BUYER, MARATHON], ids=lambda one: one.question)
def test_what_stands_by_itself_is_left_as_it_is(question, earlier):
    assert as_asked(question, [earlier]) == question


@pytest.mark.parametrize("question", ["What about him?", "thanks, and you?", "?!", "🐮", "  "])
def test_what_cannot_be_told_is_left_as_it_is(question):
    assert as_asked(question, [SKIPPER]) == question


def test_the_turn_before_is_meant_where_the_last_has_nothing_to_offer():
    assert as_asked("How old is he?", [SKIPPER, turn("What does mackerel cost?", "£2")]) == "How old is Davy Kerslake?"
    assert as_asked("How old is he?", [SKIPPER, turn("Who is Owen Trask?", "a captain")]) == "How old is Owen Trask?"
    assert (
        as_asked("Who paid for it?", [turn("Who closed the port?"), WALL])
        == "Who paid for the sea wall at Hollin Quay?"
    )
    assert as_asked("How old is he?", [SKIPPER, turn("?"), turn("")]) == "How old is Davy Kerslake?"


HOSTILE = [
    "", " ", "?", "🐮 👩\u200d🚒", "the", "Who", "who is", "a" * 2_000, "it " * 700, "Why\n\n?\u2028", "(.*)[a-z]+\\1{9}$^|",
    "من هو قائد العبّارة؟", "\u202ewho is he?\u202c", "The The The", "And and and", "Mr", "'s", "’", "How many", "\0", "\ud800",
    "it's", "THE CAPTAIN OF THE SHIP", "Who is " + "the captain of " * 140, "£5", "in in in", "of the", "and", "What about",
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("question", ["and in Niger?", "who is he?", "why?", "what did it cost?", "and the captain?"])
def test_nothing_that_was_said_before_is_too_odd(question, said):
    assert as_asked(question, [Earlier(said, said, said)]).strip()
    assert as_asked(question, [Earlier("Who is he?", said, said), Earlier(said)]).strip()


WORDS = st.lists(
    st.sampled_from("who when why how many the a and in of it he his that there is was did Merrin Davy Kerslake ship said 12 ? , ’s".split())
).map(" ".join)  # fmt: skip
TEXTS = st.text() | WORDS
TURNS = st.lists(st.builds(Earlier, TEXTS, st.none() | TEXTS, st.none() | TEXTS), max_size=3)


@given(TEXTS, TURNS)
@example("why?", [Earlier("ſ", "İ", "ß")])
def test_any_question_after_any_turns_is_one_question(question, turns):
    asked = as_asked(question, turns)
    assert asked == as_asked(question, turns)
    assert asked == question or asked.strip()
    assert as_asked(question, []) == question


def test_questions_of_the_sample_set_stand_by_themselves_whatever_was_asked_before():
    examples = read_set(SETS / "sample.jsonl").examples
    draw = random.Random(1)
    turns = [
        Earlier(one.question, *((one.golds[0].text, one.golds[0].context) if one.golds else ())) for one in examples
    ]
    unchanged = [as_asked(one.question, [draw.choice(turns)]) == one.question for one in examples for _ in range(5)]
    assert sum(unchanged) / len(unchanged) >= 0.98
