"""A collection of a Milvus server, cluster or file, through pymilvus; the library that it mirrors is not used here.

A fused search is one hybrid query with weight 0 for the vectors, so that it returns BM25 scores. The cosines of the
rows that it finds by their vectors are computed exactly in the library.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.library.private_files import make_folder
from index.dense.vector_index import Rows
from index.encoder.encoder import Embeddings
from index.milvus.address import CollectionAddress
from index.milvus.entity import FACTS, CollectionCard, Entity
from index.milvus.errors import ForeignCollection, MilvusFailed, MilvusMissing
from index.milvus.words import MOST_BYTES

if TYPE_CHECKING:
    from pymilvus import AnnSearchRequest, CollectionSchema, MilvusClient

Scores = dict[int, float]  # by row
MOST_HITS = 8192  # of one search: Milvus gives 16,384 at once, and a hybrid query asks for twice as many
_KEY = "pullquote"  # of the collection's properties
_SECONDS = 60.0  # that one answer may take
_CONNECT_SECONDS = 10.0
_MOST_AUTHORS = 4096
_ROWS_AT_ONCE = 8192
_INVERTED: dict[str, Any] = {"index_type": "INVERTED"}
_K1, _B = 1.2, 0.75  # as FTS5 has them fixed
_ONE_AT_A_TIME = threading.Lock()  # who opens or writes: servers take many at once, a file of Milvus Lite does not
# The words come stemmed and in lower case (`index.milvus.words`): all that is left to do is to cut at spaces.
_ANALYZER = {"tokenizer": "standard"}


class Collection:
    """The collection at an address; `open` creates and loads it."""

    def __init__(self, address: CollectionAddress, token: str = "") -> None:
        self.address = address
        self._client = _connected(address, token)
        self._is_unscaled = False
        self._named: dict[str, Any] = {"collection_name": address.collection, "timeout": _SECONDS}

    def open(self, card: CollectionCard) -> CollectionCard:
        """The card of the collection, which is created if missing; ForeignCollection where it is of another library."""
        with _ONE_AT_A_TIME, self._asked() as client:
            if not client.has_collection(**self._named):
                self._make(client, replace(card, born=uuid.uuid4().hex))
            found = self._card(client)
            if found.library != card.library:
                raise ForeignCollection(self.address, "another library, or none")
            if found.dimension != card.dimension:
                dimensions = f"vectors of {found.dimension} dimensions, and the library's have {card.dimension}"
                raise ForeignCollection(self.address, dimensions)
            if found.encoder != card.encoder:  # since the library was reindexed: all rows are others now
                found = replace(found, encoder=card.encoder)
                client.alter_collection_properties(self.address.collection, {_KEY: json.dumps(asdict(found))})
            self._index(client)
            client.load_collection(**self._named)
        return found

    def by_meaning(self, embedding: Embeddings, depth: int, expression: str) -> Scores:
        """The `depth` rows nearest to a unit query of shape (dimension,), with approximate cosines."""
        return self._search("embedding", embedding.tolist(), depth, expression)

    def by_words(self, words: str, depth: int, expression: str) -> Scores:
        # Milvus Lite returns these negative, as distances.
        return {row: abs(score) for row, score in self._search("sparse", words, depth, expression).items()}

    def by_both(self, words: str, embedding: Embeddings, depth: int, expression: str) -> Scores:
        """The rows that both searches find, in one hybrid query: BM25 scores, 0 for rows without the words."""
        from pymilvus import WeightedRanker

        depth = min(depth, MOST_HITS)
        near, worded = ("embedding", embedding.tolist(), "IP"), ("sparse", words, "BM25")
        with self._asked() as client:
            requests = [_request(*one, limit=depth, expr=expression or None) for one in (near, worded)]
            ranker = WeightedRanker(0.0, 1.0, norm_score=False)
            (hits,) = client.hybrid_search(
                **self._named, reqs=requests, ranker=ranker, limit=2 * depth, output_fields=["row"]
            )
        scores = {hit.id: abs(hit.distance) for hit in hits}
        self._check_unscaled(words, scores, expression)
        return scores

    def put(self, entities: Sequence[Entity]) -> None:
        """Writes the entities, replacing those of the same rows."""
        with self._writing() as client:
            client.upsert(**self._named, data=list(entities))

    def remove(self, rows: Iterable[int]) -> None:
        """Removes the entities of these rows, if they are there."""
        named = list(rows)
        for start in range(0, len(named), _ROWS_AT_ONCE):
            with self._writing() as client:
                client.delete(**self._named, ids=named[start : start + _ROWS_AT_ONCE])

    def settle(self) -> None:
        """Makes Milvus Lite index what was written; servers do so by themselves."""
        if self.address.is_file:
            with self._writing() as client:
                client.flush(**self._named)

    def count(self) -> int:
        """How many entities there are, with all earlier writes."""
        with self._asked() as client:
            (counted,) = client.query(**self._named, filter="", output_fields=["count(*)"], consistency_level="Strong")
        return int(counted["count(*)"])

    def rows(self) -> Rows:
        """The rows of all entities, ascending; reads them all."""
        found: list[int] = []
        with self._asked() as client:
            iterator = client.query_iterator(
                **self._named, batch_size=_ROWS_AT_ONCE, output_fields=["row"], consistency_level="Strong"
            )
            while some := iterator.next():
                found += [one["row"] for one in some]
            iterator.close()
        return np.unique(np.array(found, dtype=np.int64))

    def drop(self) -> None:
        with self._writing() as client:
            client.drop_collection(**self._named)

    def close(self) -> None:
        self._client.close()

    def _check_unscaled(self, words: str, scores: Scores, expression: str) -> None:
        """MilvusFailed where a hybrid query returns scaled scores, although the request says not to.

        Scaled scores are below 1, so that the first score above 1 settles it.
        """
        best = max(scores.values(), default=0.0)
        self._is_unscaled = self._is_unscaled or best > 1
        if best and not self._is_unscaled and best < 0.99 * max(self.by_words(words, 1, expression).values()):
            raise MilvusFailed(self.address, "its hybrid query scales the scores; Milvus 2.5 and later need not")

    def _search(self, field: str, sought: object, depth: int, expression: str) -> Scores:
        with self._asked() as client:
            limit = min(depth, MOST_HITS)
            (hits,) = client.search(
                **self._named, data=[sought], anns_field=field, limit=limit, filter=expression, output_fields=["row"]
            )
        return {hit.id: hit.distance for hit in hits}

    def _card(self, client: MilvusClient) -> CollectionCard:
        described = client.describe_collection(**self._named)
        written = (described.get("properties") or {}).get(_KEY) or described.get("description") or ""
        try:
            return CollectionCard(**json.loads(written))
        except (ValueError, TypeError):
            raise ForeignCollection(self.address, "nothing that Pullquote has put there") from None

    def _make(self, client: MilvusClient, card: CollectionCard) -> None:
        from pymilvus import MilvusException

        written = json.dumps(asdict(card))
        try:
            client.create_collection(
                **self._named,
                schema=_schema(client, card.dimension, written),
                properties={_KEY: written},
                consistency_level="Session",  # own writes are seen; others' have been waited for by `count`
            )
        except MilvusException:
            deadline = time.monotonic() + _CONNECT_SECONDS
            while not client.has_collection(**self._named):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _index(self, client: MilvusClient) -> None:
        """Creates the indexes that are missing: all of a new collection."""
        made = set(client.list_indexes(self.address.collection))
        index = client.prepare_index_params()
        near: dict[str, Any] = {"index_type": "FLAT" if self.address.is_file else "AUTOINDEX", "metric_type": "IP"}
        # The two numbers as one value: Milvus Lite reads no other form.
        tuned = {"params": {"bm25_k1": _K1, "bm25_b": _B}}
        worded: dict[str, Any] = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": tuned}
        facts = () if self.address.is_file else FACTS
        for field, how in {"embedding": near, "sparse": worded, **dict.fromkeys(facts, _INVERTED)}.items():
            if field not in made:
                index.add_index(field, index_name=field, **how)
        if index:
            client.create_index(**self._named, index_params=index, sync=False)  # it is empty

    @contextmanager
    def _writing(self) -> Iterator[MilvusClient]:
        """The client; for a file under a lock, as two first writes at once would start its log twice and lose one."""
        with _ONE_AT_A_TIME if self.address.is_file else nullcontext(), self._asked() as client:
            yield client

    @contextmanager
    def _asked(self) -> Iterator[MilvusClient]:
        with _failing(self.address):
            yield self._client


def _request(field: str, sought: object, metric: str, **asked: object) -> AnnSearchRequest:
    from pymilvus import AnnSearchRequest

    return AnnSearchRequest([sought], field, {"metric_type": metric}, **asked)


def _schema(client: MilvusClient, dimension: int, description: str) -> CollectionSchema:
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False, description=description)
    schema.add_field("row", DataType.INT64, is_primary=True)
    for fact in FACTS:
        schema.add_field(fact, DataType.VARCHAR, max_length=MOST_BYTES)
    many = {"element_type": DataType.VARCHAR, "max_capacity": _MOST_AUTHORS, "max_length": MOST_BYTES}
    schema.add_field("authors", DataType.ARRAY, **many)
    analyzed = {"enable_analyzer": True, "analyzer_params": _ANALYZER}
    schema.add_field("words", DataType.VARCHAR, max_length=MOST_BYTES, **analyzed)
    schema.add_field("embedding", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    bm25 = Function("bm25", FunctionType.BM25, input_field_names=["words"], output_field_names=["sparse"])
    schema.add_function(bm25)
    return schema


@contextmanager
def _failing(address: CollectionAddress) -> Iterator[None]:
    """Turns what pymilvus and its transport raise into MilvusFailed."""
    from grpc import RpcError  # type: ignore[import-untyped]
    from pymilvus import MilvusException

    try:
        yield
    except (MilvusException, RpcError, OSError) as error:
        raise MilvusFailed(address, error) from error


def _connected(address: CollectionAddress, token: str) -> MilvusClient:
    for logger in ("pymilvus", "milvus_lite"):  # what goes wrong is raised; they would print it too, with a traceback
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    try:
        from pymilvus import MilvusClient
    except ModuleNotFoundError:
        raise MilvusMissing("pymilvus", "'pullquote[milvus]'") from None
    if address.is_file:
        _prepare_file(address)
    with _ONE_AT_A_TIME, _failing(address):
        return MilvusClient(address.uri, token=token, timeout=_CONNECT_SECONDS)


def _prepare_file(address: CollectionAddress) -> None:
    from importlib.util import find_spec
    from pathlib import Path

    if find_spec("milvus_lite") is None:
        raise MilvusMissing("milvus-lite", "milvus-lite")
    make_folder(Path(address.uri).parent)
