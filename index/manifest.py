"""What a library was indexed with, kept inside it, and the refusal to mix it with anything else."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from corpus.chunk import Chunking
from corpus.store import Library

_KEY = "manifest"


class StaleIndex(ValueError):
    """The library was built with another encoder; name that one, or build a new library."""

    def __init__(self, library: Library, built: Manifest, now: Manifest) -> None:
        name, differs = built.encoder.partition("@")[0], f"the settings give {now.encoder}"
        if built.encoder == now.encoder:
            differs = f"this version cuts passages differently ({now.passages}, not {built.passages})"
        super().__init__(
            f"The library {library.path} was built with the encoder {built.encoder}, and {differs}; set "
            f"PULLQUOTE_ENCODER={name}, or name an empty folder in PULLQUOTE_HOME and add the articles again."
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """How passages were made and embedded: a passage's vector means something only beside others made the same way."""

    encoder: str
    dimension: int
    size: int
    overlap: int
    titled: bool

    @property
    def chunking(self) -> Chunking:
        """The sizes as the chunker takes them."""
        return Chunking(self.size, self.overlap)

    @property
    def passages(self) -> str:
        """The passage sizes in words."""
        return f"{self.size} tokens, overlap {self.overlap}, title {'in front' if self.titled else 'left out'}"


def recorded(library: Library) -> Manifest | None:
    """What the library was indexed with, or None before its first article."""
    kept = library.state(_KEY)
    return Manifest(**json.loads(kept)) if kept else None


def record(library: Library, manifest: Manifest) -> None:
    """Writes the manifest into a library that has none; inside `library.writing()`."""
    library.set_state(_KEY, json.dumps(asdict(manifest)))


def check_readable(library: Library, manifest: Manifest) -> None:
    """Nothing where the library's vectors can be searched with this encoder, else StaleIndex."""
    built = recorded(library)
    if built is not None and built.encoder != manifest.encoder:
        raise StaleIndex(library, built, manifest)


def check_writable(library: Library, manifest: Manifest) -> None:
    """Nothing where new articles would be indexed as the ones there are, else StaleIndex."""
    built = recorded(library)
    if built is not None and built != manifest:
        raise StaleIndex(library, built, manifest)
