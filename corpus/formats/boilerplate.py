"""Boilerplate: the lines of a page that are not part of its article.

Such a line stands alone and is short, and a rule matches all of it: a sentence that only mentions comments, cookies or
newsletters stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.draft import SourceFacts
from corpus.facts.dates import iso_date
from corpus.facts.names import byline
from corpus.formats.head import TextLine, same_words

_MAX_LINE = 250  # characters of a line that can be boilerplate
_PLATFORM = (
    r"(?:twitter|x|facebook|instagram|youtube|tik\s?tok|linkedin|whatsapp|telegram|threads|bluesky|mastodon|pinterest|"
    r"flipboard|reddit|google news|apple news|snapchat|e-?mail|messenger|tumblr|this blog!?|blogthis!?)"
)
_CREDIT = (
    r"(?:getty images|afp|reuters|ap(?: photo)?|associated press|epa|pa(?: media| wire)?|bloomberg|alamy|shutterstock|"
    r"istock|supplied|handout|wikimedia commons|xinhua|anadolu)"
)
_COMMENTS = (
    r"(?:(?:no|\d[\d,.]*|one|view|show|see|hide|load|post|add|leave|write|join|read)\s+)?"
    r"(?:an?\s+|all\s+|the\s+|more\s+)?(?:\d+\s+)?comments?(?:\s*\(\d+\))?\s*:?"
    r"|(?:leave|post|write|cancel) (?:a |your )?(?:reply|comment)(?: cancel reply)?\s*:?"
    r"|be the first to comment\W*|comments (?:are|have been) (?:closed|disabled|turned off)\b.{0,40}"
    r"|join the (?:conversation|discussion)\W*|have an opinion on this story\?.*"
    r"|(?:aucun|\d+|laisser un) commentaires?\s*:?|(?:keine|\d+) kommentare\s*:?"
    r"|(?:no hay|\d+|deja un) comentarios?\s*:?"
)
_SHARING = (
    rf"share (?:this|it)\b[^.]{{0,60}}|share (?:on|via|to|with) (?:{_PLATFORM}|your|friends)\b.{{0,60}}|share\W*"
    r"|(?:click )?(?:to )?(?:tweet|email|print) (?:this|it)\b[^.]{0,40}"
    rf"|(?:(?:share|tweet|save|print|pin|like|copy link|to|on|via|this|[|•·,])(?:\s+|$)|{_PLATFORM}(?:\s+|$)){{2,}}"
    rf"|(?:you can |please |or )?(?:follow|like|find|join|connect with) (?:us|me|our \w+) (?:on|at|via) {_PLATFORM}\b.*"
    rf"|follow (?-i:[@A-Z][\w.@]*)(?: [\w.@'’]+){{0,5}} (?:on|at|via) {_PLATFORM}\b.{{0,80}}"
    r"|follow @\w+.*|(?:follow|like) us\W*"
    r"|(?-i:Follow) (?:our|the latest|live|along)\b[^.]{0,60}"
    r"|(?-i:Follow (?:[A-Z][\w.-]* ){0,3}[A-Z]\w+[’']s? \w+(?: \w+){0,4})"
)
_MEMBERSHIP = (
    r"(?:sign up|subscribe|register)(?: now| here| today)? (?:for|to|with|by|and)\b.{0,140}"
    r"(?:newsletters?|briefing|alerts?|inbox|e-?mails?|updates|channel|podcast|notifications?)\b.{0,60}"
    r"|(?:sign up|subscribe)(?: now| here| today| free)?\W*|subscribe to\s*:?.{0,40}(?:atom|rss|posts|comments).*"
    r"|get (?:the|our|all|more)\b.{0,80}(?:in|to) your inbox.*|download (?:the|our)\b.{0,60}\bapp\b.{0,60}"
    r"|(?:already a )?(?:subscriber|member)\?\s*(?:log|sign) in\W*"
)
_ADVERTISEMENTS = (
    r"advertisements?\W*|sponsored(?: content)?|remove ads\W*|skip (?:ad|advertisement)"
    r"|(?:advertisement\W+)?(?:story|article) continues (?:below|after).*"
    r"|(?:advertisement\W+)?(?:scroll|continue reading)\b.{0,30}(?:advertisement|below|main story|to continue)"
)
_OTHER_STORIES = (
    r"(?:read (?:more|also|next|the full (?:story|article))|also read|see also|up next|don[’']t miss|trending(?: now)?"
    r"|more (?:on this|from|stories|news|like this)|editors?[’']? picks?|most (?:read|popular|viewed)"
    r"|related(?: (?:articles?|stories|topics?|news|posts?|content|coverage|links|reading))?"
    r"|(?:recommended|more) for you|you (?:may|might) (?:also )?like|(?:à )?lire aussi|lesen sie auch|mehr zum thema"
    r"|lea también|te puede interesar|leggi anche)(?:\s*[:»>|→-].{0,160}|\W*)"
    r"|more on this (?:story|topic)\W*|click here\b.{0,100}"
    r"|(?:go to|visit|check out|head to|log on to) "
    r"(?:our (?:web)?site|(?:www\.)?[\w-]+(?:\.\w+)*\.[a-z]{2,4}(?:/\S*)?) (?:for|to)\b"
    r".{0,120}\b(?:news|more|stories|updates|information|coverage|latest)\b.{0,80}"
)
_PICTURES = (
    r"(?:image|photo|picture|video|media) (?:caption|source|credit|copyright)\b.{0,80}"
    rf"|(?:(?:image|photo|picture|photograph|credit|source|file photo)s?(?: by)?\s*[:/]\s*)?{_CREDIT}"
    rf"(?:\s*(?:/|via|,|-|\|)\s*(?:{_CREDIT}|[A-Z]\w+(?: [A-Z]\w+)?))*"
    r"|(?:image|photo|photograph|picture|credit)s?\s*:\s*.{1,60}"
)
_NOTICES = (
    r"(?:this (?:web)?site|we)(?: and our partners)? uses? cookies\b.*"
    r"|by (?:continuing|using) (?:to (?:use|browse) )?(?:this|our) (?:web)?site.*"
    r"|(?:accept|reject|allow) (?:all(?: cookies)?|cookies)|(?:manage|cookie) (?:cookies|settings|preferences|policy)"
    r"|(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:copyright\s*)?(?:19|20)\d\d\b.*|©\s.{0,80}"
    r"|.{0,60}\ball rights reserved\b.{0,60}|our standards: the .{0,60} trust principles\W*"
)
_MENUS = (
    r"(?:(?:newer|older) posts?|home|view mobile version|[|•])"
    r"(?:\s+(?:(?:newer|older) posts?|home|view mobile version|[|•]))+"
    r"|(?:newer|older) posts?|posted (?:by|in|on|at|under)\b.{0,60}\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?.{0,12}"
    r"|filed under\s*:.{0,100}|email thisblogthis!.*"
    r"|(?:skip|jump) to (?:main )?(?:content|navigation|search)|(?:back|return) to (?:top|home(?:page)?)"
    r"|(?:https?|file)://\S+\s+\d+/\d+"  # as a browser prints it at the foot of a sheet
)
_ANYWHERE = f"{_COMMENTS}|{_SHARING}|{_MEMBERSHIP}|{_ADVERTISEMENTS}|{_OTHER_STORIES}|{_PICTURES}|{_NOTICES}|{_MENUS}"
_EDGE = (  # boilerplate only at the very start or end of a text
    r"home|menu|search|close|next|previous|prev|reply|print|listen|save|permalink|sources?|external links?"
    r"|contact(?: us)?|about(?: us| the authors?)?|log ?in|sign ?in|register"
    r"|privacy(?: policy)?|terms(?: (?:of use|and conditions))?"
    r"|loading\W*|\d+ (?:min|minute)s? read|(?:\d+ )?(?:views|shares|likes)(?: \d+)?|[\s*•·_=~|#—–-]+"
    r"|\(?(?:additional )?(?:reporting|writing|editing|compiled) by .{3,160}|posted by\W+\w+(?: \w+){0,3}"
    r"|(?:labels|tags|categories)\s*:\s*.{1,120}"
)
_SOURCE_HEADING = r"(?:sources?|external links?|sister links?|related (?:news|articles|stories)|further reading)\s*:?"
_PRINTED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d(?: [AP]M)? ")  # at the head of a sheet
_CITATION = re.compile(
    r"[“\"«].+[”\"»].*\d{4}|https?://|\bretrieved\b|\baccessed\b|wikipedia|wikinews|\b(?:19|20)\d\d\)?\.?$",
    re.IGNORECASE,
)
_MAX_BIO = 700
_MIN_REPEATS = 5
_MIN_PAGE = 400  # characters
_HANDLE = re.compile(
    r"\bfacebook (?:at|as) (?P<name>[A-Z][\w&’' ]{1,40}?)(?=\s+(?:or|and|on)\b|[,.;]|$)", re.IGNORECASE
)


def boilerplate(lines: Sequence[TextLine], facts: SourceFacts) -> set[int]:
    """The indices of the boilerplate lines of a page whose article has these facts."""
    matching = {index for index, line in enumerate(lines) if _matches(line.text, _ANYWHERE)}
    above = matching | {index for index, line in enumerate(lines) if _matches(line.text, _EDGE)}
    dropped = {index for index in matching if lines[index].alone or index - 1 in above}
    dropped |= _repeated(lines)
    dropped |= _source_list(lines, dropped)
    dropped |= _edge_lines(lines, range(len(lines)), dropped, facts)
    dropped |= _edge_lines(lines, range(len(lines) - 1, -1, -1), dropped, facts)
    return dropped


def outlet_in(lines: Sequence[TextLine], dropped: set[int]) -> str | None:
    """The outlet's name where one of the dropped lines ("Follow us ...") gives it in full."""
    names = (_HANDLE.search(lines[index].text) for index in sorted(dropped))
    return next((name["name"].strip() for name in names if name), None)


def _matches(text: str, rules: str) -> bool:
    return len(text) <= _MAX_LINE and re.fullmatch(rules, text, re.IGNORECASE) is not None


def _repeated(lines: Sequence[TextLine]) -> set[int]:
    """Running headers and footers: short lines without an end mark that are repeated page after page."""
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if _could_repeat(line.text):
            places.setdefault(line.text, []).append(index)
    return {index for found in places.values() if _is_paged([lines[at].start for at in found]) for index in found}


def _is_paged(starts: Sequence[int]) -> bool:
    """Whether the offsets are about as far apart as the pages of one document."""
    gaps = [after - start for start, after in pairwise(starts)]
    return len(starts) >= _MIN_REPEATS and min(gaps) >= _MIN_PAGE and max(gaps) <= 3 * min(gaps)


def _could_repeat(text: str) -> bool:
    return 8 <= len(text) <= 80 and " " in text and text[-1] not in ".!?…:;,”’\"'" and not text[0].islower()


def _source_list(lines: Sequence[TextLine], dropped: set[int]) -> set[int]:
    """A heading such as "Sources" in the last half and the list under it, where that is the end of the text."""
    first = len(lines)  # of the citations at the end
    while first and (first - 1 in dropped or _is_citation(lines[first - 1].text)):
        first -= 1
    for index in range(max(first - 1, len(lines) // 2), len(lines)):
        if lines[index].alone and _matches(lines[index].text, _SOURCE_HEADING):
            return set(range(index, len(lines)))
    return set()


def _is_citation(text: str) -> bool:
    return len(text) <= 300 and _CITATION.search(text) is not None


def _edge_lines(lines: Sequence[TextLine], order: range, dropped: set[int], facts: SourceFacts) -> set[int]:
    """The boilerplate lines at one end of the text, up to the first line of the article itself."""
    at_end = order.step < 0
    found: set[int] = set()
    for index in order:
        text = lines[index].text
        if index in dropped:
            continue
        if not (_matches(text, _EDGE) or (at_end and (_is_signature(text, facts) or _is_bio(text, facts)))):
            return found
        found.add(index)
    return set()  # nothing would be left


def _is_signature(text: str, facts: SourceFacts) -> bool:
    """Whether a line repeats the article's author, title or date."""
    found = byline(text)
    if found.names:
        known = [any(same_words(name, author) for author in facts.authors) for name in found.names]
        return found.is_whole and all(known)
    if facts.title and text.endswith(facts.title) and _PRINTED.match(text):
        return True
    return len(text) <= 60 and facts.published is not None and iso_date(text) == facts.published


def _is_bio(text: str, facts: SourceFacts) -> bool:
    """Whether a paragraph introduces one of the authors."""
    for author in facts.authors:
        rest = text.removeprefix(author)
        if " " in author and rest != text and re.match(r",? (?:is|was|has|covers|reports|writes|joined|works)\b", rest):
            return len(text) <= _MAX_BIO
    return False
