import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.web.content_encoding import BadEncoding, decompressed


def raw(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {"gzip": gzip.compress, "X-GZIP ": gzip.compress, "deflate": zlib.compress, "Deflate": raw}


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKED)), st.integers(1, 900), st.integers(0, 5))
def test_a_body_is_unpacked_however_it_is_cut(data, encoding, length, behind):
    packed = PACKED[encoding](data) + b"\n" * behind
    pieces = [packed[at : at + length] for at in range(0, len(packed), length)]
    assert b"".join(decompressed(pieces, encoding)) == data


@pytest.mark.parametrize("encoding", ["", "identity", " Identity"])
def test_a_body_that_is_not_packed_stays_as_it_is(encoding):
    assert list(decompressed([b"a", b"b"], encoding)) == [b"a", b"b"]
    assert list(decompressed([], "gzip")) == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_small_piece_becomes_many_and_none_is_large(encoding):
    packed = PACKED[encoding](bytes(50 * 2**20))
    assert len(packed) < 2**16
    sizes = [len(piece) for piece in decompressed([packed], encoding)]
    assert (max(sizes), sum(sizes)) == (2**16, 50 * 2**20)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,br", "compress"])
def test_what_was_not_asked_for_is_not_unpacked(encoding):
    with pytest.raises(BadEncoding, match=f"packed as '{encoding}', which was not asked for"):
        decompressed([b"x"], encoding)


def test_a_broken_compression_is_reported():
    with pytest.raises(BadEncoding, match="its packing is broken"):
        list(decompressed([b"\x1f\x8b\x08\x00broken and more"], "gzip"))
