import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoder import encoder as encoder_module
from index.encoder.encoder import (
    BUNDLED,
    EncoderCard,
    OpenVINOEncoder,
    PromptedEncoder,
    UnknownEncoder,
    compiled_folder,
    model_folder,
)
from index.manifest import CHUNKING

TEXTS = [
    "The ferry ran aground.", "Le bac s’est échoué sur un banc de sable.", "Who commands Africom?", "x", "", "🦀🦀", "沈んだ。",
    "A longer passage. " * 12, "The cannery will close in June, and ninety people will lose their work. " * 5,
    "Numbers: 3.14, 2,000 and 50%.", "word " * 400,
]  # fmt: skip
SENTENCES = [0, 1, 2, 7, 8, 9]


def test_a_card_comes_back_as_saved_and_names_its_weights(tmp_path):
    card = EncoderCard("e5 – small", "abc", 384, 512, "query: ", "passage: ")
    card.save(tmp_path / "encoder.json")
    assert EncoderCard.read(tmp_path / "encoder.json") == card
    assert card.identity == "e5 – small@abc"
    assert json.loads((tmp_path / "encoder.json").read_text(encoding="utf-8"))["query_prompt"] == "query: "


def test_each_model_is_compiled_into_a_folder_of_its_own(tmp_path):
    model = tmp_path / "a" / "model"
    model.mkdir(parents=True)
    (model / "weights").write_text("1")
    bundled, folder = compiled_folder(BUNDLED, tmp_path), compiled_folder(str(model), tmp_path)
    assert bundled.parent == folder.parent == tmp_path / "encoders"
    assert bundled.name.startswith("all-MiniLM-L6-v2-")
    assert folder.name.startswith("model-")
    assert compiled_folder("org/model", tmp_path) != folder
    assert compiled_folder(str(model), tmp_path) == folder
    os.utime(model / "weights", ns=(1, 1))
    assert compiled_folder(str(model), tmp_path) != folder


def test_any_other_name_is_left_to_sentence_transformers():
    assert model_folder("org/model") == "org/model"
    assert model_folder(BUNDLED).endswith("model")


@pytest.fixture(scope="module")
def encoder(cache):
    return OpenVINOEncoder(compiled_folder(BUNDLED, cache), cache)


@pytest.fixture(scope="module")
def by_torch():
    from index.encoder.compile import TorchEncoder

    return TorchEncoder(BUNDLED)


@pytest.mark.model
def test_openvino_gives_torchs_embeddings_nearly(encoder, by_torch):
    compiled, plain = encoder.encode_passages(TEXTS), by_torch.encode_passages(TEXTS)
    assert compiled.shape == plain.shape == (len(TEXTS), 384)
    cosines = np.sum(compiled * plain, axis=1)
    assert cosines.min() > 0.96  # of what nobody writes
    assert 0.99 < cosines[SENTENCES].min() < 0.9999  # in int8, not as torch
    assert encoder.encode_query("Who sank?") @ by_torch.encode_query("Who sank?") > 0.99
    assert encoder.card == by_torch.card
    assert encoder.card.dimension == 384
    assert encoder.card.max_tokens == 256


@pytest.mark.model
def test_a_batch_gives_what_one_by_one_gives_within_a_hundredth(encoder):
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-2
    assert np.sum(together * alone, axis=1).min() > 0.999


@pytest.mark.model
def test_rows_are_unit_float32_in_the_order_of_the_texts(encoder):
    rows = encoder.encode_passages(TEXTS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for number, text in enumerate(TEXTS):
        assert int(np.argmax(rows @ encoder.encode_query(text))) == number


@pytest.mark.model
def test_no_texts_give_no_rows(encoder, by_torch):
    assert encoder.encode_passages([]).shape == by_torch.encode_passages([]).shape == (0, 384)
    assert encoder.count_tokens([]) == by_torch.count_tokens([]) == []


@pytest.mark.model
def test_tokens_are_counted_without_marks_and_without_end(encoder, by_torch):
    counted = encoder.count_tokens(
        ["The ferry ran aground.", "", "word " * 400, "soft\u00adhyphen", "unbelievable", "\u00ad"]
    )
    assert counted == by_torch.count_tokens(
        ["The ferry ran aground.", "", "word " * 400, "soft\u00adhyphen", "unbelievable", "\u00ad"]
    )
    assert counted == [5, 0, 400, counted[3], 1, 0]


@pytest.mark.model
def test_what_is_past_the_last_token_does_not_count(encoder):
    full = "word " * 254  # and the two marks: 256
    assert encoder.encode_query(full) @ encoder.encode_query(full + "ferry aground") == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode_query("word " * 250) @ encoder.encode_query("word " * 250 + "ferry aground") < 0.9999


@pytest.mark.model
def test_threads_get_what_one_gets(encoder):
    alone = [encoder.encode_query(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(encoder.encode_query, TEXTS * 3))
    for number, row in enumerate(together):
        assert row @ alone[number % len(TEXTS)] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.model
def test_an_encoder_can_be_let_go_right_after_it_was_used(cache):
    # With Python callbacks on OpenVINO's threads the first or second of these hung for ever.
    script = (
        "import sys; from pathlib import Path; from index.encoder.encoder import BUNDLED, OpenVINOEncoder, compiled_folder\n"
        "cache = Path(sys.argv[1])\n"
        "for turn in range(10): OpenVINOEncoder(compiled_folder(BUNDLED, cache), cache).encode_passages(['The ferry.'] * 40)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", script, str(cache)], cwd=root, timeout=60, check=False).returncode == 0


@pytest.mark.model
def test_a_folder_without_a_model_is_an_unknown_encoder(tmp_path):
    from index.encoder.compile import compile_encoder

    (tmp_path / "empty").mkdir()
    with pytest.raises(
        UnknownEncoder,
        match=r"^The encoder '.*empty' could not be loaded \(.+\); set PULLQUOTE_ENCODER to 'all-MiniLM-L6-v2'",
    ):
        compile_encoder(str(tmp_path / "empty"), tmp_path, CHUNKING)
    assert not (tmp_path / "encoders").exists()


@pytest.mark.model
def test_a_second_compiling_leaves_the_first_in_place(cache, monkeypatch):
    from index.encoder import compile as compiling

    monkeypatch.setattr(compiling, "quantised", lambda network, *_, **__: network)  # the first was, and it takes long
    folder = compiled_folder(BUNDLED, cache)
    before = (folder / "model.bin").stat().st_mtime_ns
    assert compiling.compile_encoder(BUNDLED, cache, CHUNKING) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == before
    assert list(folder.parent.glob(".making-*")) == []


@pytest.mark.model
@pytest.mark.parametrize("fails", [False, True])
def test_a_model_that_int8_spoils_computes_as_torch_does(by_torch, tmp_path, monkeypatch, fails):
    from index.encoder import compile as compiling

    openvino = compiling.quiet_openvino()

    def spoilt(network, inputs, is_any_kind):
        assert len(inputs) > 100
        if fails:
            raise RuntimeError
        other = network.clone()
        turned = openvino.opset13.negative(other.results[0].input_value(0))
        return openvino.Model([turned], other.get_parameters())

    monkeypatch.setattr(compiling, "quantised", spoilt)
    encoder = OpenVINOEncoder(compiling.compile_encoder(BUNDLED, tmp_path, CHUNKING), tmp_path)
    assert np.sum(encoder.encode_passages(TEXTS) * by_torch.encode_passages(TEXTS), axis=1).min() > 0.9999
    assert [path.name for path in (tmp_path / "encoders").iterdir()] == [compiled_folder(BUNDLED, tmp_path).name]


class SmallBatches:
    """The bundled model's tokenizer, which keeps how many characters it was given at a time."""

    def __init__(self):
        self.tokenizer = Tokenizer.from_file(str(Path(model_folder(BUNDLED)) / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.most = 0

    def encode_batch_fast(self, texts, **options):
        self.most = max(self.most, sum(map(len, texts)))
        return self.tokenizer.encode_batch_fast(texts, **options)


class Counter(PromptedEncoder):
    """An encoder that only counts."""

    def __init__(self):
        self._counter = SmallBatches()

    def _encode(self, texts):
        raise NotImplementedError


pieces = st.sampled_from(
    ["word ", "Harbour-master's ", "3.14\t", "港の船 ", "🦀🦀\n", "e\u0301te\u0301 ", "a\u00a0b ", "(!?) ", "ไทย ", "한국어\n\n", "so\u00adft "]
)  # fmt: skip


@given(st.lists(st.lists(pieces, max_size=60).map("".join), max_size=6))
@settings(max_examples=100, deadline=None)
def test_tokens_are_counted_in_slices_as_in_the_whole(texts):
    counter = Counter()
    whole = counter._counter.tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder_module, "_COUNTED_AT_ONCE", 60)
        patch.setattr(encoder_module, "_SOUGHT_SPACE", 50)
        assert counter.count_tokens(texts) == [len(one.ids) for one in whole]


def test_no_more_characters_are_tokenized_together_than_memory_is_for(monkeypatch):
    monkeypatch.setattr(encoder_module, "_COUNTED_AT_ONCE", 1_000)
    counter = Counter()
    assert counter.count_tokens(["a " * 5_000, "港" * 5_000, "word " * 100, "x" * 5_000]) == [5_000, 5_000, 100, 5]
    assert counter._counter.most < 2_000
