"""What programs write into the properties of a file where its author wrote nothing: no facts of the article.

The words are the defaults of Microsoft Office, LibreOffice, Google Docs, the Adobe programs, scanners and the libraries
that write PDF and Word files, in the languages in which these are sold most.
"""

from __future__ import annotations

import re

from corpus.facts.names import people

LONGEST_PROPERTY = 500  # characters of a title or of the authors in a file's properties; what is longer is neither
_OFFICE = r"(?:microsoft |ms |libre|open)?(?:office )?(?:word|excel|power ?point|writer|impress|publisher|google docs)"
_DOCUMENT = (
    r"(?:document[eo]?|dokument[uy]?|documento|doc|dokumen|документ|文档|文書|文件|문서|ドキュメント|"
    r"pr[eé]sentation|präsentation|praesentation|presentaci[oó]n|presentazione(?: standard)?|apresentação|presentatie|"
    r"præsentation|presentasjon|prezentacja|prezentace|prezentácia|презентация|プレゼンテーション|演示文稿|簡報|简报|"
    r"프레젠테이션|sunusu|(?:work)?book|(?:arbeits)?mappe|classeur|libro|cartel|pasta|(?:spread)?sheet|tabelle|feuille?|"
    r"hoja|foglio|kniha|книга|slide(?:s|show)?|folie|diapositiva|diapositive|dia|slajd|snímek|слайд|スライド|幻灯片|"
    r"投影片|슬라이드|page|seite|página|pagina|layout|drawing|zeichnung|print|druck|template|vorlage|modèle|plantilla)"
)
_UNNAMED = (
    r"(?:untitled|un-?named|no title|no name|ohne titel|ohne namen|unbenannt(?:es)?|sans titre|sans nom|sin t[ií]tulo|"
    r"sin nombre|senza titolo|senza nome|sem t[ií]tulo|sem nome|zonder titel|naamloos|bez tytułu|bez názvu|bez naslova|"
    r"без имени|без названия|без назви|無題|无标题|無標題|제목 없음|namnlös|uden titel|unavngivet|uten (?:tittel|navn)|"
    r"nimetön|isimsiz|adsız|cím nélkül|névtelen|fără titlu|χωρίς τίτλο|ללא כותרת|بدون عنوان)"
)
_NEW = r"(?:new|neue[srn]?|nouveau|nouvelle|nuevo|nueva|nuovo|nuova|novo|nova|nieuw|nový|nowy|новый|新建|新規)"
_OF = r"(?:[ -]|(?: d[eiou]l?| do| di| aplikace| programu| en)? )"
_PLACEHOLDER = (
    r"(?:(?:the )?(?:document |report |paper |main |sub)?title(?: (?:here|goes here))?|title of (?:the )?document|"
    r"(?:titel|titre|t[ií]tulo|titolo)(?: (?:du|del?|des|do) (?:document[eo]?|dokuments?))?|dokumententitel|"
    r"tytuł|název|заголовок|标题|標題|タイトル|제목|"
    r"(?:click|tap|type|enter|insert|add)\b.{0,40}\b(?:title|text)\b.{0,20}|"
    r"none|null|nil|undefined|unknown|unspecified|default|n/?a|blank|empty|temp|tmp|test|draft|final|main|anonymous|"
    r"about:blank|pdf|index|file|attachment|download|header|cover|binder|book of .{0,40}\(rev.*|acrobat document|"
    r"adobe (?:photoshop|illustrator|indesign|acrobat|express) ?(?:pdf|document)?|quarkxpress.{0,20}|canva|"
    r"(?:full page )?(?:photo|fax)(?: print)?|normal(?:\.dotm?)?|"
    r"(?:kopie|copy|copie|copia) (?:von|of|de|di) (?:untitled|document|dokument).*)"
)
_SCANNED = (
    r"(?:(?:scan(?:s|ned|ning)?|gescannte[srn]?|numérisation|escaneado|scansione)"
    r"(?:[ _-]?(?:document|image|file|page|copy|dokument|by camscanner|from .*|to .*|with .*))?[ _-]?[\d_ .:-]{0,30}|"
    r"(?:camscanner|adobe scan|genius scan|tiny scanner|office lens)\b[\d\w ,_.:-]{0,40}|"
    r"(?:skm?|kmbt|km|img|dsc|pic|image|doc|document|scan|hp|mx|xerox|ricoh|canon)[_-]?[a-z]?[_ -]?[\d_-]{3,30})"
)
_NO_TITLE = re.compile(
    rf"{_NEW}? ?(?:{_UNNAMED}[ -]?)?(?:{_OFFICE}{_OF})?{_DOCUMENT}(?:{_OF}{_OFFICE})?(?: {_NEW}| {_UNNAMED})?"
    r"[ _-]?(?:\d{1,6}|\(\d{1,3}\))?"
    rf"|{_OFFICE}|(?:{_DOCUMENT}[ -])?{_UNNAMED}[ _-]?(?:\d{{1,6}}|\(\d{{1,3}}\))?|{_PLACEHOLDER}|{_SCANNED}",
    re.IGNORECASE,
)
_PRINTED_BY = re.compile(
    r"(?:microsoft (?:office )?(?:word|powerpoint|excel|publisher|visio)|libreoffice|adobe indesign|quarkxpress)"
    r" ?[-–—:] ?",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:docx?|docm|dotx?|pdf|indd|indb|qxd|qxp|rtf|odt|odp|ods|html?|pptx?|xlsx?|pub|pages|key|tex|dvi|e?ps|txt|md|"
    r"jpe?g|png|tiff?|ai|psd|cdr|p65|pmd|fm|mif|vsd|xps)$|^(?:https?|file):|^[a-z]:[\\/]|^[/\\]|^\S*_\S*$",
    re.IGNORECASE,
)
_USER = (
    r"(?:users?|usuario|usuário|utilisateur|utilizador|benutzer|anwender|utente|gebruiker|användare|bruger|bruker|"
    r"użytkownik|uživatel|používateľ|felhasználó|utilizator|kullanıcı|χρήστης|пользователь|користувач|ユーザー|用户|用戶|"
    r"使用者|사용자|מש?תמש|مستخدم)"
)
_MACHINE = (
    r"(?:microsoft(?: office)?|ms office|office|windows|mac|macbook(?: pro| air)?|imac|apple|hp|dell|acer|asus|lenovo|"
    r"toshiba|samsung|sony|fujitsu|packard bell|compaq|gateway|medion|pc|laptop|desktop|computer|ordinateur|home|"
    r"valued|guest|test|power|end|default|local|system|it|lab|staff|student)"
)
_BRAND = (
    r"(?:canon|xerox|ricoh|konica(?: minolta)?|minolta|epson|brother|kyocera|sharp|lexmark|oki|fujitsu|"
    r"hewlett[ -]packard|hp|toshiba|samsung|panasonic|develop|utax|triumph-adler)"
)
_DEVICE = (
    r"(?:multi-?function(?: device| printer)?|scanner|scanjet|printer|copier|mfp|mfd|work ?cent(?:re|er)|bizhub\S*|"
    r"kmbt\S*|aficio\S*|taskalfa|imagerunner\S*|ir-?adv|twain|digital sender|scan)"
)
_NO_AUTHOR = re.compile(
    rf"(?:{_MACHINE}(?:[ -]| de | di | do | )?)?{_USER}(?: (?:de |do |di |von )?{_MACHINE}| de windows)? ?\d*"
    rf"|{_MACHINE} ?\d*"
    r"|microsoft(?: corporation| corp\.?| word| powerpoint| excel| publisher)?|microsoft®.*"
    r"|(?:the )?(?:owner|propriétaire|besitzer|eigentümer|propietario|proprietario|eigenaar|владелец|所有者|소유자)"
    r"|(?:system |local |site )?(?:admin(?:istrator)?|administrateur|administrador|amministratore|beheerder|"
    r"administratör|správce|администратор|адміністратор|管理员|管理員|管理者|관리자)\d*|root|sysop|superuser"
    r"|(?:the )?(?:author|autor|auteur|autore|verfasser|författare|forfatter|автор|作者|著者|저자)s?(?: name| here)?\d*"
    r"|unknown(?: author| user)?|unbekannt(?:er autor)?|(?:auteur )?inconnu|(?:autor )?desconocido|(?:autore )?"
    r"sconosciuto|desconhecido|onbekend|неизвестен|未知|不明|unspecified|undefined|un-?named|anonymous|anonym[eo]?|nobody|none|null"
    r"|n/?a|tba|tbd|default|test|temp|name|your name|my name|first ?name last ?name|name surname|name here|firstname"
    r"|(?:insert|enter|type|add)\b.{0,40}\bnames?\b.{0,20}|guest|gast|invité|invitado|ospite|customer|kunde|client"
    r"|(?:your )?company(?: name)?|organi[sz]ation|firma|privat|private|student|teacher|secretary|reception|preferred"
    r"|(?:python-?docx|docx(?:4j|js|\.js)?|openpyxl|xlsxwriter|python-pptx|apache (?:poi|fop)|aspose.*|pandoc|latex.*"
    r"|tex|reportlab.*|itext.*|wkhtmltopdf|weasyprint|prince|fpdf.*|tcpdf|mpdf|dompdf|pdfsharp|phpword|phpoffice|pscript.*"
    r"|(?:libre|open) ?office.*|google(?: docs)?|adobe.*|acrobat.*|(?:quark|indesign|corel|canva|pagemaker|framemaker"
    r"|photoshop|illustrator|ghostscript|crystal reports|abbyy|nuance|omnipage|paperport|scansnap|readiris)\b.*"
    r"|sap|oracle|word|excel|power ?point|writer|chatgpt|camscanner.*)"
    rf"|{_BRAND}(?:,? inc\.?| corporation)?|(?:{_BRAND} )?(?:\S+ ){{0,4}}{_DEVICE}(?: \S+){{0,4}}"
    rf"|{_BRAND} (?:\S+ ){{0,4}}\S*\d\S*(?: \S+){{0,4}}",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"\S*[\d_\\@/]\S*|[^\W\d_]+[.][^\W\d_]+|[a-z]+|[A-Z]{1,2}[a-z]+[A-Z]{0,2}|[A-Z]{2,}")


def property_title(title: str | None) -> str | None:
    """The title in the properties of a file on one line; None where a program wrote it, or it is a file's name."""
    words = " ".join((title or "")[: LONGEST_PROPERTY + 1].split())
    is_none = len(words) > LONGEST_PROPERTY or not any(map(str.isalpha, words)) or len(words) < 2
    if is_none or _PRINTED_BY.match(words) or _FILE.search(words) or _NO_TITLE.fullmatch(words.strip(" .-–—_*[]()<>")):
        return None
    return words


def property_authors(names: str | None) -> tuple[str, ...]:
    """The authors in the properties of a file: persons and bodies, without accounts, devices and programs."""
    if not names or len(names) > LONGEST_PROPERTY:
        return ()
    stated = people(names) or (" ".join(names.split()),)  # a body is no person
    return tuple(name for name in stated if not is_default_author(name))


def is_default_author(name: str) -> bool:
    """Whether a program, a device or an account wrote this name into the properties of a file, and no person's is it.

    A word alone is taken for the name of an account, in scripts that part names by spaces.
    """
    words = " ".join(name[: LONGEST_PROPERTY + 1].split()).strip(" .,;:-–—_*[]()<>")
    is_default = len(words) > LONGEST_PROPERTY or _NO_AUTHOR.fullmatch(words) is not None
    return not words or is_default or (" " not in words and _LOGIN.fullmatch(words) is not None)
