"""The one place that knows the concrete parts: settings in, a library and its pipeline out."""

from __future__ import annotations

from corpus.address_space import LEAST_FOR_MODELS, check_address_space
from corpus.library.database import Notice, tell_nobody
from corpus.library.store import Library
from corpus.load import limit_articles
from index.backend import Backend
from index.backends import backend_at
from index.encoder.checksums import DamagedModel, check_files
from index.encoder.encoder import Encoder, EncoderCard, OpenVINOEncoder, compiled_folder, discard_compiled
from index.manifest import CHUNKING, check_readable
from index.search import HybridIndex
from rag.calibration import ReaderCard
from rag.judgements.judgements import Judgements
from rag.pipeline import Pipeline, Reader
from rag.reader.careful import CarefulReader
from rag.reader.read import SpanReader, card_of, reader_folders
from rag.reader.sentence_reader import SentenceReader
from rag.settings import Settings


def open_library(settings: Settings, notice: Notice = tell_nobody) -> Library:
    """The library the settings name; an empty one where there is none yet. NotALibrary for any other file.

    Articles that are read from now on are at most as long as the settings say.
    `notice` is told when a change has to wait for another process.
    """
    limit_articles(settings.article_characters)
    return Library(settings.library_path, notice)


def open_encoder(settings: Settings, notice: Notice) -> Encoder:
    """The encoder the settings name, compiled first where it has not been yet, which `notice` is told of."""
    check_address_space(LEAST_FOR_MODELS)
    if settings.backend == "torch":
        from index.encoder.compile import TorchEncoder

        return TorchEncoder(settings.encoder)
    cache = settings.cache.expanduser()
    folder = compiled_folder(settings.encoder, cache)
    if folder.exists():
        try:
            return OpenVINOEncoder(folder, cache)
        except DamagedModel:
            notice(f"The compiled encoder in {folder} is damaged, and is made again.")
            discard_compiled(folder)
    notice(f"Compiling the encoder {settings.encoder} for this machine, once …")
    from index.encoder.compile import compile_encoder

    return OpenVINOEncoder(compile_encoder(settings.encoder, cache, CHUNKING), cache)


def encoder_card(settings: Settings) -> EncoderCard | None:
    """What the encoder is that the settings name, None where it is yet to be compiled, or again; nothing is loaded."""
    folder = compiled_folder(settings.encoder, settings.cache.expanduser())
    try:
        check_files(folder, ("encoder.json",))
        return EncoderCard.read(folder / "encoder.json")
    except DamagedModel:
        return None


def model_names(settings: Settings) -> tuple[str, str]:
    """The names by which replies tell of the encoder and the reader of the settings; UnknownReader, DamagedModel.

    The encoder is compiled first where it has not been yet; the reader is not loaded.
    """
    card = encoder_card(settings) or open_encoder(settings, tell_nobody).card
    return card.identity, reader_card(settings).name


def reader_card(settings: Settings) -> ReaderCard:
    """The card of the reader that the settings name, which is not loaded; UnknownReader, DamagedModel."""
    *_, last = [None, *reader_folders(settings.reader)]
    return card_of(last) if last else SentenceReader.card


def open_reader(settings: Settings, encoder: Encoder) -> Reader:
    """The reader the settings name; UnknownReader where there is none of that name."""
    cache = settings.cache.expanduser()
    readers = [SpanReader(folder, cache) for folder in reader_folders(settings.reader)]
    match readers:
        case [fast, careful]:
            return CarefulReader(fast, careful)
        case [reader]:
            return reader
    return SentenceReader(encoder)


def backend_of(library: Library, settings: Settings) -> Backend:
    """Where the library's index is held.

    The settings name the place of the library in their home. Any other library, made for a measurement, has a place of
    its own there.
    """
    backend = backend_at(settings.index, settings.index_secret)
    is_own = library.path.absolute() == settings.library_path.absolute()
    return backend if is_own else backend.of_other(library)


def assemble(library: Library, encoder: Encoder, reader: Reader, settings: Settings) -> Pipeline:
    """The pipeline over a library, whose index is where the settings say; StaleIndex where another encoder built it."""
    check_readable(library, encoder.card.identity)
    candidates = backend_of(library, settings).open(library, encoder.card)
    judgements = Judgements(library, encoder) if settings.feedback == "on" else None
    return Pipeline(library, HybridIndex(library, encoder, candidates), reader, encoder, judgements)
