"""Weights in parts are joined once, and only where every part is as it was."""

import json
import os
import shutil
from dataclasses import asdict

import pytest

from index.encoder.checksums import DamagedModel, check_files, write_checksums
from rag.calibration import Calibration, ReaderCard
from rag.model_files import check_reader, damaged_compiled, discard
from rag.reader import weight_parts
from rag.reader.weight_parts import joined, parts_of, split
from rag.settings import Settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A model whose 25 bytes of weights are in three parts."""
    monkeypatch.setattr(weight_parts, "PART_BYTES", 10)
    made = tmp_path / "model"
    made.mkdir()
    (made / "model.bin").write_bytes(bytes(range(25)))
    for name in ("model.xml", "reader.json", "tokenizer.json"):
        (made / name).write_text(json.dumps(name))
    card = ReaderCard("made", 0.5, Calibration(1.0, 0.0))
    (made / "reader.json").write_text(json.dumps(asdict(card)))
    assert [part.name for part in split(made)] == ["model.bin.1", "model.bin.2", "model.bin.3"]
    write_checksums(made)
    return made


def test_parts_have_at_most_their_size_and_take_the_place_of_the_file(folder):
    assert [part.stat().st_size for part in parts_of(folder)] == [10, 10, 5]
    assert not (folder / "model.bin").exists()


def test_weights_that_are_small_stay_one_file(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"small")
    assert split(tmp_path) == []
    assert (tmp_path / "model.bin").read_bytes() == b"small"
    assert joined(tmp_path, tmp_path / "cache") == tmp_path


def test_joined_they_are_the_weights_again_with_checksums_of_their_own(folder, tmp_path):
    place = joined(folder, tmp_path / "cache")
    assert (place / "model.bin").read_bytes() == bytes(range(25))
    check_files(place, ("model.bin", "model.xml", "reader.json", "tokenizer.json"))
    stamp = (place / "model.bin").stat().st_mtime_ns
    assert joined(folder, tmp_path / "cache") == place
    assert (place / "model.bin").stat().st_mtime_ns == stamp  # not written again


def test_other_weights_have_another_place(folder, tmp_path):
    place = joined(folder, tmp_path / "cache")
    (folder / "model.bin.3").write_bytes(b"other")
    write_checksums(folder)
    assert joined(folder, tmp_path / "cache") != place


def test_a_damaged_part_is_told_of_and_nothing_is_joined(folder, tmp_path):
    (folder / "model.bin.2").write_bytes(b"0123456789")
    with pytest.raises(DamagedModel, match=r"model\.bin\.2"):
        joined(folder, tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("model.bin"))


def test_a_part_that_is_missing_is_told_of_and_nothing_is_joined(folder, tmp_path):
    (folder / "model.bin.3").unlink()
    with pytest.raises(DamagedModel, match=r"model\.bin\.3"):
        joined(folder, tmp_path / "cache")
    with pytest.raises(DamagedModel, match=r"model\.bin\.3"):
        check_reader(Settings(reader=str(folder)))
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(DamagedModel, match="SHA256SUMS"):
        joined(folder, tmp_path / "cache")


def test_parts_of_earlier_weights_are_taken_away(folder):
    (folder / "model.bin").write_bytes(b"smaller")
    assert split(folder) == parts_of(folder) == []
    assert (folder / "model.bin").read_bytes() == b"smaller"


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "reader.json"])
def test_what_was_joined_and_is_damaged_is_found_and_joined_again(folder, tmp_path, name):
    options = Settings(cache=tmp_path / "cache")
    whole = (joined(folder, options.cache) / name).read_bytes()
    assert list(damaged_compiled(options)) == []
    (joined(folder, options.cache) / name).write_bytes(b"damaged")
    damaged = list(damaged_compiled(options))
    assert [path.name for path in damaged] == [name]
    discard(damaged, options)
    assert (joined(folder, options.cache) / name).read_bytes() == whole


def test_what_was_cut_short_is_joined_again(folder, tmp_path):
    place = joined(folder, tmp_path / "cache")
    (place / "SHA256SUMS").unlink()
    (place / "model.bin").write_bytes(b"half")
    assert (joined(folder, tmp_path / "cache") / "model.bin").read_bytes() == bytes(range(25))


def test_without_a_cache_they_are_joined_in_a_temporary_folder(folder, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    place = joined(folder, tmp_path / "cache")
    assert (place / "model.bin").read_bytes() == bytes(range(25))
    assert os.path.commonpath([place, folder]) != str(folder)
    shutil.rmtree(place)


def test_ten_parts_are_joined_in_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(weight_parts, "PART_BYTES", 2)
    (tmp_path / "model.bin").write_bytes(bytes(range(23)))
    assert [part.name for part in split(tmp_path)] == [part.name for part in parts_of(tmp_path)]
    assert b"".join(part.read_bytes() for part in parts_of(tmp_path)) == bytes(range(23))
