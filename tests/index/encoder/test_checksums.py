"""The files of a model, and what OpenVINO compiles of them: a byte that is changed is found before it is used."""

import os
import random
import shutil

import numpy as np
import pytest

from index.encoder.blob_cache import BlobCache, is_whole
from index.encoder.checksums import CHECKSUMS, DamagedModel, check_files, checksum, write_checksums
from index.encoder.compiled import BatchLimits, CompiledNetwork
from index.encoder.encoder import BUNDLED, OpenVINOEncoder, compiled_folder
from rag.assemble import encoder_card, open_encoder
from rag.reader.read import SHIPPED, SpanReader
from rag.settings import Settings

NAMES = ("model.xml", "model.bin", "reader.json", "tokenizer.json")
ROW = {"input_ids": [101, 2040, 2003, 102]}


def flip(path, chance):
    """Changes one byte of a file, and leaves its time as it was."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    path.chmod(0o600)
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(NAMES):
        (tmp_path / name).write_bytes(bytes([number]) * 2000)
    write_checksums(tmp_path)
    return tmp_path


def test_every_byte_that_is_changed_is_found_and_its_file_named(folder):
    chance = random.Random(1)
    check_files(folder, NAMES)
    for _ in range(50):
        for name in (*NAMES, CHECKSUMS):
            whole = (folder / name).read_bytes()
            flip(folder / name, chance)
            with pytest.raises(DamagedModel) as told:
                check_files(folder, NAMES)
            assert name in {CHECKSUMS, told.value.path.name}
            (folder / name).write_bytes(whole)
    check_files(folder, NAMES)


@pytest.mark.parametrize("name", [*NAMES, CHECKSUMS])
def test_a_file_that_is_gone_or_a_folder_is_damaged(folder, name):
    (folder / name).unlink()
    with pytest.raises(DamagedModel, match=name):
        check_files(folder, NAMES)
    (folder / name).mkdir()
    with pytest.raises(DamagedModel, match=name):
        check_files(folder, NAMES)


def test_the_reader_that_ships_is_whole():
    check_files(SHIPPED, NAMES)


@pytest.mark.parametrize("name", [*NAMES, CHECKSUMS])
def test_a_reader_that_is_damaged_is_refused_with_the_name_of_the_file(tmp_path, monkeypatch, name):
    copy = tmp_path / "reader"
    shutil.copytree(SHIPPED, copy)
    monkeypatch.setattr("rag.reader.read.SHIPPED", copy)
    flip(copy / name, random.Random(2))
    with pytest.raises(DamagedModel, match=r"is damaged .*install Pullquote again"):
        SpanReader(copy, tmp_path)


def test_a_card_that_is_none_is_refused(tmp_path):
    for name in NAMES:  # exported before there were checksums
        shutil.copyfile(SHIPPED / name, tmp_path / name)
    for content in (b"[1]", b"{}", b"\xff", b"[" * 100_000, b'{"name": "span", "threshold": 1, "calibration": 1}'):
        (tmp_path / "reader.json").write_bytes(content)
        with pytest.raises(DamagedModel, match=r"reader\.json is damaged"):
            SpanReader(tmp_path, tmp_path / "cache")


@pytest.fixture
def network(cache, tmp_path):
    """The folder of a network, and that of its one blob."""
    model = tmp_path / "model"
    shutil.copytree(compiled_folder(BUNDLED, cache), model)
    run(model, tmp_path)
    (blob,) = (tmp_path / "openvino").glob("*/*.blob")
    return model, blob


def run(model, cache):
    return CompiledNetwork(model / "model.xml", cache, 1).run([ROW], BatchLimits(1, 64))[0]


@pytest.mark.model
def test_a_blob_that_was_changed_is_compiled_again(network, tmp_path):
    model, blob = network
    right = run(model, tmp_path)
    for seed in range(2):
        flip(blob, random.Random(seed))
        assert np.array_equal(run(model, tmp_path), right)
        assert is_whole(blob)


@pytest.mark.model
def test_a_checksum_that_was_changed_costs_the_blob_and_nothing_else(network, tmp_path):
    model, blob = network
    right = run(model, tmp_path)
    for content in (b"", b"\xff", b"a b", b"x\ny\n"):
        blob.with_suffix(".sha256").write_bytes(content)
        assert np.array_equal(run(model, tmp_path), right)
        assert is_whole(blob)


@pytest.mark.model
def test_a_blob_that_is_as_it_was_is_not_read_again(network, tmp_path, monkeypatch):
    model, blob = network
    read = []
    monkeypatch.setattr("index.encoder.blob_cache.checksum", lambda path: read.append(path) or "")
    BlobCache(model, tmp_path, 1).check_network()
    assert read == []
    os.utime(blob)
    BlobCache(model, tmp_path, 1)
    assert read == [blob]


@pytest.mark.model
@pytest.mark.parametrize("name", ["model.bin", "model.xml"])
def test_a_network_that_was_changed_is_not_compiled(network, tmp_path, name):
    model, blob = network
    flip(model / name, random.Random(3))
    run(model, tmp_path)  # the blob is of the files as they were
    blob.unlink()
    with pytest.raises(DamagedModel, match=name):
        run(model, tmp_path)


@pytest.mark.model
def test_where_no_blob_can_be_kept_the_network_is_compiled_each_time(network, tmp_path):
    model, _ = network
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "openvino").write_text("a file in its place")
    assert np.array_equal(run(model, tmp_path / "cache"), run(model, tmp_path))


@pytest.mark.model
@pytest.mark.parametrize("name", ["encoder.json", "tokenizer.json", "model.bin", CHECKSUMS])
def test_an_encoder_that_is_damaged_is_compiled_again_with_a_notice(cache, tmp_path, monkeypatch, name):
    whole, folder = compiled_folder(BUNDLED, cache), compiled_folder(BUNDLED, tmp_path)
    shutil.copytree(whole, folder)
    flip(folder / name, random.Random(4))
    # Compiling takes half a minute; what it would make is put there.
    monkeypatch.setattr("index.encoder.compile.compile_encoder", lambda *_: shutil.copytree(whole, folder))
    told = []
    settings = Settings(cache=tmp_path)
    encoder = open_encoder(settings, told.append)
    assert isinstance(encoder, OpenVINOEncoder)
    assert told[0] == f"The compiled encoder in {folder} is damaged, and is made again."
    assert encoder_card(settings) == encoder.card
    check_files(folder, ("model.xml", "model.bin", "encoder.json", "tokenizer.json"))


def test_verify_names_every_damaged_file_of_a_model_and_repair_takes_it_away(pullquote, cache, tmp_path, monkeypatch):
    folder, blob = compiled_folder(BUNDLED, tmp_path), tmp_path / "openvino" / "network" / "1.blob"
    shutil.copytree(compiled_folder(BUNDLED, cache), folder)
    monkeypatch.setenv("PULLQUOTE_CACHE", str(tmp_path))
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"compiled")
    blob.with_suffix(".sha256").write_text(f"{checksum(blob)}\nstamp\n")
    assert pullquote("verify").status == 0
    chance = random.Random(5)
    flip(folder / "model.bin", chance)
    flip(blob, chance)
    ran = pullquote("verify")
    assert ran.status == 2
    assert f"models: {folder / 'model.bin'} is damaged\nmodels: {blob} is damaged\n" in ran.out
    ran = pullquote("verify", "--repair")
    assert (ran.status, folder.exists(), blob.exists()) == (0, False, False)
    reader = tmp_path / "reader"
    shutil.copytree(SHIPPED, reader)
    monkeypatch.setattr("rag.reader.read._NAMED", {"fast": [reader]})
    flip(reader / "model.bin", chance)
    ran = pullquote("verify")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"The model's file {reader / 'model.bin'} is damaged")
