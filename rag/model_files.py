"""The files of the models verified: what was compiled here, which can be made again, and the reader, which cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from index.encoder.blob_cache import NETWORK_FILES, is_whole
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files
from index.encoder.encoder import compiled_folder, discard_compiled
from rag.reader.read import CAREFUL, SHIPPED, reader_folders
from rag.reader.weight_parts import parts_of
from rag.settings import Settings


def damaged_compiled(settings: Settings) -> Iterator[Path]:
    """Files of the compiled encoder, and OpenVINO's blobs, that are not as they were written; all are read."""
    cache = settings.cache.expanduser()
    folder = compiled_folder(settings.encoder, cache)
    if folder.exists():
        try:
            check_files(folder, (*NETWORK_FILES, "encoder.json", "tokenizer.json"))
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
        weights = [part.name for part in parts_of(folder)] or ["model.bin"]
        if folder in (SHIPPED, CAREFUL) or (folder / CHECKSUMS).exists():
            check_files(folder, ("model.xml", *weights, "reader.json", "tokenizer.json"))
