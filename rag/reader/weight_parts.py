"""Weights that ship in parts of a size that a repository takes, and are joined in the cache before they are loaded."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp

from corpus.library.atomic_write import replacing
from corpus.regular_file import open_regular
from index.encoder.checksums import CHECKSUMS, check_files, checksum, read_checksums

WEIGHTS = "model.bin"
PART_BYTES = 44_500_000
_OTHERS = ("model.xml", "reader.json", "tokenizer.json")
JOINED = (WEIGHTS, *_OTHERS)  # the files of a reader in the cache, beside their checksums


def split(folder: Path) -> list[Path]:
    """The weights of a model's folder in parts, which take the file's place; as they are where they are small.

    Parts of earlier weights are taken away.
    """
    whole = folder / WEIGHTS
    for earlier in parts_of(folder):
        earlier.unlink()
    parts: list[Path] = []
    if whole.stat().st_size <= PART_BYTES:
        return parts
    with open_regular(whole) as file:
        while part := file.read(PART_BYTES):
            parts.append(folder / f"{WEIGHTS}.{len(parts) + 1}")
            parts[-1].write_bytes(part)
    whole.unlink()
    return parts


def parts_of(folder: Path) -> list[Path]:
    """The parts of the weights in a model's folder, in their order; none where they are one file."""
    return sorted(folder.glob(f"{WEIGHTS}.*"), key=lambda part: (len(part.name), part.name))


def recorded_parts(folder: Path) -> list[str]:
    """The names of the parts that the checksums of a model's folder name, though one be missing; DamagedModel."""
    return [name for name in read_checksums(folder) if name.startswith(f"{WEIGHTS}.")]


def joined(folder: Path, cache: Path) -> Path:
    """The folder itself, or one in the cache with its files where the weights are in parts; DamagedModel.

    What was joined before is taken as it is: its checksums, written with it, are compared when it is loaded. Where
    nothing can be written to the cache, the folder is a temporary one.
    """
    parts = parts_of(folder)
    if not parts:
        return folder
    written = recorded_parts(folder)
    place = cache / "readers" / checksum(folder / CHECKSUMS)[:16]
    if not all((place / name).is_file() for name in (*JOINED, CHECKSUMS)):
        check_files(folder, {*written, *(part.name for part in parts)})
        try:
            _join(folder, parts, place)
        except OSError:
            place = Path(mkdtemp(prefix="pullquote-reader-"))
            atexit.register(shutil.rmtree, place, ignore_errors=True)
            _join(folder, parts, place)
    return place


def _join(folder: Path, parts: Iterable[Path], place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    with replacing(place / WEIGHTS) as making, making.open("wb") as whole:
        for part in parts:
            with open_regular(part) as file:
                shutil.copyfileobj(file, whole)
    for name in _OTHERS:
        with replacing(place / name) as making:  # another process may read it by now
            shutil.copyfile(folder / name, making)
    with replacing(place / CHECKSUMS) as making:
        making.write_text("".join(f"{checksum(place / name)}  {name}\n" for name in JOINED), "utf-8")
