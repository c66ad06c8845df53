"""txtai: embeddings and words together (hybrid) with the texts beside, and its pipeline for questions."""

from __future__ import annotations

from txtai import Embeddings
from txtai.pipeline import Questions, Segmentation

from benchmarks.systems.neighbour import WARMING, encoder_folder
from benchmarks.systems.protocol import Found, Job, Text, serve, texts


class _Questions(Questions):
    """The pipeline, which would break where the reader says that nothing in a passage answers."""

    def answer(self, context: str, tokens: object, start: object, end: object) -> str | None:
        """The words from start to end, None where these are not in the passage."""
        try:
            words: str = super().answer(context, tokens, start, end)
        except TypeError:  # a mark of the tokenizer's own belongs to no word
            return None
        return words


class Txtai:
    """Passages are paragraphs; each passage that is found is read by itself, as its Questions pipeline does."""

    packages = ("txtai", "torch", "faiss-cpu")

    def __init__(self, job: Job) -> None:
        self._job = job

    def load(self) -> None:
        """The embeddings' model, warm."""
        self._embeddings = Embeddings(path=encoder_folder(), content=True, hybrid=True)
        self._embeddings.batchtransform([WARMING])

    def build(self) -> int:
        """Indexes and saves."""
        given = texts(self._job.texts)
        passages = given if self._job.is_cut else [passage for one in given for passage in _paragraphs(one)]
        self._embeddings.index((f"{number} {one.article_id}", one.text) for number, one in enumerate(passages))
        self._embeddings.save(str(self._job.index / "index"))
        return len(passages)

    def open(self) -> None:
        """The saved index, and the reader."""
        self._embeddings = Embeddings()
        self._embeddings.load(str(self._job.index / "index"))
        self._questions = _Questions(str(self._job.reader), gpu=False)

    def retrieve(self, question: str) -> list[Found]:
        """By meaning and by words."""
        return [
            Found(one["id"].partition(" ")[2], one["text"]) for one in self._embeddings.search(question, self._job.k)
        ]

    def answer(self, question: str) -> str:
        """That in the first passage which has one: the pipeline gives no scores to sort by."""
        found = self.retrieve(question)
        return next(filter(None, self._questions([question] * len(found), [one.text for one in found])), "")


def _paragraphs(article: Text) -> list[Text]:
    found = Segmentation(paragraphs=True)(article.text)
    return [Text(article.article_id, article.title, words) for words in found]


if __name__ == "__main__":
    serve(Txtai)
