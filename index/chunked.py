"""Articles in passages, cut as a library's manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.article import Article, Passage, Span
from corpus.chunk import spans
from index.encoder.encoder import Embeddings, Encoder
from index.manifest import Manifest, encoded_text

_RUN_SIZE = 100  # a run of its map takes as much memory as about so many characters

ByDigest = Mapping[bytes, Embeddings]  # embeddings, shape (dimension,), by the digests of their texts


@dataclass(frozen=True, slots=True)
class ChunkedArticle:
    """An article, the spans of its passages, and those of their embeddings that were made elsewhere."""

    article: Article
    spans: list[Span]
    made: ByDigest = field(default_factory=dict)

    def texts(self, titled: bool) -> list[str]:
        """What the encoder reads of each passage."""
        one = self.article
        return [encoded_text(Passage(one.id, one.title, span, span.cut(one.text)), titled) for span in self.spans]

    @property
    def size(self) -> int:
        """How much memory it takes, in characters."""
        return len(self.article.text) + _RUN_SIZE * len(self.article.origin.runs)


def chunked(article: Article, manifest: Manifest, encoder: Encoder) -> ChunkedArticle:
    """The article in passages of the manifest's size; UnfitText."""
    return ChunkedArticle(article, spans(article.text, manifest.chunking, encoder.count_tokens))
