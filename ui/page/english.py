"""Words and phrases of English news from which questions are generated."""

from __future__ import annotations

import re
from collections.abc import Mapping

CAPITAL = r"[A-ZÀ-ÞŠŽ][\w’'-]*\w"  # a word of a name
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
DATE = (
    rf"(?:in (?:{MONTH} )?[12]\d{{3}}|in {MONTH}"
    rf"|on {_DAY}\d{{1,2}} {MONTH}(?: \d{{4}})?|on {_DAY}{MONTH} \d{{1,2}}(?:, \d{{4}})?)"
)
LEADING_DATE = DATE.replace("(?:in", "(?:In", 1).replace("|in", "|In").replace("|on", "|On")
_HEDGED = "(?:(?:about|around|more than|at least|nearly|almost|over|some|up to) )?"
_SCALE = "(?: (?:hundred|thousand|million|billion))?"
NUMBER = (
    rf"{_HEDGED}(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    rf"|twenty|thirty|forty|fifty|sixty){_SCALE}"
)
MONEY = rf"{_HEDGED}(?:US|A)?[$£€]\d+(?:[.,]\d+)*(?:m|bn|k)?{_SCALE}"
THINGS = r"(?:(?:[a-z][a-z-]+ ){0,2}?[a-z]{3,}s|people|men|women|children)"
UNITS = frozenset(  # what a question does not ask "how many" of
    "times percent hours minutes seconds days weeks months years miles metres meters kilometres kilometers points"
    " tonnes tons degrees others goals as dollars pounds euros cents".split()
)
ROLE = (
    "(?!an? |former |then |acting |the )(?:[a-z]+ )?(?:president|chairman|chairwoman|chair|director|secretary|leader"
    "|mayor|manager|head|editor|chief executive|captain|governor|bishop|founder|head teacher|harbour master"
    "|prime minister|coach|rector|MP)"
)
OFFICES = frozenset(
    "Chairman Congressman Congresswoman Director General Governor Judge Justice Mayor Minister President Secretary"
    " Senator Sir".split()
)
OPENERS = frozenset(  # of sentences, that look like names there
    "A An After All Also Among And As At Before Both But By During Each Even For Former Foreign From He Her His If In"
    " It Its Last Later Many More Most New No Now On One Only Our She Since So Some That Their There These They This"
    " Those Three Today Two Under Until We What When Where While With Yesterday Monday Tuesday Wednesday Thursday"
    " Friday Saturday Sunday January February March April May June July August September October November"
    " December".split()
)

_REGULAR = (  # verbs whose past tense ends in -ed
    "accept acquire adopt announce appoint approve arrest arrive ask attack award call capture cause change charge "
    "claim close collapse complete contribute create cross declare defeat deliver destroy detain die discover "
    "donate earn end enter evacuate fine finish fire form found gain grant hire introduce invest issue join kill "
    "launch lease lift move open order pass plant play pledge produce publish raise receive record reject release "
    "replace report rescue resign retire return score seize serve sign start suspend test train visit vote"
).split()
# The past tense of a verb: its base, as after "did".
BASES: Mapping[str, str] = {
    **{base + ("d" if base.endswith("e") else "ed"): base for base in _REGULAR},
    "banned": "ban", "became": "become", "began": "begin", "bought": "buy", "broke": "break", "built": "build",
    "cancelled": "cancel", "cost": "cost", "expelled": "expel", "fell": "fall", "flew": "fly", "found": "find",
    "gave": "give", "held": "hold", "left": "leave", "lost": "lose", "made": "make", "married": "marry",
    "met": "meet", "paid": "pay", "sent": "send", "shot": "shoot", "sold": "sell", "spent": "spend",
    "stopped": "stop", "struck": "strike", "took": "take", "withdrew": "withdraw", "won": "win", "wrote": "write",
}  # fmt: skip
# Participles that do not end in -ed: the past tense.
PASTS: Mapping[str, str] = {
    "born": "bore", "bought": "bought", "built": "built", "chosen": "chose", "found": "found", "given": "gave",
    "held": "held", "made": "made", "sent": "sent", "sold": "sold", "shot": "shot", "struck": "struck",
    "taken": "took", "won": "won", "written": "wrote",
}  # fmt: skip


def is_small(word: str, text: str) -> bool:
    """Whether a word that has a capital stands in a text without one as well: it is no name then."""
    return bool(re.search(rf"\b{re.escape(word.lower())}\b", text))
