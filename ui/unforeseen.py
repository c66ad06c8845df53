"""What is said of an error that any program may meet; it needs no library."""

from __future__ import annotations

from corpus.errors import PullquoteError

_LONGEST = 300  # characters of an error's own words
_MEMORY = "There is not enough memory for this; close other programs, or raise the limit (`ulimit -v`)."


def sentence_of_unforeseen(error: BaseException) -> str:
    if isinstance(error, PullquoteError):
        return str(error)
    said = " ".join(str(error).split())[:_LONGEST]
    if isinstance(error, MemoryError) or "bad_alloc" in said:
        return _MEMORY
    if isinstance(error, ImportError) or "Cannot load library" in said:
        return (
            f"A library that Pullquote needs could not be loaded ({said}); raise the limit of memory (`ulimit -v`) if "
            "there is one, or install Pullquote again."
        )
    if isinstance(error, OSError):
        return f"A file could not be used ({said}); check that it exists and may be read and written."
    return (
        f"This failed for a reason that Pullquote does not foresee ({type(error).__name__}: {said}); run it again with "
        "PULLQUOTE_DEBUG=1 to see where, and report that."
    )
