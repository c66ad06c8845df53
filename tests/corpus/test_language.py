"""The language of texts, and of questions that are not in English."""

import pytest

from corpus.language import language_of, other_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour was closed on Tuesday after a barge struck the eastern pier and sank within minutes.", "en"),
        ("Le port a été fermé mardi après qu'une barge a heurté la jetée et coulé en quelques minutes.", "fr"),
        ("Der Hafen wurde am Dienstag geschlossen, nachdem ein Lastkahn die Mole gerammt hatte.", "de"),
        ("Yes.", None),
        ("1 2 3 " * 100, None),
        ("", None),
    ],
)
def test_language(text, language):
    assert language_of(text) == language
    assert language_of(text) == language  # and again: nothing is learned from call to call


@pytest.mark.parametrize(("question", "language"), [
    ("Qui a acheté l'usine ?", "fr"), ("combien de passagers", "fr"), ("Wer hat das Werk gekauft?", "de"), ("was kostet die Karte", "de"),
    ("wo liegt der hafen", "de"), ("¿Quién compró la fábrica?", "es"), ("Chi ha comprato la fabbrica?", "it"), ("quem comprou a fábrica", "pt"),
    ("wie heet de kapitein", "nl"), ("kto jest burmistrzem", "pl"), ("kuka osti tehtaan", "fi"),
    ("Who wrote Die Verwandlung?", None), ("when did teh feryr run agruond", None), ("how many pasengers", None),
    ("ferry aground cow ledge", None), ("harbur tarif incrase", None), ("skipperd girl rhoda", None), ("Davy Kerslake", None),
    ("Merrin harbour tariff", None), ("", None), ("?!", None), ("日本の首都は", None), ("\ud800", None),
])  # fmt: skip
def test_only_questions_that_are_surely_in_another_language_have_one(question, language):
    assert other_language(question) == language
