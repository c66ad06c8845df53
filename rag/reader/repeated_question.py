"""Questions in a text that ask what is asked, as an interviewer or a heading does: they answer nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from corpus.article import Passage, Span
from corpus.sentences import sentences
from index.lexical.lexical import content_words
from index.lexical.terms import stems

_ASKS = re.compile(r"\?[\"'”’)\]]*\Z")
_INTERROGATIVE = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b")
_SPEAKER = re.compile(r"\A[^:?.!]{1,60}[:.]\s")
_SAME_WORDS = 0.5  # of a question's telling words, where it asks with the same interrogative; else all of them


def repeated(question: str, passages: Sequence[Passage]) -> Mapping[int, list[Span]]:
    """The sentences that ask what the question asks, by the number of their passage.

    Such a sentence tells little beyond the question's own words: half of its telling words, or more, are among these.
    """
    asking = [
        (number, span)
        for number, passage in enumerate(passages)
        if "?" in passage.text
        for span in sentences(passage.text)
        if _ASKS.search(span.cut(passage.text))
    ]
    found: dict[int, list[Span]] = defaultdict(list)
    if not asking:
        return found
    texts = [_SPEAKER.sub("", span.cut(passages[number].text)) for number, span in asking]
    asked, *others = (set(one) for one in stems([" ".join(content_words(text)) for text in (question, *texts)]))
    for (number, span), text, words in zip(asking, texts, others, strict=True):
        shared = len(words & asked)
        if words and (words <= asked or (_asks_alike(question, text) and shared >= max(2, _SAME_WORDS * len(words)))):
            found[number].append(span)
    return found


def _asks_alike(one: str, other: str) -> bool:
    first, second = (_INTERROGATIVE.search(text.casefold()) for text in (one, other))
    return bool(first and second and first[0] == second[0])
