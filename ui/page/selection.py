"""The articles that a user chose to ask: as the page sends them with a question, and in words above the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from index.filters import BadFilter, Filter
from rag.api.fields import FilterFields
from rag.conversation.earlier import Earlier
from rag.options import AskOptions
from rag.settings import Settings

_MOST_NAMED = 3  # names of one field that are written out; the others are counted


class _Sent(FilterFields):
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles that are asked, and whether answers and passages that are about equally good come newest first."""

    filter: Filter = field(default_factory=Filter)
    newest_first: bool = False

    def options(self, settings: Settings, earlier: tuple[Earlier, ...] = ()) -> AskOptions:
        """The options of a question about the selection that follows these turns."""
        return AskOptions(settings.passages, settings.threshold, self.filter, self.newest_first, earlier=earlier)

    @classmethod
    def sent(cls, fields: object) -> Selection:
        """The selection a browser sent; BadFilter, so that never more articles are asked than were chosen."""
        try:
            chosen = _Sent.model_validate(fields)
        except ValidationError:
            raise BadFilter("The filter cannot be read; load the page anew and choose again.") from None
        return cls(Filter(**chosen.model_dump(exclude={"newest_first"})), chosen.newest_first)

    def in_words(self, title: Callable[[str], str]) -> tuple[str, ...]:
        """The selection, field by field: "since 2025-03", "The Merrin Courier or The Gazette"; () for all."""
        chosen = self.filter
        dates = (f"{word} {date}" for word, date in (("since", chosen.since), ("until", chosen.until)) if date)
        titles = (f"“{title(identity)}”" for identity in chosen.article[:_MOST_NAMED])
        named = (
            _any_of(chosen.outlet),
            _any_of(chosen.author, "by "),
            _any_of(chosen.language, "in "),
            _any_of((*titles, *chosen.article[_MOST_NAMED:])),
        )
        return (*dates, *(words for words in named if words))


EVERYTHING = Selection()


def _any_of(names: tuple[str, ...], before: str = "") -> str:
    """`by Ann or Bo`, or an empty string where there are no names."""
    left = len(names) - _MOST_NAMED
    written = (*names[:_MOST_NAMED], *([f"{left} more"] if left > 0 else []))
    return before + " or ".join(written) if written else ""
