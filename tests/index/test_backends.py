"""The setting names a backend, which describes, drops and opens the index of a library."""

import pytest

from index.backends import backend_at, facts_by_name
from index.ingest import add
from index.local import LocalBackend
from index.milvus.address import BadIndex
from index.milvus.backend import MilvusBackend
from tests.fakes import HashEncoder
from tests.index.conftest import article

FLAT = {"kind": "flat", "vectors": 1, "bytes": 0, "recall@10": 1.0, "queries": 0}


@pytest.fixture
def filled(library):
    list(add(library, HashEncoder(), [article("bell", "The bell rang.")]))
    return library


def test_the_local_index_is_beside_every_library(filled):
    backend = backend_at("local")
    assert isinstance(backend.of_other(filled), LocalBackend)
    backend.drop(filled)
    described = backend.describe(filled)
    assert (described.facts, described.sentence, described.summary) == (FLAT, *["exact search by meaning"] * 2)
    assert facts_by_name(filled, described, backend.name) == {"index": FLAT, "milvus": None}
    query = HashEncoder().encode_query("The bell rang.")
    assert backend.open(filled, HashEncoder().card).by_meaning(query, 1, None) == {1: pytest.approx(1.0, abs=1e-3)}


def test_a_collection_is_described_without_asking_milvus(filled):
    backend = backend_at("milvus://db.example/clips", "a token")
    described = backend.describe(filled)
    facts = {"uri": "http://db.example:19530", "collection": "clips", "passages": 0, "generation": None}
    assert facts_by_name(filled, described, backend.name) == {"index": FLAT, "milvus": facts}
    place = "the collection clips of http://db.example:19530"
    assert described.sentence == f"hybrid search in Milvus: {place}, yet to be filled"


def test_another_library_has_a_collection_of_its_own(filled):
    other = backend_at("milvus://db.example/clips", "a token").of_other(filled)
    assert isinstance(other, MilvusBackend)
    assert (other.address.collection, other.token) == (f"clips_{filled.identity[:12]}", "a token")


def test_a_setting_that_names_no_backend_is_refused():
    with pytest.raises(BadIndex, match="neither milvus nor milvus"):
        backend_at("faiss")
