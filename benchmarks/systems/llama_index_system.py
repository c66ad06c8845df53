"""LlamaIndex: its vector index with a local embedding; retrieval only, as it answers with a language model."""

from __future__ import annotations

from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.systems.neighbour import WARMING, encoder_folder
from benchmarks.systems.protocol import Found, Job, serve, texts

_ARTICLE = "article"


class LlamaIndex:
    """Passages of 1,024 tokens, LlamaIndex's default, of which the encoder reads the first 256."""

    packages = ("llama-index-core", "llama-index-embeddings-huggingface", "torch")

    def __init__(self, job: Job) -> None:
        self._job = job

    def load(self) -> None:
        """The embedding, warm."""
        self._embedding = HuggingFaceEmbedding(model_name=encoder_folder(), device="cpu")
        self._embedding.get_text_embedding(WARMING)

    def build(self) -> int:
        """Splits, embeds and persists."""
        given = texts(self._job.texts)
        if self._job.is_cut:
            nodes = [
                TextNode(text=one.text, metadata={_ARTICLE: one.article_id}, excluded_embed_metadata_keys=[_ARTICLE])
                for one in given
            ]
            index = VectorStoreIndex(nodes, embed_model=self._embedding)
        else:
            documents = [
                Document(text=one.text, metadata={_ARTICLE: one.article_id}, excluded_embed_metadata_keys=[_ARTICLE])
                for one in given
            ]
            index = VectorStoreIndex.from_documents(documents, embed_model=self._embedding)
        index.storage_context.persist(str(self._job.index))
        return len(index.docstore.docs)

    def open(self) -> None:
        """The persisted index."""
        self._embedding = HuggingFaceEmbedding(model_name=encoder_folder(), device="cpu")
        storage = StorageContext.from_defaults(persist_dir=str(self._job.index))
        self._retriever = load_index_from_storage(storage, embed_model=self._embedding).as_retriever(
            similarity_top_k=self._job.k
        )

    def retrieve(self, question: str) -> list[Found]:
        """By meaning."""
        found = self._retriever.retrieve(question)
        return [Found(one.node.metadata[_ARTICLE], one.node.text) for one in found]


if __name__ == "__main__":
    serve(LlamaIndex)
