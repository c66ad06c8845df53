"""A reply as a message for OpenAI's clients: its quotes with numbered sources, and where in it the quotes stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.answer import WHY, Excerpt, Quote, Reply

SENTENCE = re.compile(r"“(.{1,10000}?)” \[1\]\n\n", re.DOTALL)  # what our message begins with
UNIT = "code points"
# What an article's words could load, lead to or hide in Markdown: a bracket that closes a link or begins the address of
# one, what begins HTML or an address, each with the backslashes before it (the group), and what fences off all below.
_LIVE = re.compile(
    r"(?<!\\)(\\*+)(?=\][(:]|<(?:[a-z/!?]|[^\s<>@]*+@))|(?<=\n) {0,3}(?=```|~~~)",
    re.IGNORECASE,
)


class ChatMessage:
    """A reply as a message: its text in `pieces`, and `citations` that say where in it the quotes stand."""

    def __init__(self, reply: Reply, address: Callable[[Excerpt], str]) -> None:
        self.reply = reply
        self.pieces: list[str] = []
        self.citations: list[dict[str, int | str]] = []
        self._address = address
        if reply.reason:
            self.pieces.append(WHY[reply.reason])
            if reply.related:
                self.pieces.append("\n\nNearest passages, which are not an answer:\n\n")
                self._add_sources(reply.related)
        else:
            quotes = [quote for answer in reply.answers for quote in answer.quotes]
            for number, quote in enumerate(quotes, 1):
                self._add_quote(number, quote)
            self._add_sources(quotes)

    @property
    def content(self) -> str:
        return "".join(self.pieces)

    def _add_quote(self, number: int, quote: Quote) -> None:
        text, first = quote.context.text, quote.context.start
        begin, end = quote.start - first, quote.end - first
        self.pieces.append(f"“{harmless(text, 0, begin)}")
        words = harmless(text, begin, end)
        place = _place(self.content, words)
        self.pieces += [words, f"{harmless(text, end)}” [{number}]\n\n"]
        self.citations.append({"url": self._address(quote), "title": quote.title, **place})

    def _add_sources(self, excerpts: Sequence[Excerpt]) -> None:
        for number, excerpt in enumerate(excerpts, 1):
            page = f"page {excerpt.page}" if excerpt.page else None
            known = (excerpt.title, excerpt.outlet, excerpt.published, page)
            facts = ", ".join(harmless(" ".join(part.split())) for part in known if part)
            gap = "\n\n" if number > 1 else ""  # a paragraph each, so that none can swallow the next
            self.pieces.append(f"{gap}[{number}] {facts}: <{self._address(excerpt)}>")


def _place(before: str, words: str) -> dict[str, int | str]:
    """Where words stand that come after others, in code points and in UTF-16 code units."""
    start, in_units = len(before), utf16_length(before)
    return {
        "start_index": start, "end_index": start + len(words), "index_unit": UNIT,
        "start_index_utf16": in_units, "end_index_utf16": in_units + utf16_length(words),
    }  # fmt: skip


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has: two for each character beyond U+FFFF, such as an emoji."""
    return len(text) + sum(char > "\uffff" for char in text)


def harmless(text: str, start: int = 0, end: int | None = None) -> str:
    """A stretch of a text as Markdown in which no words become a link, a picture or HTML.

    Addresses that stand there by themselves stay as they are; some front ends make links of them.
    """
    live = [(found.end() if found[1] is None else found.start(), found.end()) for found in _LIVE.finditer(text)]
    stops = {at for first, last in live for at in range(first, last + 1)}
    return "".join(f"\\{sign}" if at in stops else sign for at, sign in enumerate(text[start:end], start))


def unescaped(quoted: str) -> str:
    """The words without the backslashes of `harmless`."""
    return re.sub(r"\\([\[\]<`~\\])", r"\1", quoted)
