"""The words that stand beside names in bylines, in the languages of the pages that are read most.

All are in lower case. Those of scripts without spaces are in regular expressions, for they stand against the name.
"""

from __future__ import annotations

PARTICLES = frozenset(
    "al bin ibn ben bint abu ag de del della delle dei degli der den dem di da das dos do du des d' e el la le las "
    "los lo "
    "van von vom zu zum zur ten ter te y af av of het op in 't st san dela delos mac mc nic ní ó ap vander".split()
) - {"of", "in", "op", "te", "e"}
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv junior senior filho neto".split())
DEGREES = frozenset(
    "phd ph.d. ph.d md m.d. m.d dphil d.phil. msc m.sc. bsc b.sc. ma m.a. ba b.a. mba llm ll.m. esq esq. cfp cfa cpa "
    "rn "
    "rd rdn ldn dds dmd jd j.d. mph mbe obe cbe frs facp facs msw lcsw pt dpt pe csc mpp ms m.s. mp mep qc kc".split()
)
MONTHS = frozenset(
    "january february march april june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août "
    "septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre "
    "diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março maio "
    "junho "
    "julho setembro outubro novembro dezembro januari februari maart mei augustus ledna února března dubna května "
    "června "
    "července srpna září října listopadu prosince stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia января февраля марта апреля мая июня июля августа сентября октября ноября декабря "
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня ocak şubat nisan mayıs "
    "haziran "
    "temmuz ağustos eylül ekim kasım aralık januar marts maj".split()
) | {"may", "set", "out"}
WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag "
    "dienstag "
    "mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes "
    "martes "
    "miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag "
    "woensdag donderdag vrijdag zaterdag zondag pondělí úterý středa čtvrtek pátek sobota neděle понедельник вторник "
    "среда "
    "четверг пятница суббота воскресенье segunda-feira terça-feira quarta-feira quinta-feira sexta-feira".split()
)
# Words that are no part of a name: what follows them says nothing about authors.
STOPS = (
    frozenset(
        "updated update published publish posted modified created edited reviewed checked first last originally filed "
        "issued released uploaded submitted today yesterday now ago am pm a.m. p.m. gmt utc est edt pst pdt cet cest "
        "bst "
        "ist et minutes minute mins min hours hour hrs days day weeks week months month years year read reading time "
        "share shares zeige zeigen voir ver save print comment comments reply replies follow following followers "
        "follower subscribe subscribers "
        "sign login log register view views see all more show less article articles story stories post posts website "
        "web "
        "twitter facebook instagram linkedin youtube email e-mail mail contact rss feed bio biography profile about "
        "archive archives page home tweet pin whatsapp image photo photos picture video gallery caption credit source "
        "copyright getty via from for with at on in to as is was has have and/or who whose covers writes reports "
        "joined profil perfil "
        "works based special exclusive opinion advertisement sponsored join member points likes like "
        "verified premium pro featured top new tags filed under category categories read: listen watch open click here "
        "aktualisiert veröffentlicht erstellt geändert stand vor uhr minuten stunden tagen lesezeit für aus bei beim "
        "am um "
        "im illustration illustrationen foto fotos bild bilder übersetzung "
        "kommentare kommentar teilen drucken merken folgen gepostet mehr artikel "
        "publié publiée publie mis modifié posté à le heure heures jours minutes lecture partager commentaires suivre "
        "il "
        "pour dans sur avec chez en actualizado actualizada publicado publicada hace horas minutos lectura compartir "
        "comentarios seguir desde para con pubblicato pubblicata aggiornato aggiornata ore fa minuti lettura condividi "
        "commenti atualizado atualizada publicada há tempo leitura às em gepubliceerd bijgewerkt geplaatst uur geleden "
        "minuten leestijd reacties voor před dnes včera aktualizováno publikováno zveřejněno hodinami minutami dny "
        "opublikowano zaktualizowano godzin dodano komentarze опубликовано обновлено сегодня вчера назад мин в для из "
        "комментарии publicerad uppdaterad publiceret opdateret publisert oppdatert julkaistu päivitetty güncelleme "
        "yayınlanma tarihi admin.".split()
    )
    - PARTICLES
    - {"a"}
)
ROLES = frozenset(
    "correspondent correspondents reporter reporters editor editors writer writers columnist columnists journalist "
    "journalists photographer photojournalist critic analyst producer contributor contributors commentator blogger "
    "author "
    "anchor presenter host editor-in-chief editor-at-large columnist. intern fellow freelancer professor lecturer "
    "director "
    "ceo founder co-founder president researcher economist historian strategist consultant attorney "
    "redakteur redakteurin redakteure redaktor redaktorin korrespondent korrespondentin reporterin journalistin autor "
    "autorin volontär volontärin chefredakteur chefredakteurin chefreporter ressortleiter ressortleiterin kolumnist "
    "kolumnistin gastautor gastautorin journaliste rédacteur rédactrice correspondant correspondante chroniqueur "
    "chroniqueuse éditorialiste grand envoyé envoyée reportrice redactor redactora periodista corresponsal editora "
    "columnista enviado enviada colaborador colaboradora giornalista inviato inviata corrispondente redattore "
    "redattrice "
    "jornalista repórter correspondente colunista verslaggever verslaggeefster redacteur correspondente redaktorka "
    "reportér reportérka redaktör redaktør journalisten toimittaja dziennikarz dziennikarka korespondent muhabir yazar "
    "корреспондент корреспондентка журналист журналистка обозреватель редактор репортер кореспондент журналіст".split()
)
# What stands between a name and its role.
ROLE_WORDS = frozenset(
    "senior junior staff chief deputy associate assistant managing executive contributing guest special political "
    "politics "
    "games gaming news sports sport science business technology tech health environment environmental economics "
    "economic "
    "education foreign home world europe africa asia night city features feature arts art culture cultural food travel "
    "money finance financial opinion digital data video photo investigations investigative legal security defence "
    "defense "
    "diplomatic royal media transport social affairs religious religion consumer industry energy climate crime courts "
    "court "
    "international national local regional general assignment freelance lead principal head global us uk u.s. u.k. eu "
    "washington westminster whitehall white house parliamentary weekend online web site website breaking entertainment "
    "film music book books theatre fashion beauty style lifestyle property real estate motoring personal retail "
    "banking "
    "city. middle east north south west american european african asian war labour labor employment policy community "
    "visual graphics multimedia audience engagement newsletter copy sub production research group co founding former "
    "leitender leitende freie freier ständiger ständige stellvertretender stellvertretende".split()
)
# Bodies: no name of a person has such a word, unless it is its last one.
BODIES = frozenset(
    "staff newsroom desk agencies agency bureau team redaktion redaktionsteam onlineredaktion redacción redacao "
    "redação "
    "rédaction redazione redactie redakce redakcja redaktionen toimitus редакция редакції редакція newsdesk webdesk "
    "webteam contributors contributor editors board editorial admin administrator username webmaster moderator office "
    "gmbh ag inc inc. ltd ltd. llc corp corp. verlag federation network "
    "communications pressestelle presse pressemitteilung nachrichten press-office services service agentur agenturen "
    "agences agencias agencia agence agenzia media group projects project support company publishing publications "
    "newswire newspaper newspapers zeitung rundschau kurier tageblatt anzeiger journal magazine magazin gazette herald "
    "tribune times courier chronicle observer telegraph bulletin broadcasting television radio tv bbc cnn npr nbc cbs "
    "abc "
    "commons attribution control categories navigation voices "
    "beiträge blogbeiträge artikelübersicht edition collected archiv inhalte person "
    "foundation foundations program programme council "
    "ministry department university universität institute institut association society committee school college union "
    "centre center party church kirche kg stiftung verband bundesverband landesverband verein landesanstalt amt "
    "bundesamt "
    "ministerium kreuz departement abteilung sekretariat kitchens family solutions corporation company customs".split()
)
OUTLET_ENDS = frozenset(
    "post times news herald tribune guardian journal gazette press telegraph independent mail express mirror star "
    "chronicle observer standard daily weekly magazine review economist figaro monde spiegel welt wire blog courier "
    "bulletin today advertiser argus echo examiner inquirer dispatch sentinel ledger record register globe sun world "
    "report online central times-union".split()
)
AGENCIES = frozenset(
    "ap reuters afp upi dpa efe ansa apa sda ats keystone-sda čtk ctk pap tass itar-tass тасс риа interfax интерфакс "
    "xinhua kyodo jiji yonhap pti ians ani lusa belga anp ntb tt stt ritzau sid epd kna dapd ddp cna wam spa aap "
    "bloomberg "
    "bbc cnn npr pa associated-press zeit spon faz wires wire aptn mti tanjug hina sta bta agerpres belta ukrinform "
    "unn "
    "agências agencias agences agenturen agenzie anadolu efe-epa europa_press red".split()
)
# Several words that name an agency, an outlet or a place and no person.
NO_PERSONS = frozenset(
    "the associated press|associated press|agence france-presse|agence france presse|press association|pa media|pa wire"
    "|united press international|bbc news|bbc sport|bbc world|bloomberg news|abc news|cbs news|nbc news|fox news|sky "
    "news"
    "|cnn wire|europa press|press trust|deutsche presse-agentur|deutsche welle|canadian press|the canadian press"
    "|australian associated press|new york times|wall street journal|washington post|daily mail|new york|los angeles"
    "|san francisco|hong kong|washington dc|washington d.c.|tel aviv|cape town|buenos aires|rio de janeiro|são paulo"
    "|mexico city|kuala lumpur|new delhi|las vegas|san diego|saudi arabia|new zealand|new orleans|st petersburg"
    "|saint petersburg|st louis|santa fe|san josé|san jose|san antonio|santa monica|ho chi minh city|addis ababa"
    "|united states|united kingdom|south africa|south korea|north korea|sri lanka|costa rica|el salvador|puerto rico"
    "|silicon valley|white house|middle east|latin america|authority control|cc by|риа новости|alle beiträge|real "
    "life|user "
    "name|sign in|log in|read more"
    "|view profile|view all posts|contributing writer|staff writer|staff reporter|site admin|super user|guest author"
    "|guest post|guest writer|guest contributor|web desk|news desk|editorial board|editorial team|editorial staff"
    "|your name|full name|first name|last name|john doe|jane doe|lorem ipsum|hidden name|not available|no author"
    "|author name|about the author|posted by|written by|privacy policy|terms of use|about us|contact us".split("|")
)
# Names of accounts and what is written where a name is missing: authors of nothing.
ACCOUNTS = frozenset(
    """
    admin administrator admin1 webmaster editor editors editorial user username usernames guest anonymous
    anon unknown author authors autor auteur autore staff root system support info contact team redaktion
    redacción redaction redazione rédaction redactie redakce redakcja moderator owner blogger wordpress wp
    wpadmin siteadmin superuser newsroom newsdesk press media desk none null undefined n/a na test demo
    default contributor contributors writer reporter journalist news online web internet home about profile
    archive posts member subscriber updated published posted date time share comments reply authority по
    автор автора редакция админ администратор аноним гость 作者 编辑 編輯 記者 记者 管理员 管理員 佚名 匿名
    未知 小编 小編 网友 来源 來源 編集部 編集 編者 編集者 著者 筆者 投稿者 執筆者 ライター 管理者 名無し
    ゲスト 관리자 기자 편집부 작성자 운영자 admin관리자 المحرر مدير الكاتب مشرف محرر عام
    """.split()
)
