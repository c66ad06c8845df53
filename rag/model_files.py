"""The files of the models verified: what was made here, which can be made again, and the reader, which cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from index.encoder.blob_cache import NETWORK_FILES, is_whole
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files
from index.encoder.encoder import compiled_folder, discard_compiled
from rag.reader.read import CAREFUL, SHIPPED, reader_folders
from rag.reader.weight_parts import JOINED, WEIGHTS, recorded_parts
from rag.settings import Settings


def damaged_compiled(settings: Settings) -> Iterator[Path]:
    """Files of the compiled encoder and of joined readers, and OpenVINO's blobs, that are not as they were written.

    All are read.
    """
    cache = settings.cache.expanduser()
    encoder = compiled_folder(settings.encoder, cache)
    made = [(encoder, (*NETWORK_FILES, "encoder.json", "tokenizer.json"))] if encoder.exists() else []
    readers = ((path.parent, JOINED) for path in sorted((cache / "readers").glob(f"*/{CHECKSUMS}")))
    for folder, names in (*made, *readers):
        try:
            check_files(folder, names)
        except DamagedModel as damage:
            yield damage.path
    for blob in sorted((cache / "openvino").glob("*/*.blob")):
        if not is_whole(blob):
            yield blob


def discard(paths: Iterable[Path], settings: Settings) -> None:
    """Takes away what is damaged; it is made again when it is next needed."""
    encoder = compiled_folder(settings.encoder, settings.cache.expanduser())
    for path in paths:
        with suppress(OSError):
            discard_compiled(encoder if path.parent == encoder else path)


def check_reader(settings: Settings) -> None:
    """Nothing where the files of the reader that the settings name are whole, else DamagedModel."""
    for folder in reader_folders(settings.reader):
        if folder in (SHIPPED, CAREFUL) or (folder / CHECKSUMS).exists():
            weights = recorded_parts(folder) or [WEIGHTS]
            check_files(folder, ("model.xml", *weights, "reader.json", "tokenizer.json"))
