"""Words and turns of English that news is told with, as far as questions need them."""

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

# The past tense of a verb: its base, as after "did".
BASES: Mapping[str, str] = {
    "accepted": "accept", "acquired": "acquire", "adopted": "adopt", "announced": "announce", "appointed": "appoint",
    "approved": "approve", "arrested": "arrest", "arrived": "arrive", "asked": "ask", "attacked": "attack",
    "awarded": "award", "banned": "ban", "became": "become", "began": "begin", "bought": "buy", "broke": "break",
    "built": "build", "called": "call", "cancelled": "cancel", "captured": "capture", "caused": "cause",
    "changed": "change", "charged": "charge", "claimed": "claim", "closed": "close", "collapsed": "collapse",
    "completed": "complete", "contributed": "contribute", "cost": "cost", "created": "create", "crossed": "cross",
    "declared": "declare", "defeated": "defeat", "delivered": "deliver", "destroyed": "destroy",
    "detained": "detain", "died": "die", "discovered": "discover", "donated": "donate", "earned": "earn",
    "ended": "end", "entered": "enter", "evacuated": "evacuate", "expelled": "expel", "fell": "fall",
    "fined": "fine", "finished": "finish", "fired": "fire", "flew": "fly", "formed": "form", "found": "find",
    "founded": "found", "gained": "gain", "gave": "give", "granted": "grant", "held": "hold", "hired": "hire",
    "introduced": "introduce", "invested": "invest", "issued": "issue", "joined": "join", "killed": "kill",
    "launched": "launch", "leased": "lease", "left": "leave", "lifted": "lift", "lost": "lose", "made": "make",
    "married": "marry", "met": "meet", "moved": "move", "opened": "open", "ordered": "order", "paid": "pay",
    "passed": "pass", "planted": "plant", "played": "play", "pledged": "pledge", "produced": "produce",
    "published": "publish", "raised": "raise", "received": "receive", "recorded": "record", "rejected": "reject",
    "released": "release", "replaced": "replace", "reported": "report", "rescued": "rescue", "resigned": "resign",
    "retired": "retire", "returned": "return", "scored": "score", "seized": "seize", "sent": "send",
    "served": "serve", "shot": "shoot", "signed": "sign", "sold": "sell", "spent": "spend", "started": "start",
    "stopped": "stop", "struck": "strike", "suspended": "suspend", "tested": "test", "took": "take",
    "trained": "train", "visited": "visit", "voted": "vote", "withdrew": "withdraw", "won": "win", "wrote": "write",
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
