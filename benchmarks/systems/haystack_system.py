"""Haystack, as its documents show extractive question answering: a store in memory, kept in a file."""

from __future__ import annotations

from typing import Any

from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

from benchmarks.systems.neighbour import WARMING, encoder_folder
from benchmarks.systems.protocol import Found, Job, serve, texts

_STORE = "store.json"


class Haystack:
    """Passages of 200 words, Haystack's default; the retriever by meaning; the reader over all that it finds."""

    packages = ("haystack-ai", "sentence-transformers-haystack", "transformers-haystack", "torch")

    def __init__(self, job: Job) -> None:
        self._job = job

    def load(self) -> None:
        """The embedder, warm."""
        self._embedder = SentenceTransformersDocumentEmbedder(model=encoder_folder(), progress_bar=False)
        self._embedder.warm_up()
        self._embedder.run([Document(content=WARMING)])

    def build(self) -> int:
        """Splits, embeds, writes, saves."""
        store = InMemoryDocumentStore()
        indexing = Pipeline()
        indexing.add_component("embedder", self._embedder)
        indexing.add_component("writer", DocumentWriter(store))
        indexing.connect("embedder", "writer")
        if not self._job.is_cut:
            indexing.add_component("splitter", DocumentSplitter())
            indexing.connect("splitter", "embedder")
        documents = [Document(content=one.text, meta={"article": one.article_id}) for one in texts(self._job.texts)]
        indexing.run({"embedder" if self._job.is_cut else "splitter": {"documents": documents}})
        store.save_to_disk(str(self._job.index / _STORE))
        count: int = store.count_documents()
        return count

    def open(self) -> None:
        """The store from its file, the embedder and the reader, in one pipeline."""
        store = InMemoryDocumentStore.load_from_disk(str(self._job.index / _STORE))
        self._asker = SentenceTransformersTextEmbedder(model=encoder_folder(), progress_bar=False)
        self._retriever = InMemoryEmbeddingRetriever(store, top_k=self._job.k)
        reader = TransformersExtractiveReader(model=str(self._job.reader))
        reader.warm_up()
        self._asker.warm_up()
        _with_segments(reader)
        self._asking = Pipeline()
        self._asking.add_component("embedder", self._asker)
        self._asking.add_component("retriever", self._retriever)
        self._asking.add_component("reader", reader)
        self._asking.connect("embedder.embedding", "retriever.query_embedding")
        self._asking.connect("retriever.documents", "reader.documents")

    def retrieve(self, question: str) -> list[Found]:
        """By meaning."""
        embedding = self._asker.run(question)["embedding"]
        documents = self._retriever.run(embedding)["documents"]
        return [Found(one.meta["article"], one.content) for one in documents]

    def answer(self, question: str) -> str:
        """The best span, whatever is thought of there being none."""
        given = {"embedder": {"text": question}, "reader": {"query": question}}
        answers = self._asking.run(given)["reader"]["answers"]
        return next((answer.data for answer in answers if answer.data), "")


def _with_segments(reader: TransformersExtractiveReader) -> None:
    """Lets the network know which tokens are the passage's, as it has learned; Haystack tells it the tokens only."""
    separator = reader.tokenizer.sep_token_id

    def told(_: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        separators = (kwargs["input_ids"] == separator).long()
        before = separators.cumsum(dim=-1) - separators
        segments = (before >= 2).long() * kwargs["attention_mask"]  # behind the question, and behind no title
        return args, kwargs | {"token_type_ids": segments}

    reader.model.register_forward_pre_hook(told, with_kwargs=True)


if __name__ == "__main__":
    serve(Haystack)
