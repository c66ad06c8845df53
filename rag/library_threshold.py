"""The threshold that was fitted on a library's own feedback: kept in it, and in force while the same models ask it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from corpus.library.store import Library
from rag.calibration import ReaderCard

_KEY = "threshold"  # of the library's state


@dataclass(frozen=True, slots=True)
class LibraryThreshold:
    """A threshold with what it guarantees: `at_most` of such answers are wrong (0..1), with 95 % confidence.

    `wrong` of the `judged` answers from the threshold on were wrong, of `of` that were judged at all. It holds for the
    models of these names only. `fitted` is the time (ISO 8601, UTC).
    """

    threshold: float
    at_most: float
    wrong: int
    judged: int
    of: int
    max_wrong: float
    encoder: str
    reader: str
    fitted: str

    def __post_init__(self) -> None:
        shares, counts = (self.threshold, self.at_most, self.max_wrong), (self.wrong, self.judged, self.of)
        names = (self.encoder, self.reader, self.fitted)
        if not all(type(one) in {int, float} and 0 <= one <= 1 for one in shares):
            raise ValueError("a share is not 0 to 1")
        if not all(type(one) is int and one >= 0 for one in counts) or not all(isinstance(one, str) for one in names):
            raise ValueError("a field is of another type")

    def holds_for(self, encoder: str, reader: str) -> bool:
        """Whether it was fitted on answers of these models."""
        return (self.encoder, self.reader) == (encoder, reader)


def library_threshold(library: Library) -> LibraryThreshold | None:
    """The threshold that was fitted on the library's feedback; None where there is none that can be read."""
    stored = library.state(_KEY)
    try:
        return LibraryThreshold(**json.loads(stored)) if stored else None
    except (ValueError, TypeError, RecursionError):
        return None


def threshold_in_force(library: Library, encoder: str, card: ReaderCard) -> float:
    """The confidence that an answer of these models needs: the library's own, or else the reader's."""
    own = library_threshold(library)
    return own.threshold if own and own.holds_for(encoder, card.name) else card.threshold


def record(library: Library, threshold: LibraryThreshold) -> None:
    """Keeps the threshold in the library, where it is in force from now on."""
    with library.writing():
        library.set_state(_KEY, json.dumps(asdict(threshold)))


def reset(library: Library) -> bool:
    """Whether there was a threshold of the library's own, which is there no more."""
    if library.state(_KEY) is None:
        return False
    with library.writing():
        library.connection.execute("DELETE FROM state WHERE key = ?", (_KEY,))
    return True
