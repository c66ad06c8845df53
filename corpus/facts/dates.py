"""Dates that a source states: read where they are whole and can be only one day.

A date needs its day, month and year. A number such as 03/04/2025 could be two days; it is a date only where the order
of day and month is known. What a label calls an update, a check or a print is no date of publication.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.facts.byline_words import WEEKDAYS

Kind = Literal["published", "other", ""]
_MONTH_NAMES = """
january jan januar jänner janvier janv enero ene gennaio gen janeiro januari ledna leden stycznia styczeń января
янв січня ocak tammikuuta ianuarie január siječnja;
february feb febr februar feber février fevr févr febrero febbraio febb fevereiro fev februari února únor lutego
luty февраля фев февр лютого şubat helmikuuta februarie február veljače;
march mar märz mrz maerz mars marzo março marco maart mrt března březen marca marzec марта мар березня mart
maaliskuuta martie marts március ožujka;
april apr avril avr abril abr aprile abril dubna duben kwietnia kwiecień апреля апр квітня nisan huhtikuuta
aprilie április travnja;
may mai mayo maggio mag maio mei května květen maja maj мая май травня mayıs toukokuuta május svibnja;
june jun juni juin junio giugno giu junho června červen czerwca czerwiec июня июн червня haziran kesäkuuta iunie
június lipnja;
july jul juli juillet juil julio luglio lug julho července červenec lipca lipiec июля июл липня temmuz
heinäkuuta iulie július srpnja;
august aug august août aout agosto ago augustus augusti srpna srpen sierpnia sierpień августа авг серпня ağustos
elokuuta augusztus kolovoza;
september sep sept septembre septiembre setiembre settembre sett set setembro září zari września wrzesień
сентября сен сент вересня eylül syyskuuta septembrie szeptember rujna;
october oct oktober okt octobre octubre ottobre ott outubro out října říjen października październik октября окт
жовтня ekim lokakuuta octombrie október listopada;
november nov novembre noviembre novembro nov listopadu listopad ноября ноя нояб листопада kasım marraskuuta
noiembrie studenoga;
december dec dezember dez décembre déc diciembre dic dicembre dezembro prosince prosinec grudnia grudzień
декабря дек грудня aralık joulukuuta decembrie prosinca
"""  # of each month in the languages of the pages that are read most
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(";"), 1) for name in names.split()} | {
    "listopada": 11
}
_MONTH = r"(?P<{0}>[^\W\d_]{{3,12}})\.?"
_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:(?P<iso>{_YEAR})(?P<sep>[-/.])(?P<iso_month>\d\d?)(?P=sep)(?P<iso_day>\d\d?)(?=T?\D|T\d|\Z)"
    rf"|(?P<compact>{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=T?\d*[^\d]|T|\Z)"
    rf"|(?P<cjk>{_YEAR})\s?[年년.]\s?(?P<cjk_month>\d\d?)\s?[月월.]\s?(?P<cjk_day>\d\d?)(?:\s?[日일號号]|\.|(?=\s|\Z))"
    rf"|(?P<dot_day>\d\d?)\.\s?(?P<dot_month>\d\d?)\.\s?(?P<dot_year>{_YEAR})(?!\d)"
    rf"|(?P<one>\d\d?)(?P<bar>[/-])(?P<two>\d\d?)(?P=bar)(?P<either_year>{_YEAR})(?!\d)"
    rf"|(?P<day>\d\d?)(?:st|nd|rd|th|er|ère|re|\.|º|ª|°|o|-?го)?[ \xa0-]?(?:of |de |d[’']|di "
    rf"|\. )?{_MONTH.format('month')}"
    rf"[, \xa0-]{{1,2}}(?:de |del |of )?(?P<year>{_YEAR})(?!\d)"
    rf"|{_MONTH.format('first_month')}[ \xa0]?(?:the )?(?P<second_day>\d\d?)(?:st|nd|rd"
    rf"|th)?[, \xa0]{{1,2}}(?P<last_year>{_YEAR})(?!\d)"
    rf"|(?P<front_year>{_YEAR})[.,]? {_MONTH.format('mid_month')} (?P<end_day>\d\d?)(?!\d))",
    re.IGNORECASE,
)
_PUBLISHED = (
    r"publi(?:shed|shing|cation|cado|cada|é|ée|ceret|cerad|sert|kováno|cēts|cat)|pub\.? ?date|posted|post date"
    r"|created|issued|"
    r"filed|released|dated?|datum|datiert|fecha|data|paru|parution|mis en ligne|créé|veröffentlicht|publiziert"
    r"|erschienen|"
    r"erstellt|pubblicat[oa]|gepubliceerd|geplaatst|zveřejněno|vydáno|vloženo|opublikowano|dodano|data publikacji|"
    r"опубликован[оа]?|дата(?: публикации)?|опубліковано|julkaistu|yayın\w*|közzétéve|"
    r"objavljeno|发[布表](?:于|時間|时间|日期)?|"
    r"發[布佈表](?:於|時間|日期)?|公開日?|掲載日?|投稿日?|配信|入力|입력|등록|게시|作成日?|日期|时间|時間|نشر|تاريخ"
)
_OTHER = (
    r"updat(?:ed|e)|modifi(?:ed|cado|cada|é|ée|cation)|edited|revis(?:ed|ion)|reviewed|corrected|changed|amended|last|"
    r"retrieved|accessed|archived|printed|captured|saved|downloaded|expires?|until|deadline|valid|copyright|born|died|"
    r"mis(?:e)? à jour|actualis[ée]+|modifi[ée]+|corrigé|consulté|aktualisiert|geändert|bearbeitet|überarbeitet|stand"
    r"|abgerufen|"
    r"änderung|actualiza(?:do|da|ción)|última|aggiornat[oa]|modificat[oa]|ultim[oa]|atualizad[oa]|bijgewerkt"
    r"|gewijzigd|laatst|"
    r"aktualizováno|aktualizace|upraveno|zaktualizowano|aktualizacja|обновлен[оа]?|изменен[оа]?|оновлено|uppdaterad"
    r"|ändrad|"
    r"opdateret|oppdatert|päivitetty|güncelle\w*|frissítve|ažurirano|更新(?:日|时间|時間)?|最終更新日?|修正|改訂|수정|편집|تحديث"
)
_LABEL = re.compile(
    rf"(?<![^\W\d_])(?:(?P<published>{_PUBLISHED})|(?P<other>{_OTHER}))(?![^\W\d_a-z]|[a-z])", re.IGNORECASE
)
_CJK_LABEL = re.compile(
    r"\s?(?:\d\d?:\d\d\s?)?(?:(?P<published>公開|掲載|配信|发布|發布|投稿|발행)|(?P<other>更新|修正|수정))(?!日?\s?[:：])"
)
_TIME = re.compile(
    r"\d\d?[:.h時点시]\s?\d\d(?:[:.分분]\d\d)?(?:[.,]\d{1,9})?\s?(?:[ap]\.?\s?m\b\.?|uhr|h\b|hrs|clock|z\b)?"
    r"|\d\d? ?(?:[ap]\.?m\b\.?|uhr|h\b)"
    r"|\bT?\d\d:?\d\d(?::?\d\d)?(?:\.\d{1,9})?z?|[+-]\d\d:?\d\d\b|\bz\b|\([a-z]{2,5}\)|\b(?:gmt"
    r"|utc)\s?[+-]\s?\d{1,2}(?::\d\d)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{9,13}(?:\.\d{1,9})?")
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:[\d:.,+Z-]{2,30}", re.IGNORECASE)
_CLOCK = re.compile(r"\s\d\d:\d\d(?::\d\d)?(?: (?:[A-Z]{2,4}|[+-]\d{4}))?(?=\s)")  # in "Feb 02 01:12:17 UTC 2026"
_FILLERS = (
    WEEKDAYS
    | frozenset(
        "on at the of le la el il den der am um à a de del di du les kl klo clock o'clock uhr h hrs gmt utc bst est "
        "edt cst cdt "
        "mst mdt pst pdt cet cest ist jst et ct pt z t am pm a.m p.m heure heures года год г р v ve vom rok roku los "
        "día del "
        "on: at: online first originally first-published originally. dne dnia w och und".split()
    )
    | frozenset(
        "mo di mi do fr sa so mi. lun mar mer jeu ven sam dim mié jue vie sáb dom gio sab ma wo vr za zo".split()
    )
)
_CJK_WEEKDAY = re.compile(
    r"[（(]?(?:(?:星期|周|週)[一二三四五六日天]|[月火水木金土日](?:曜日?)?|[월화수목금토일]요?일?)[)）]?|上午|下午|午前|午後|오전|오후"
)
_LATEST_EPOCH = 4_102_444_800  # seconds: 2100-01-01
_MAX_LENGTH = 80  # characters of a value that is a date
_MAX_LINE = 320  # characters of a line in which dates are looked for


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date in a line at `start:end`: its days as ISO dates, two where the order is open, and what its label says."""

    days: tuple[str, ...]
    kind: Kind
    start: int
    end: int


def iso_date(value: object, day_first: bool | None = None) -> str | None:
    """The date that a value states, as `YYYY-MM-DD`; None unless it is one whole, unambiguous date and nothing else.

    Numbers of 9 to 13 digits are seconds or milliseconds since 1970 (UTC). `day_first` is the order of 03/04/2025 where
    it is known.
    """
    days = possible_days(value)
    if len(days) == 2 and day_first is not None:
        return days[0] if day_first else days[1]
    return days[0] if len(days) == 1 else None


def possible_days(value: object) -> tuple[str, ...]:
    """The days that a value may state: none, one, or two, of which the first has its day before its month."""
    if isinstance(value, dt.date):  # a datetime is one too
        return (value.strftime("%Y-%m-%d"),) if value.year >= 1000 else ()
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**14:
        value = str(int(value))
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return ()
    text = value.strip().strip("*_ \xa0.,|–—-()[]")
    if _ISO_TIME.fullmatch(text):
        text = text[:10]
    if _EPOCH.fullmatch(text):
        return _of_epoch(float(text))
    found = dates_in(text) or dates_in(text := _CLOCK.sub(" ", text, count=1))
    is_date = len(found) == 1 and found[0].kind != "other" and is_bare(text, found)
    return found[0].days if is_date else ()


def dates_in(line: str) -> list[StatedDate]:
    """The dates of a line in order, each with what the label before it, or right behind it, calls it."""
    found: list[StatedDate] = []
    if len(line) > _MAX_LINE:
        return found
    end = 0
    kind: Kind = ""
    for match in _DATE.finditer(line):
        days = tuple(_days(match))
        if not days:
            continue
        labels = list(_LABEL.finditer(line, max(end, match.start() - 60), match.start()))
        behind = _CJK_LABEL.match(line, match.end())
        if behind:
            kind = "published" if behind["published"] else "other"
        elif labels:
            kind = "other" if any(label["other"] for label in labels) else "published"
        elif end:
            kind = ""
        found.append(StatedDate(days, kind, match.start(), match.end()))
        end = match.end()
    return found


def is_bare(line: str, found: list[StatedDate]) -> bool:
    """Whether a line holds nothing but these dates, their labels, weekdays and times."""
    rest, end = "", 0
    for one in found:
        rest += line[end : one.start] + " "
        end = one.end
    rest = _TIME.sub(" ", _CJK_WEEKDAY.sub(" ", _LABEL.sub(" ", rest + line[end:])))
    words = re.findall(r"[^\s|,;:.()\[\]•·–—*_/：，。（）｜-]+", rest)
    return all(word.lower() in _FILLERS or _CJK_LABEL.fullmatch(word) for word in words)


def day_in_address(url: str) -> str | None:
    """The day in the path of an address, as in /2024/03/12/; None where there is none, or more than one."""
    path = re.split(r"[?#]", url[:2_000])[0]
    forms = rf"(?<!\d)({_YEAR})([-/_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
    days = {f"{year}-{month}-{day}" for year, _, month, day in re.findall(forms, path)}
    return next(iter(days)) if len(days) == 1 and _is_day(next(iter(days))) else None


def day_first_in(language: str | None) -> bool | None:
    """Whether numbers of dates have the day first in a language with a region, such as en-GB; None where it is open."""
    code, _, region = (language or "").lower().replace("_", "-").partition("-")
    if code == "en":
        return {"us": False, "ph": False, "gb": True, "ie": True, "au": True, "nz": True, "in": True, "za": True}.get(
            region
        )
    return True if code in _DAY_FIRST_LANGUAGES and region not in ("ca", "us") else None


_DAY_FIRST_LANGUAGES = frozenset(
    "de fr es it pt nl cs sk pl ru uk da nb no fi tr el ro bg hr sr sl ca gl vi id he ar".split()
)


def _of_epoch(seconds: float) -> tuple[str, ...]:
    if seconds >= 10**11:
        seconds /= 1000
    if not 10**8 <= seconds < _LATEST_EPOCH:
        return ()
    return (dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d"),)


def _days(match: re.Match[str]) -> Iterator[str]:
    """The days that a match may state; the first has its day before its month."""
    if match["compact"]:
        parts = [(match["compact"][:4], match["compact"][4:6], match["compact"][6:])]
    elif match["either_year"]:
        one, two = int(match["one"]), int(match["two"])
        parts = [(match["either_year"], match["two"], match["one"])]
        if one != two:
            parts.append((match["either_year"], match["one"], match["two"]))
    elif match["iso"] or match["cjk"]:
        parts = [
            (
                match["iso"] or match["cjk"],
                match["iso_month"] or match["cjk_month"],
                match["iso_day"] or match["cjk_day"],
            )
        ]
    elif match["dot_year"]:
        parts = [(match["dot_year"], match["dot_month"], match["dot_day"])]
    else:
        name = match["month"] or match["first_month"] or match["mid_month"]
        month = _MONTHS.get(name.lower().rstrip("."))
        day = match["day"] or match["second_day"] or match["end_day"]
        parts = [(match["year"] or match["last_year"] or match["front_year"], str(month), day)] if month else []
    for stated_year, stated_month, stated_day in parts:
        text = f"{int(stated_year):04}-{int(stated_month):02}-{int(stated_day):02}"
        if _is_day(text):
            yield text


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
