"""The language of a text, and of a question."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_MIN_LETTERS = 60  # fewer make a text's language a guess
_MIN_PROBABILITY = 0.5
_LOOKED_AT = 4000  # characters
_SURE = 0.75  # from here on 9 of 7,051 questions of SQuAD cut to their nouns seem to be in another language
# Of a question, which is short: one of these words, which no neighbour of English has, makes it English.
_ENGLISH = re.compile(
    r"(?i)\b(?:who|whom|whose|what|when|where|which|why|how|the|did|does|were|been|has|have|with|from|that)\b"
)
_ASKABLE = ("en", "fr", "de", "es", "it", "pt", "nl", "da", "sv", "no", "fi", "pl", "cs", "hu", "ro", "tr", "id", "ca")


def language_of(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None where it is too short or too mixed to be sure."""
    sample = text[:_LOOKED_AT]
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(sample.encode("utf-8", "ignore"))
    return code if confidence >= _MIN_PROBABILITY and len(code) == 2 else None


def other_language(question: str) -> str | None:
    """The code of the language of a question that is surely not in English, among those with Latin letters; or None."""
    sample = question[:_LOOKED_AT]
    if _ENGLISH.search(sample):
        return None
    code, confidence = _identifier(_ASKABLE).classify(sample.encode("utf-8", "ignore"))
    return code if code != "en" and confidence >= _SURE else None


@cache
def _identifier(languages: tuple[str, ...] = ()) -> LanguageIdentifier:
    """What tells these languages apart, or all that it knows."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if languages:
        identifier.set_languages(languages)
    return identifier
