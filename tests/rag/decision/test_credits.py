import pytest

from corpus.article import Span
from rag.decision.credits import in_credit


def stands_in_credit(text, words):
    at = text.index(words)
    return in_credit(text, Span(at, at + len(words)))


@pytest.mark.parametrize(("text", "words"), [
    ("By Ada Quill\n\nThe ferry sank.", "Ada Quill"), ("Fire\nBy Ada Quill, Chief Reporter\nIt burnt.", "Ada Quill"),
    ("Words by Ada Quill. Photos by Sam Okoro", "Sam Okoro"), ("Interview: Ada Quill\n\nShe keeps bees.", "Ada Quill"),
    ("The mayor on the quay. Photograph: Sam Okoro", "Sam Okoro"), ("The quay (Picture: Sam Okoro)", "Sam Okoro"),
    ("The quay. © Sam Okoro / Touchline", "Touchline"), ("It burnt. Additional reporting by Ada Quill.", "Ada Quill"),
    ("HALLAM, 14 May (Lowland News) — A coach burnt.", "Lowland News"), ("MERRIN (Reuters) - A ferry sank.", "Reuters"),
    ("Ada Quill reports from Hallam.", "Ada Quill"), ("Ada Quill is a staff writer for The Bell.", "Ada Quill"),
    ("Ada Quill, Senior Reporter\nThe coach burnt.", "Ada Quill"), ("Ada Quill\nChief Sports Writer\n\nRovers won.", "Ada Quill"),
    ("Ada Quill | Transport correspondent\nIt burnt.", "Ada Quill"),
])  # fmt: skip
def test_who_reports_stands_in_a_credit(text, words):
    assert stands_in_credit(text, words)


@pytest.mark.parametrize(("text", "words"), [
    ("The ferry was found by Ada Quill.", "Ada Quill"), ("By Friday the mayor had left for Hallam", "the mayor"),
    ("By Ada Quill\n\nDavy Kerslake sank.", "Davy Kerslake"), ("The film by Ada Quill won the prize of the city.", "Ada Quill"),
    ("HALLAM, 14 May (Lowland News) — Marta Lind drove.", "Marta Lind"), ("Photograph: Sam Okoro. The mayor waved.", "The mayor"),
    ("Ada Quill reported the theft to the police.", "Ada Quill"), ("by the harbour master", "harbour master"),
    ("Ada Quill\nThe coach burnt, wrote a reporter.\n", "Ada Quill"), ("The source of the river was found. Ada Quill swam.", "Ada Quill"),
])  # fmt: skip
def test_who_is_told_of_does_not(text, words):
    assert not stands_in_credit(text, words)


def test_a_line_without_end_is_looked_at_near_the_words_only():
    text = "A" * 50_000 + " " + "photo: " * 5_000 + "." + " x" * 200 + " Ada Quill"
    assert not stands_in_credit(text, "Ada Quill")
