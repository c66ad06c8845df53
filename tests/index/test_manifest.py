import json

import pytest

from corpus.chunk import Chunking
from corpus.library.database import DamagedState
from index.manifest import (
    DamagedManifest,
    Manifest,
    StaleIndex,
    check,
    check_readable,
    check_writable,
    fitted,
    record,
    recorded,
)
from tests.fakes import HashEncoder

BUILT = Manifest("hash@000000000000", 256, 160, 0, titled=False)


def write(library, manifest=BUILT):
    with library.writing():
        record(library, manifest)


def test_a_new_library_has_no_manifest_and_takes_any(library):
    assert recorded(library) is None
    check_readable(library, "any@1")
    check_writable(library, BUILT)


def test_a_manifest_comes_back_as_written_and_names_what_it_is(library):
    write(library)
    assert recorded(library) == BUILT
    assert json.loads(library.state("manifest"))["size"] == 160
    assert BUILT.chunking == Chunking(160, 0)
    assert str(BUILT) == "encoder hash@000000000000, 160 tokens, overlap 0, title left out"
    assert BUILT.passages == "160 tokens, overlap 0, title left out"
    assert Manifest("e", 8, 90, 10, titled=False).passages == "90 tokens, overlap 10, title left out"
    assert Manifest("e", 8, 90, 10, titled=True).passages == "90 tokens, overlap 10, title in front"


def test_another_encoder_neither_reads_nor_writes(library):
    write(library)
    sentence = (
        rf"^The library {library.path} was built with the encoder hash@000000000000, and the settings give other@1; "
        r"set PULLQUOTE_ENCODER=hash, or bring the library up to date with `pullquote reindex`\.$"
    )
    with pytest.raises(StaleIndex, match=sentence):
        check_readable(library, "other@1")
    with pytest.raises(StaleIndex, match=sentence):
        check_writable(library, Manifest("other@1", 256, 160, 0, titled=True))


def test_other_weights_under_the_same_name_are_another_encoder(library):
    write(library)
    with pytest.raises(StaleIndex, match=r"give hash@1; bring the library up to date with `pullquote reindex`"):
        check_readable(library, "hash@1")


@pytest.mark.parametrize("now", [
    Manifest("hash@000000000000", 256, 120, 0, titled=False), Manifest("hash@000000000000", 256, 160, 20, titled=False),
    Manifest("hash@000000000000", 256, 160, 0, titled=True),
])  # fmt: skip
def test_other_passages_can_be_read_but_not_added_to(library, now):
    write(library)
    check_readable(library, now.encoder)
    with pytest.raises(StaleIndex) as stale:
        check_writable(library, now)
    assert str(stale.value) == (
        f"The library {library.path} was built with passages of {BUILT.passages}, and these were cut to {now.passages}; "
        "add them again, or change the library's passages with `pullquote reindex`."
    )


def test_passages_are_no_longer_than_the_encoder_reads_with_a_title_in_front():
    encoder = HashEncoder()
    assert fitted(encoder.card) == BUILT
    assert fitted(encoder.card, Chunking(300, 0)).size == 254
    assert fitted(encoder.card, Chunking(250, 0), titled=True).size == 206
    short = HashEncoder()
    short.card = type(short.card)("short", "0", 256, max_tokens=128)
    assert fitted(short.card).size == 126
    assert fitted(short.card, Chunking(100, 90), titled=True).size == 78
    assert fitted(short.card, Chunking(100, 90), titled=True).overlap == 77


@pytest.mark.parametrize("stored", [
    "{", "[]", "null", "7", '"manifest"', "{}", "[" * 100_000, '{"encoder": "e"}', "\x00",
    json.dumps({"encoder": "e", "dimension": "8", "size": 90, "overlap": 0, "titled": False}),
    json.dumps({"encoder": "e", "dimension": -8, "size": 90, "overlap": 0, "titled": False}),
    json.dumps({"encoder": "e", "dimension": 8, "size": float("nan"), "overlap": 0, "titled": False}),
    json.dumps({"encoder": "e", "dimension": 8, "size": 90, "overlap": 90, "titled": False}),
    json.dumps({"encoder": ["e"], "dimension": 8, "size": 90, "overlap": 0, "titled": False}),
    json.dumps({"encoder": "e", "dimension": 8, "size": 90, "overlap": 0, "titled": 0}),
    json.dumps({"encoder": "e", "dimension": 8, "size": 90, "overlap": 0, "titled": False, "more": 1}),
])  # fmt: skip
def test_a_manifest_that_is_none_is_a_sentence_and_never_taken_for_absent(library, stored):
    write(library)
    library.set_state("manifest", stored)
    with pytest.raises(DamagedManifest, match=r"restore FILE --force` puts a backup in its place\.$"):
        check_readable(library, "e")
    assert len(list(check(library))) == 1


@pytest.mark.parametrize("generation", ["x", "1e3", "nan", "9" * 5000, "-", "[1]"])
def test_a_generation_that_is_no_number_is_a_sentence(library, generation):
    library.set_state("generation", generation)
    with pytest.raises(DamagedState, match="change counter"):
        _ = library.generation
