"""What leads to the names in a byline, such as "By" and "Autor:", and what leads to those of others than authors."""

from __future__ import annotations

import re

_MADE = (
    r"(?:(?:the |a |an )?(?:story|words|article|text|report|reporting|column|analysis|opinion|review|essay|interview"
    r"|post|"
    r"guest post|commentary|feature|photographs?|photos?)?\s?(?:and \w{1,15} )?"
    r"(?:written|reported|posted|published|submitted|contributed|created|authored|compiled|words|story|text|article|"
    r"report|analysis|opinion|review|column|posts|articles|stories|profile|view all posts|more)? ?)"
)
LEAD = re.compile(
    rf"(?:{_MADE}by\b[\s:]{{0,3}}"
    r"|(?:text (?:und|&|and) (?:fotos?|bilder|photos?)|words (?:and|&) (?:pictures|photos?)|author(?:s|\(s\))?|byline"
    r"|writers?|written|words|text|story|reporters?|autor(?:a|es|as|in|en|i|ka)?"
    r"|auteure?s?|"
    r"autric[ei]|författare|forfatter|skribent|автор[ыиа]?|текст|автор текста|tekst|texte|testo|texto|tekstas|teksti|"
    r"yazan|haber|penulis|tác giả|írta|szerző|redaktion|reportage|interview|verfasser(?:in)?|artikel|napsala?"
    r"|opracował[a]?|oprac\."
    r"|συγγραφέας|מאת|الكاتب|المؤلف|مؤلف|about the author|posted|from|geschrieben|publié)\s?[:：]\s?"
    r"|(?:eine? \w{1,20} |(?:\w{1,12} )?(?:interview|text|beitrag|gastbeitrag|kommentar|bericht|reportage|kolumne"
    r"|essay|analyse|rede|rezept|geschichte) "
    r"|fotos? und text |(?:zusammengestellt|geschrieben|verfasst|veröffentlicht|erstellt|gepostet|eingestellt) "
    r"|(?:zeige )?(?:alle )?(?:artikel|beiträge|"
    r"einträge) )?vo[nm]:?\s|(?:voir )?tous les articles (?:de|par)\s|(?:ver )?todas las entradas (?:de|por)\s"
    r"|(?:(?:posted|published) on .{3,30} by)\s|autor(?:in|en)? (?=[A-ZÄÖÜ])|author (?=[A-Z])|auteur (?=[A-Z])"
    r"|автор (?=[А-Я])"
    r"|(?:écrit |rédigé |publié |posté |un article |propos recueillis |texte )?par:?\s"
    r"|(?:escrito |publicado |texto |redactado |escrita )?por:?\s|escriben?:?\s|(?:scritto |pubblicato )?(?:da"
    r"|di):?\s|a cura di:?\s"
    r"|(?:geschreven )?door:?\s|(?:skrevet |skriven )?a[fv]:?\s|(?:napsal|napsala|podle|od)\s|oleh:?\s|(?:γράφει (?:ο"
    r"|η)|του|της)\s"
    r"|(?:بقلم|كتبت?|كتب)\s?[:/]?\s|מאת:?\s|(?:pubblicato|par)\s)",
    re.IGNORECASE,
)
OTHERS = re.compile(  # whom such a label names is no author
    r"(?:photo(?:s|graphs?|graphy|grapher)?|illustrat(?:ions?|ed|or)|images?|pictures?|videos?|graphics?|edit(?:ed"
    r"|ing|or)|"
    r"translat(?:ed|ion|or)|produced|reviewed|medically reviewed|fact[- ]checked|directed|interviewed|cover|art|"
    r"additional reporting|fotos?|bild(?:er)?|illustration(?:en)?|übersetzung|übersetzt|traduction|traduit|traducción|"
    r"traduzione|montage|kamera|grafik|redigerad|редактор|фото|перевод|foto's|zdjęcia|übersetzer(?:in)?|"
    r"quellen?|sources?|via|medically|geprüft von|category|filed|tags?|rubrik|share|follow|copyright|©)"
    r"\b(?: \w{1,12}){0,2}?\s?(?:[:：]|\bby\b|\bvon\b|\bpar\b|\bpor\b|©)"
    r"|(?:übersetzung|übersetzt|translation|fotos?|photos?|bild|illustration|montage|grafik) \w|[©]",
    re.IGNORECASE,
)
