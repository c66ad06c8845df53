"""The manifest: what a library was indexed with, recorded in it, and checked before it is read or written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from corpus.article import Passage
from corpus.chunk import Chunking
from corpus.errors import PullquoteError
from corpus.library.store import Library
from index.encoder.encoder import Encoder, EncoderCard

_KEY = "manifest"

# Chosen on figures: docs/measurements/chunking.md.
CHUNKING = Chunking(size=160, overlap=0)
TITLED = False
_TITLE_TOKENS = 48  # kept free for the title, which is cut at about as much
_TITLE_LETTERS = 200


class StaleIndex(PullquoteError):
    """The library was built with another encoder or other passages; go back to those, or `pullquote reindex`."""

    status = 503

    def __init__(self, library: Library, built: str, other: str, way_out: str) -> None:
        self._detail = f"was built with {built}, and {other}; {way_out}."
        super().__init__(f"The library {library.path} {self._detail}")

    @property
    def public(self) -> str:
        return f"The library {self._detail}"


class DamagedManifest(PullquoteError):
    """What the library was indexed with is not to be read in it; put a backup in its place."""

    status = 503
    public = "What the library was indexed with is not to be read in it; put a backup in its place."

    def __init__(self, library: Library) -> None:
        super().__init__(
            f"What the library {library.path} was indexed with is not to be read in it; "
            "`pullquote restore FILE --force` puts a backup in its place."
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """How passages were cut and embedded; vectors compare only with others of the same manifest."""

    encoder: str
    dimension: int
    size: int
    overlap: int
    titled: bool

    def __str__(self) -> str:
        return f"encoder {self.encoder}, {self.passages}"

    @property
    def chunking(self) -> Chunking:
        return Chunking(self.size, self.overlap)

    @property
    def passages(self) -> str:
        return f"{self.size} tokens, overlap {self.overlap}, title {'in front' if self.titled else 'left out'}"


def recorded(library: Library) -> Manifest | None:
    """What the library was indexed with, or None before its first article; DamagedManifest."""
    stored = library.state(_KEY)
    if not stored:
        return None
    try:
        return manifest_in(stored)
    except ValueError as error:
        raise DamagedManifest(library) from error


def manifest_in(stored: str) -> Manifest:
    """The manifest as it was recorded; ValueError where it is none."""
    try:
        manifest = Manifest(**json.loads(stored))
        sizes = manifest.dimension, manifest.size, manifest.overlap
        is_sound = all(type(size) is int for size in sizes) and manifest.chunking and manifest.dimension > 0
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not (is_sound and isinstance(manifest.encoder, str) and isinstance(manifest.titled, bool)):
        raise ValueError("a field is of another type")
    return manifest


def check(library: Library) -> Iterator[str]:
    """What is wrong with the recorded manifest."""
    try:
        is_sound = recorded(library) is not None or not library.counts()[1]
    except DamagedManifest:
        is_sound = False
    if not is_sound:
        yield "what the library was indexed with is not recorded in it, or not to be read"


def sound_manifest(library: Library) -> Manifest | None:
    """What the library was indexed with, or None where that is not known."""
    return None if list(check(library)) else recorded(library)


def record(library: Library, manifest: Manifest) -> None:
    """Writes into the library what it is indexed with; inside `library.writing()`."""
    library.set_state(_KEY, json.dumps(asdict(manifest)))


def check_readable(library: Library, encoder: str) -> None:
    """Nothing where the library's vectors can be searched with the encoder of this identity, else StaleIndex."""
    built = recorded(library)
    if built is not None and built.encoder != encoder:
        name = built.encoder.partition("@")[0]
        way_back = "" if encoder.startswith(f"{name}@") else f"set PULLQUOTE_ENCODER={name}, or "
        way_out = f"{way_back}bring the library up to date with `pullquote reindex`"
        raise StaleIndex(library, f"the encoder {built.encoder}", f"the settings give {encoder}", way_out)


def check_writable(library: Library, manifest: Manifest) -> None:
    """Nothing where new articles would be indexed as the ones there are, else StaleIndex."""
    check_readable(library, manifest.encoder)
    built = recorded(library)
    if built is not None and built != manifest:
        way_out = "add them again, or change the library's passages with `pullquote reindex`"
        raise StaleIndex(library, f"passages of {built.passages}", f"these were cut to {manifest.passages}", way_out)


def manifest_of(library: Library, encoder: Encoder) -> Manifest:
    """How `add` indexes: as the library was, or as a new one where the encoder is another."""
    built = recorded(library)
    return built if built and built.encoder == encoder.card.identity else fitted(encoder.card)


def fitted(card: EncoderCard, chunking: Chunking = CHUNKING, titled: bool = TITLED) -> Manifest:
    """Passages no longer than the encoder of this card reads, with a title in front if `titled`."""
    limited = card.limited(chunking, _TITLE_TOKENS if titled else 0)
    return Manifest(card.identity, card.dimension, limited.size, limited.overlap, titled)


def encoded_text(passage: Passage, titled: bool) -> str:
    """What the encoder reads of a passage: its text, behind the start of the article's title if `titled`."""
    return f"{passage.title[:_TITLE_LETTERS]}\n{passage.text}" if titled else passage.text
