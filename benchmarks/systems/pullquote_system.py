"""Pullquote itself: what `pullquote add` does with a file, and the pipeline that the server asks."""

from __future__ import annotations

from benchmarks.systems.protocol import Found, Job, serve
from corpus.library.database import tell_nobody
from corpus.load import load
from index.ingest import add
from rag.assemble import assemble, open_encoder, open_library, open_reader
from rag.options import AskOptions
from rag.settings import Settings


class PassagesNotOurs(ValueError):
    """Passages that are given are articles to Pullquote; let `texts` be those articles that it cuts so itself."""


class Pullquote:
    """Passages of at most 160 tokens that end at sentences' ends; found by meaning and by words, read, cited."""

    packages = ("pullquote", "openvino", "faiss-cpu")

    def __init__(self, job: Job) -> None:
        self._job = job

    def load(self) -> None:
        """The encoder, compiled for this machine where it is not yet, and warm."""
        self._settings = _settings(self._job)
        self._encoder = open_encoder(self._settings, tell_nobody)
        self._encoder.encode_passages(["Two texts,", "as one alone goes another way."])
        self._encoder.encode_query("And one that goes it.")
        open_reader(self._settings, self._encoder)

    def build(self) -> int:
        """Reads the file, cuts, encodes and writes."""
        if self._job.is_cut:
            raise PassagesNotOurs
        library = open_library(self._settings)
        entries = list(add(library, self._encoder, load(self._job.texts)))
        library.close()
        if refused := [entry.reason for entry in entries if entry.outcome != "added"]:
            raise ValueError(refused[0])
        return sum(entry.passages for entry in entries)

    def open(self) -> None:
        """The library with the encoder and the reader."""
        self._settings = _settings(self._job)
        library, encoder = open_library(self._settings), open_encoder(self._settings, tell_nobody)
        reader = open_reader(self._settings, encoder)
        self._pipeline = assemble(library, encoder, reader, self._settings)

    def retrieve(self, question: str) -> list[Found]:
        """By meaning and by words, cited."""
        found = self._pipeline.search(question, self._job.k, "fused")
        return [Found(one.source.rpartition("#")[2], one.text) for one in found]

    def answer(self, question: str) -> str:
        """The words of the best answer, whatever its confidence."""
        answers = self._pipeline.ask(question, AskOptions(self._job.k, threshold=0.0)).answers
        return answers[0].quotes[0].text if answers else ""

    def read_all(self, question: str) -> None:
        """The same search, and the reader over all that it finds."""
        hits = self._pipeline.hits(question, self._job.k, "fused")
        self._pipeline.reader.read_all([(question, hits)])


def _settings(job: Job) -> Settings:
    return Settings(home=job.index, cache=job.cache)


if __name__ == "__main__":
    serve(Pullquote)
