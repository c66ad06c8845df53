import time

import pytest

from corpus.facts.defaults import LONGEST_PROPERTY, is_default_author, property_authors, property_title

DEFAULT_TITLES = """
PowerPoint Presentation|PowerPoint-Präsentation|Présentation PowerPoint|Presentación de PowerPoint|Presentazione standard
di PowerPoint|Apresentação do PowerPoint|PowerPoint-presentatie|Prezentace aplikace PowerPoint|Презентация PowerPoint
|PowerPoint プレゼンテーション|PowerPoint 演示文稿|Slide 1|Folie 12|Diapositive 1|Diapositiva 3|スライド 1|Document1|Dokument1
|Documento2|Document|Word Document|Microsoft Word Document|Documento de Word|New Microsoft Word Document|New document
|Neues Dokument|Nouveau document|Документ Microsoft Word|Presentation1|Präsentation2|Book1|Mappe1|Classeur1|Sheet1
|Untitled|untitled-1|Untitled document|Unbenanntes Dokument|Ohne Titel|Sans titre|Document sans titre|Sin título
|Documento sin título|Senza titolo|Bez názvu|無題|無題ドキュメント|无标题文档|Title|[Title]|Titre du document|Document Title
|Click to edit Master title style|Microsoft Word - harbour.docx|Microsoft Word - The harbour plan|Microsoft PowerPoint - Plan
|harbour-plan.indd|C:\\Users\\ada\\plan|annual_report_FINAL|Scan0001|Scanned Document|SKM_C25824031209120|scan_2024_03
|CamScanner 03-12-2024 10.22|(anonymous)|unspecified|none|-|2024|https://merrin.example/a|Layout 1|Normal.dotm
"""
TITLES = """
The Slide|PowerPoint is dead|Document of a winter|Untitled: a life|Book of Hours|Page one|1984 and after|Title fight at
Merrin|Slide 1: the harbour|Scan of the sea|Printed words|Notes on a harbour|Test results of 2024|Presentation of the plan
|Unknown soldier|Draft harbour plan|Cover story|File on Merrin|夜船|Word for word|Merrin - Pell: the ferry that never sailed
"""
DEFAULT_AUTHORS = """
Microsoft Office User|Windows User|User|user1|Administrator|Admin|Owner|python-docx|Author|Unknown|Microsoft Office-Benutzer
|Windows-Benutzer|Utilisateur Microsoft Office|Utilisateur Windows|Usuario de Windows|Usuário do Windows|Utente Windows
|Utente di Microsoft Office|Пользователь Windows|Windows ユーザー|Microsoft Office 用户|Microsoft|HP|HP Inc.|Dell User|anonymous
|jsmith|JSMITH2|JSmith|quilla|ada|DOMAIN\\ada|ada.quill|ada@merrin.example|Canon iR-ADV C5235|Xerox WorkCentre 7835
|KONICA MINOLTA bizhub C364e|Scanner|Adobe InDesign CC 2017|ReportLab PDF Library|LaTeX with hyperref|Your Name|Autor||...
"""
AUTHORS = """
Ada Quill|Sam O'Brien|Quill, Ada|Merrin County Council|山田太郎|王小明|Иван Петров|Brother Anselm Quill|Epson Tate|Word Smith
|Mac Miller|Will Sharp|Prince Harald Quill|Xu Li|Penny Page|Ludwig van Beek
"""


def listed(words):
    return words.replace("\n|", "|").strip("\n").replace("\n", " ").split("|")


@pytest.mark.parametrize("title", listed(DEFAULT_TITLES))
def test_what_a_program_or_a_scanner_wrote_is_no_title(title):
    assert property_title(title) is None


@pytest.mark.parametrize("title", listed(TITLES))
def test_a_title_with_such_words_in_it_is_one(title):
    assert property_title(f" {title}\n") == title


@pytest.mark.parametrize("name", listed(DEFAULT_AUTHORS))
def test_accounts_devices_and_programs_are_no_authors(name):
    assert is_default_author(name)


@pytest.mark.parametrize("name", listed(AUTHORS))
def test_the_name_of_a_person_or_a_body_is_no_default(name):
    assert not is_default_author(name)


def test_the_authors_of_a_file_are_its_persons():
    assert property_authors("Ada Quill; Microsoft Office User; Sam Okoro") == ("Ada Quill", "Sam Okoro")
    assert property_authors("Windows User") == property_authors("jsmith") == property_authors(None) == ()


@pytest.mark.parametrize(
    "unit", ["a", "a ", "1_", "scan ", "new document ", "user ", "- ", "\\", "canon 1 ", "microsoft "]
)
def test_a_long_property_is_looked_at_once(unit):
    begun = time.process_time()
    assert property_title(unit * 1_000_000) is None
    assert is_default_author(unit * 1_000_000)
    property_title(unit * (LONGEST_PROPERTY // len(unit)))
    is_default_author(unit * (LONGEST_PROPERTY // len(unit)))
    assert time.process_time() - begun < 1
