import time

import pytest

from corpus.facts.names import byline, byline_names, name_list, people

# What a site puts into a byline or its data, and the names in it. The names are invented.
BYLINES = """
By Ada Quill = Ada Quill
by Ada Quill = Ada Quill
BY ADA QUILL = ADA QUILL
By Ada Quill and Sam Okoro = Ada Quill; Sam Okoro
By Ada Quill, Sam Okoro and Omar al-Bakr = Ada Quill; Sam Okoro; Omar al-Bakr
Ada Quill & Sam Okoro = Ada Quill; Sam Okoro
Ada Quill | Sam Okoro = Ada Quill; Sam Okoro
Ada Quill; Sam Okoro = Ada Quill; Sam Okoro
Ada Quill / Sam Okoro = Ada Quill; Sam Okoro
Ada Quill und Sam Okoro = Ada Quill; Sam Okoro
Ada Quill et Sam Okoro = Ada Quill; Sam Okoro
Ada Quill y Sam Okoro = Ada Quill; Sam Okoro
Ada Quill, with Sam Okoro = Ada Quill; Sam Okoro
Quill, Ada = Ada Quill
Quill, Ada; Okoro, Sam = Ada Quill; Sam Okoro
Quill, A. B. = A. B. Quill
Quill, A., Okoro, S. = A. Quill; S. Okoro
van Beek, Ludwig = Ludwig van Beek
Written by Ada Quill = Ada Quill
Posted by Ada Quill on March 14, 2024 = Ada Quill
Posted on March 14, 2024 by Ada Quill = Ada Quill
Story by Ada Quill, photographs by Sam Okoro = Ada Quill
Words: Ada Quill | Pictures: Sam Okoro = Ada Quill
View all posts by Ada Quill = Ada Quill
Ada Quill, Senior Staff Writer = Ada Quill
Ada Quill, gardening editor = Ada Quill
Ada Quill Games Editor = Ada Quill
Ada Quill Political Correspondent = Ada Quill
Ada Quill, BBC News Africa correspondent = Ada Quill
Ada Quill, Chefredakteurin = Ada Quill
Ada Quill, journaliste = Ada Quill
Ada Quill, corresponsal en Merrin = Ada Quill
Iveta Quillová, redaktorka = Iveta Quillová
Reporter Ada Quill = Ada Quill
Merrin-Experte Sam Okoro = Sam Okoro
Ada Quill in Paris = Ada Quill
Ada Quill for the Gazette = Ada Quill
Ada Quill at Lindholm Quay = Ada Quill
By Ada Quill For The Merrin Mail = Ada Quill
Ada Quill, Associated Press = Ada Quill
Ada Quill, CNN = Ada Quill
Ada Quill (Reuters) = Ada Quill
Ada Quill, New York = Ada Quill
Ada Quill, The Merrin Gazette = Ada Quill
Ada Quill, Updated March 14, 2024 = Ada Quill
Ada Quill July = Ada Quill
Laura June Quill July = Laura June Quill
Ada Quill 12 March 2024 = Ada Quill
Ada Quill | Last modified: 14 March 2024 = Ada Quill
Ada Quill · 5 min read = Ada Quill
Ada Quill Follow = Ada Quill
Ada Quill 3.4K followers = Ada Quill
Ada Quill @adaquill = Ada Quill
Ada Quill ada@merrin.example = Ada Quill
Ada Quill Shares = Ada Quill
Aleš Vávra před 3 hodinami = Aleš Vávra
Ada Quill vor 2 Stunden = Ada Quill
Ada Quill il y a 3 heures = Ada Quill
Ada Quill hace 2 horas = Ada Quill
Dr. Ada Quill = Dr. Ada Quill
Ada Quill, PhD = Ada Quill
Ada Quill, Jr. = Ada Quill Jr.
Ada Quill Jr. and Sam Okoro = Ada Quill Jr.; Sam Okoro
J. K. Quill = J. K. Quill
A.B. Quill = A.B. Quill
Jean-Luc de la Croix = Jean-Luc de la Croix
Seán O'Quill = Seán O'Quill
John v. Quill-Okoro = John v. Quill-Okoro
Theresa May = Theresa May
April Quill = April Quill
Emily Post = Emily Post
Von Anna Müller und Ludwig van Beek = Anna Müller; Ludwig van Beek
Ein Artikel von Anna Müller = Anna Müller
Alle Beiträge von Anna Müller = Anna Müller
Autorin: Anna Müller = Anna Müller
Par Jean Moulin et Marie Le Goff = Jean Moulin; Marie Le Goff
Auteur : Marie Le Goff = Marie Le Goff
Por José Ñandú | Merrin = José Ñandú
Escribe José Ñandú = José Ñandú
Di Giovanni Quillo = Giovanni Quillo
Door Ada van Quill = Ada van Quill
Автор: Иван Перов = Иван Перов
Иван Перов, корреспондент = Иван Перов
بقلم: أحمد الخطيب = أحمد الخطيب
作者：王小明 = 王小明
作者: 王小明 来源: 墨林日报 = 王小明
記者王小明／台北報導 = 王小明
文/王小明 = 王小明
新华社记者 王小明 李大同 = 王小明; 李大同
取材・文：山田太郎 = 山田太郎
山田 太郎 = 山田 太郎
约翰·史密斯 = 约翰·史密斯
홍길동 기자 = 홍길동
[[Ada Quill]] = Ada Quill
[[People/Ada Quill|Ada]] = Ada Quill
[Ada Quill](https://merrin.example/ada) = Ada Quill
<a href="/ada">Ada Quill</a>, Sam Okoro = Ada Quill; Sam Okoro
*By Ada Quill* = Ada Quill
By Ada Quill, Senior Staff Technologist, Merrin Speech, Privacy, and Technology Project = Ada Quill
Ada Quill, Staff Writer, and Sam Okoro = Ada Quill; Sam Okoro
By Ada Quill in Merrin and Sam Okoro in Pell = Ada Quill; Sam Okoro
by Lucas Quill22 Dec 2016651 = Lucas Quill
Reuters, Ada Quill = Ada Quill
Ada Quill's blog = Ada Quill
"Ada Quill" = Ada Quill
Text und Fotos: Ada Quill = Ada Quill
Zusammengestellt von Ada Quill = Ada Quill
Ada Quill/dpa = Ada Quill
Автор — Иван Перов = Иван Перов
Текст: Иван Перов Фото: Пётр Орлов = Иван Перов
王小明 报道 = 王小明
本报讯 记者王小明 = 王小明
来源：墨林日报 作者：王小明 = 王小明
山田太郎（やまだたろう） = 山田太郎
文＝山田太郎 = 山田太郎
김철수·박영희 기자 = 김철수; 박영희
[메린=김철수 기자] = 김철수
"""
NOBODY = """
Updated|Updated March|Last modified|Username|Authority control|作者|admin|editor|webmaster|jsmith2|Staff|By Staff|Redaktion
|Reuters|dpa/lno|AFP|Associated Press|The Merrin Gazette|Staff Writer|Games Editor|5 min read|12 March 2024|March 2024|By Monday
|By contrast|By the time he arrived|Photo: Ada Quill|Photographs by Ada Quill|Edited by Ada Quill|Übersetzung: Ada Quill|编辑：王小明
|来源：新华网|匿名|Read more|Sign in|Share|Follow|@adaquill|ada@merrin.example|https://merrin.example/ada|The ferry|编辑部|관리자
|Le Monde.fr avec AFP|Special to the Gazette|red|iDNES.cz, ČTK|Foto: dpa|Zur Artikelübersicht|Alle Beiträge|Der Hafen|CC BY|...||-|2024|In Merrin|Von der Planung
"""


def bylines():
    return [tuple(part.strip() for part in line.split(" = ")) for line in BYLINES.strip().splitlines()]


@pytest.mark.parametrize(("text", "names"), bylines())
def test_the_names_of_a_byline(text, names):
    assert people(text) == tuple(names.split("; "))


@pytest.mark.parametrize("text", NOBODY.strip("\n").replace("\n|", "|").split("|"))
def test_what_names_nobody(text):
    assert people(text) == ()


def test_a_word_alone_is_a_name_where_it_is_known_to_be_one():
    assert people("Marigold") == people("jsmith2", pen_names=True) == people("Updated", pen_names=True) == ()
    assert people("Marigold", pen_names=True) == ("Marigold",)


@pytest.mark.parametrize("line", ["By Ada Quill", "Von Ada Quill und Sam Okoro", "作者：王小明", "Text: Ada Quill"])
def test_a_byline_that_holds_nothing_but_names(line):
    assert byline(line).is_whole


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Quill, Staff writer",
        "By Ada Quill in Paris",
        "By Ada Quill, Reuters",
        "By Ada Quill | 5 min read",
        "記者王小明／台北報導",
    ],
)
def test_a_byline_that_holds_more(line):
    assert byline(line).names
    assert not byline(line).is_whole


def test_a_sentence_after_a_name_is_prose():
    assert name_list("Ada Quill walked home").is_prose
    assert not name_list("Ada Quill in Paris").is_prose


@pytest.mark.parametrize("line", ["Ada Quill", "Bygones are bygones", "By " + "Ada Quill, " * 20, "Byron Quill"])
def test_a_line_that_does_not_lead_to_names_is_no_byline(line):
    assert byline_names(line) == ()


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a ",
        "A ",
        "By ",
        "A, ",
        "(",
        "[[",
        "[",
        "<",
        "@",
        "a@",
        "von ",
        "・",
        "王",
        "记者",
        "A-",
        "—",
        "and ",
        "|",
        "a.b ",
    ],
)
def test_a_long_list_is_read_in_a_moment(unit):
    begun = time.process_time()
    for length in (1_999, 1_000_000):
        people((unit * length)[:length])
        byline((unit * length)[:length])
    assert time.process_time() - begun < 1
