"""The careful reader's network has MPNet's weights, for the rows of BERT's tokenizer."""

import json

import pytest
import torch
from safetensors.torch import save_file
from transformers import MPNetConfig, MPNetModel

from rag.reader.window import Rows
from rag.training import network
from rag.training.network import CarefulNetwork, bundled_tokenizer, tensors

MARKS = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A folder as all-mpnet-base-v2's, of one layer, whose vocabulary is in another order than BERT's."""
    folder = tmp_path_factory.mktemp("mpnet")
    words = bundled_tokenizer().get_vocab()
    known = {MARKS.get(word, word): len(words) - 1 - place for word, place in words.items()}
    tokenizer = json.loads(bundled_tokenizer().to_str())
    tokenizer["model"]["vocab"] = known
    tokenizer["added_tokens"] = []
    tokenizer["post_processor"] = None
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    torch.manual_seed(1)
    config = MPNetConfig(vocab_size=len(words), num_hidden_layers=1, max_position_embeddings=514, layer_norm_eps=1e-5)
    model = MPNetModel(config).eval()
    save_file(model.state_dict(), folder / "model.safetensors")
    return folder, model, known


@pytest.fixture
def careful(source, monkeypatch):
    monkeypatch.setattr(network, "LAYERS", 1)
    return CarefulNetwork(source[0]).eval()


def row(*texts):
    rows = Rows(bundled_tokenizer())
    return rows.row(*rows.tokens(list(texts)))


@pytest.mark.model
def test_each_word_has_the_weights_that_it_has_in_mpnet(source, careful):
    _, model, known = source
    words, theirs = careful.mpnet.embeddings.word_embeddings.weight, model.embeddings.word_embeddings.weight
    for word, place in bundled_tokenizer().get_vocab().items():
        if place % 997 == 0 or word in MARKS:
            assert torch.equal(words[place], theirs[known[MARKS.get(word, word)]])


@pytest.mark.model
def test_the_states_are_mpnet_s_before_the_segments_have_learnt_anything(source, careful):
    _, model, known = source
    one = row("Who steers?", "", "Mara steers the ferry.")
    words = bundled_tokenizer()
    theirs = [known[MARKS.get(words.id_to_token(token), words.id_to_token(token))] for token in one.ids]
    with torch.no_grad():
        expected = model(
            input_ids=torch.tensor([theirs]), position_ids=torch.arange(2, 2 + len(theirs))[None]
        ).last_hidden_state
        assert torch.allclose(careful(**tensors([one])), careful.head(expected), atol=1e-4)


@pytest.mark.model
def test_a_row_has_the_same_logits_beside_a_longer_one(careful):
    one, longer = row("Who?", "", "Mara steers."), row("Who?", "The ferry", "Mara Lindqvist steers the ferry Osprey.")
    with torch.no_grad():
        alone, beside = careful(**tensors([one]))[0], careful(**tensors([one, longer]))[0]
    assert torch.allclose(alone, beside[: len(one.ids)], atol=1e-4)


@pytest.mark.model
def test_segments_are_told_apart(careful):
    inputs = tensors([row("Who?", "", "Mara steers.")])
    with torch.no_grad():
        before = careful(**inputs)
        careful.segments.weight[1] += torch.arange(768.0)
        assert not torch.allclose(before, careful(**inputs), atol=1e-3)
