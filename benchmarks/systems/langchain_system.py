"""LangChain: its splitter and its FAISS store; retrieval only, as it answers with a language model."""

from __future__ import annotations

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.systems.neighbour import WARMING, encoder_folder
from benchmarks.systems.protocol import Found, Job, serve, texts

_ARTICLE = "article"


class LangChain:
    """Passages of 1,000 characters that share 200, as its tutorial has them."""

    packages = ("langchain-core", "langchain-community", "langchain-huggingface", "torch", "faiss-cpu")

    def __init__(self, job: Job) -> None:
        self._job = job

    def load(self) -> None:
        """The embeddings, warm."""
        self._embeddings = HuggingFaceEmbeddings(model_name=encoder_folder())
        self._embeddings.embed_query(WARMING)

    def build(self) -> int:
        """Splits, embeds and saves."""
        documents = [Document(one.text, metadata={_ARTICLE: one.article_id}) for one in texts(self._job.texts)]
        if not self._job.is_cut:
            documents = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
        FAISS.from_documents(documents, self._embeddings).save_local(str(self._job.index))
        return len(documents)

    def open(self) -> None:
        """The saved store."""
        self._embeddings = HuggingFaceEmbeddings(model_name=encoder_folder())
        self._store = FAISS.load_local(str(self._job.index), self._embeddings, allow_dangerous_deserialization=True)

    def retrieve(self, question: str) -> list[Found]:
        """By meaning."""
        found = self._store.similarity_search(question, self._job.k)
        return [Found(one.metadata[_ARTICLE], one.page_content) for one in found]


if __name__ == "__main__":
    serve(LangChain)
