"""What is typed and asks nothing of the articles: a greeting, thanks, a question about Pullquote itself. Pure.

Only what is nothing else is small talk: "thanks" is, "Who sang Thank You?" is asked. Of the questions about Pullquote
those are known that are put to a program ("what can you do") or name what only its user has ("How do I add a PDF?").
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.folding import folded

_YOU = r"(?:you|u|ya)"
_GREETING = (
    r"(?:hola|bonjour|bonsoir|salut|hallo|guten (?:tag|morgen|abend)|buenos días|ciao"
    r"|hi+(?: there)?|hello+(?: there| again)?|hey+(?: there| you)?|hiya|howdy|greetings|good (?:morning|afternoon"
    r"|evening|day)|yo|dear (?:pullquote|bot|assistant|sir|madam))"
)
_THANKS = (
    rf"(?:(?:many |ok(?:ay)? |great |cool )?thank(?:s| {_YOU})(?: {_YOU})?(?: (?:so|very) much| a (?:lot|million|bunch)"
    r"|(?: again)|(?: anyway)|(?: for (?:your|the|all your) (?:help|answers?|quotes?|time)| for that| for this))*"
    r"|merci|danke|gracias|grazie|thx|ty|tysm|cheers|much appreciated|i appreciate it)"
)
_REMARK = (
    r"(?:hello,? world|ok(?:ay)?|k|yes|yeah|yep|no|nope|sure|fine|right|alright|all right|cool|great|nice(?: one)?"
    r"|good(?: job| one| answer| work)?|well done|perfect|excellent|awesome|amazing|wonderful|super|brilliant|got it"
    r"|i see|understood|wow|lol|haha+|hm+|oh|oops|sorry|please|never ?mind|no problem"
    r"|you(?:'re| are) welcome|that(?:'s| is) (?:all|it|great|right|wrong|not right|good|correct|interesting|helpful)"
    r"|that was (?:great|helpful|wrong)|interesting)"
)
_PARTING = (
    rf"(?:(?:good ?)?bye+(?: bye)?(?: for now)?|good (?:night|luck)|see {_YOU}(?: later| soon| tomorrow)?|later|cya"
    r"|take care|have a (?:nice|good|great) (?:day|evening|weekend|one))"
)
_ASKED_BACK = (
    rf"(?:who (?:are|r|made|built|created) {_YOU}|what(?:'s| is) your name|what are {_YOU}"
    rf"|are {_YOU} (?:an? )?(?:ai|bot|robot|human|real|chatgpt|gpt|llm|person|chatbot|language model|there)"
    rf"(?: or (?:an? )?\w+)?|how (?:are|r) {_YOU}(?: doing)?(?: today)?|how(?:'s| is) it going|how do you do"
    r"|what(?:'s| is) up|sup"
    rf"|what (?:can|do|could) {_YOU} (?:do|know|answer|tell)(?: (?:for )?me)?"
    rf"|what (?:all )?can {_YOU} help(?: me)? with"
    rf"|(?:can|could) {_YOU} help(?: me)?|help(?: me)?|i need help|how (?:can|do) (?:i|we) (?:use|talk to) {_YOU}"
    rf"|how do {_YOU} work|what (?:can|should|could) i ask(?: {_YOU})?|what kind of questions can i ask(?: {_YOU})?"
    r"|tell me (?:a joke|about yourself)|i love you|(?:do|can) you (?:speak|understand) \w+"
    rf"|are {_YOU} (?:really |quite |absolutely )?sure(?: (?:about|of) (?:that|this|it))?"
    r"|(?:is )?any(?:one|body) (?:there|here|home)|how does this work|nice to meet you)"
)
_THE = (
    r"(?:an?|the|my|our|more|new|another|some|other|several|these|those|your|pdf|word|markdown|html|text|web|own|old)"
)
_FILE = r"(?:pdfs?|files?|folders?|documents?|articles?|web ?pages?|urls?|feeds?|docx)"
_HERE = r"(?: (?:(?:in|into|to|from|with) (?:here|pullquote|(?:the|my|this|your) library)|here))"
_SELF = r"(?:pullquote|this (?:chat|chatbot|bot))"
_USAGE = (
    rf"(?:(?:how (?:do|can|could|would|should) (?:i|we|you)|how to|can i|can we|where (?:do|can) (?:i|we)|i want to"
    rf"|i(?:'d| would) like to) (?:(?:add|import)(?: {_THE})* {_FILE}{_HERE}?"
    rf"|(?:upload|load|delete|remove)(?: {_THE})* (?:{_FILE}{_HERE}|articles?|pdfs?))"
    rf"|(?:how (?:do|can|should) (?:i|we)|how to) use {_SELF}|how does {_SELF} work"
    rf"|what (?:is|does) {_SELF}(?: for| do)?"
    r"|(?:what|which) (?:(?:file )?formats|types of files?|files|file types) (?:can i (?:add|upload|import)"
    r"|(?:can|do) you (?:support|read|take|accept))"
    rf"|(?:what|which|how many) (?:articles|documents|files) (?:do you have|are{_HERE}))"
)
_ADDRESSED = r"(?:pullquote|bot|assistant|all|everyone|everybody|guys|folks|friend|mate|buddy|man|sir|madam|dear)"
_PART = rf"(?:{_GREETING}|{_THANKS}|{_REMARK}|{_PARTING}|{_ASKED_BACK}|{_USAGE})(?:,? {_ADDRESSED})?"
_SMALL_TALK = re.compile(
    rf"(?:(?:and|but|so|please|well|oh|um+|also),? )?{_PART}(?:(?:[,.!?;:–—-]| and| but)*\s?{_PART}){{0,3}}"
)
_OPENING = re.compile(
    rf"\s*(?:(?:{_GREETING}|{_THANKS}|oh|ok(?:ay)?|great|cool|perfect|well|nice|yes|no)(?:,? {_ADDRESSED})?"
    rf"\s*[,.!…;:–—-]+\s*|{_GREETING}(?: {_ADDRESSED})?\s+)"
    r"(?=(?:and|but|so|please|also|then|in|on|at|by|for) |(?:who|whom|whose|what|when|where|which|why|how|is|are|was"
    r"|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b)",
    re.IGNORECASE,
)
_OF_THIS = re.compile(r"(?i)\bhow does this work\W*\Z")
_LONGEST = 120  # characters
_SMILEY = re.compile(r"[^\w\s'’.,!?;:–—-]+|[:;]-?[)(dp](?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_small_talk(text: str) -> bool:
    """Whether a text is nothing but small talk, or a question about the use of Pullquote; false for longer texts."""
    if len(text) > _LONGEST:
        return False
    text = folded(text)
    if any(mark in text for mark in '"«»'):
        return False
    plain = " ".join(_SMILEY.sub(" ", text.casefold()).split()).strip(" .,!?;:–—-…")
    return _SMALL_TALK.fullmatch(plain) is not None


def may_follow(text: str) -> bool:
    """Whether small talk asks about what was said before, where something was: "How does this work?"."""
    return _OF_THIS.search(text) is not None


def without_greeting(question: str) -> str:
    """The question without a greeting or thanks before it: "Hi, when did …" as "when did …"."""
    opening = _OPENING.match(question)
    return question[opening.end() :] if opening else question
