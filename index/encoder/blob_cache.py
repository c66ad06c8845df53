"""What OpenVINO keeps of a network that it has compiled for this CPU: files that are mapped and run as they are.

Compiling takes 0.4 s, opening a blob 0.1 s. Beside each blob stands its checksum, because OpenVINO compares nothing.
Hashing takes 35 ms, so a blob is hashed again only when its file has been written to since.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from corpus.library.atomic_write import replacing
from corpus.regular_file import read_regular
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files, checksum

NETWORK_FILES = ("model.xml", "model.bin")
_ENDING = ".blob"


class BlobCache:
    """The blobs of one network, in a folder of their own, as far as they are whole."""

    def __init__(self, model: Path, cache: Path, streams: int) -> None:
        """`model` is the folder of the network's files, `cache` holds the blobs of all networks. DamagedModel."""
        self._model = model
        self._folder = cache / "openvino" / _key(model, streams)
        self._whole = {path for path in self._blobs() if _is_whole(path)}

    def check_network(self) -> None:
        """Nothing where a blob is whole, or else the network's own files, which are read then; DamagedModel."""
        if not self._whole:
            self._check_files()

    def folder(self) -> Path | None:
        """Where OpenVINO may look for a blob and put one; None where something damaged stays, or there is no folder."""
        with suppress(OSError):
            for path in self._blobs() - self._whole:
                path.unlink()
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._folder
        return None

    def keep(self) -> None:
        """Writes the checksums of blobs that are new; DamagedModel where they were made of damaged files."""
        new = [path for path in self._blobs() if path not in self._whole or not _is_whole(path)]
        if not new:
            return
        self._check_files()
        for path in new:
            _note(path, checksum(path))
        with suppress(OSError):
            for path in self._folder.parent.glob(f"*{_ENDING}"):  # of versions before the checksums
                path.unlink()

    def _check_files(self) -> None:
        if (self._model / CHECKSUMS).exists():  # readers that were exported before have none
            check_files(self._model, NETWORK_FILES)

    def _blobs(self) -> set[Path]:
        return set(self._folder.glob(f"*{_ENDING}"))


def is_whole(blob: Path) -> bool:
    """Whether a blob has the checksum that was written down; all of it is read."""
    with suppress(OSError, ValueError):
        return _noted(blob)[0] == checksum(blob)
    return False


def _is_whole(blob: Path) -> bool:
    """As `is_whole`, but a file that nobody has written to since it was compared is not read."""
    with suppress(OSError, ValueError):
        digest, stamp = _noted(blob)
        if stamp == _stamp(blob):
            return True
        if digest == checksum(blob):
            _note(blob, digest)
            return True
    return False


def _noted(blob: Path) -> tuple[str, str]:
    """The checksum and the stamp that were written down; OSError, ValueError."""
    digest, stamp = read_regular(_note_of(blob)).decode("ascii").splitlines()
    return digest, stamp


def _note(blob: Path, digest: str) -> None:
    """Writes a checksum down; nothing where that cannot be."""
    path = _note_of(blob)
    with suppress(OSError), replacing(path) as making:
        making.write_text(f"{digest}\n{_stamp(blob)}\n", encoding="ascii")


def _stamp(blob: Path) -> str:
    """What changes when anybody writes to a file, even if the time of the change is set back."""
    status = blob.stat()
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _note_of(blob: Path) -> Path:
    return blob.with_suffix(".sha256")


def _key(model: Path, streams: int) -> str:
    """A name for what the blobs are made of: the files and their place, which OpenVINO counts, and the streams."""
    try:
        stamps = [(model / name).stat() for name in NETWORK_FILES]
    except OSError as error:
        raise DamagedModel(model, error.strerror or "a file of it cannot be read") from error
    facts = [str(model.absolute()), streams, *((stamp.st_size, stamp.st_mtime_ns) for stamp in stamps)]
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
