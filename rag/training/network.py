"""The readers' networks: a transformer with a score for starting and for ending at each token.

The fast reader is the sentence encoder's transformer, the careful one the lowest layers of MPNet's. Both take the rows
of one tokenizer.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel, MPNetConfig, MPNetModel
from transformers.utils import logging

from index.encoder.compiled import padded
from index.encoder.encoder import BUNDLED, model_folder
from rag.reader.window import InputRow

LAYERS = 9  # of MPNet's 12: as many as int8 keeps under 90 MB
FROZEN_LAYERS = 3  # the lowest keep their weights: fine-tuning changes them least (Lee et al. 2019)
_MPNET_NAMES = {"[PAD]": "<pad>", "[UNK]": "[UNK]", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
_SEGMENTS = 2


class SpanNetwork(nn.Module):
    """Start and end logits for every token, shape (rows, tokens, 2); those of `[CLS]` stand for no answer."""

    def __init__(self) -> None:
        super().__init__()
        _quiet()
        # Not fused attention: on a CPU its backward pass takes four times the plain one's time at these lengths.
        self.bert = BertModel.from_pretrained(
            model_folder(BUNDLED), add_pooling_layer=False, attn_implementation="eager", local_files_only=True
        )
        self.head = _head(self.bert.config.hidden_size)
        _without_dropout(self)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        logits: Tensor = self.head(states.last_hidden_state)
        return logits


class CarefulNetwork(nn.Module):
    """The same logits from MPNet, with its words in the order of BERT's vocabulary, and with segments."""

    def __init__(self, encoder: Path | None = None) -> None:
        """With the weights of all-mpnet-base-v2, unpacked in the folder `encoder`; without it they are to be loaded."""
        super().__init__()
        _quiet()
        words = bundled_tokenizer().get_vocab_size()
        config = MPNetConfig(
            vocab_size=words, num_hidden_layers=LAYERS, max_position_embeddings=514, layer_norm_eps=1e-5
        )
        self.mpnet = MPNetModel(config, add_pooling_layer=False)
        self.segments = nn.Embedding(_SEGMENTS, config.hidden_size)
        nn.init.zeros_(self.segments.weight)
        self.head = _head(config.hidden_size)
        _without_dropout(self)
        if encoder:
            self._load(encoder)

    def _load(self, folder: Path) -> None:
        state = load_file(folder / "model.safetensors")
        known = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
        vocabulary = bundled_tokenizer().get_vocab()
        order = torch.zeros(len(vocabulary), dtype=torch.long)
        for word, place in vocabulary.items():
            order[place] = known[_MPNET_NAMES.get(word, word)]
        name = "embeddings.word_embeddings.weight"
        state[name] = state[name][order]
        wanted = self.mpnet.state_dict()
        self.mpnet.load_state_dict({name: state[name] for name in wanted})
        encoder = self.mpnet.encoder
        kept = [self.mpnet.embeddings, self.segments, encoder.relative_attention_bias, *encoder.layer[:FROZEN_LAYERS]]
        for module in kept:
            module.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        embedded = self.mpnet.embeddings.word_embeddings(input_ids) + self.segments(token_type_ids)
        places = torch.arange(input_ids.shape[1], device=input_ids.device).expand_as(input_ids)
        states = self.mpnet(
            inputs_embeds=embedded,
            attention_mask=attention_mask,
            position_ids=places + self.mpnet.config.pad_token_id + 1,
        )
        logits: Tensor = self.head(states.last_hidden_state)
        return logits


def new_network(encoder: Path | None, seed: int) -> SpanNetwork | CarefulNetwork:
    """The careful reader's network where `encoder` is MPNet's folder, else the fast one's; the seed is of its head."""
    torch.manual_seed(seed)
    return CarefulNetwork(encoder) if encoder else SpanNetwork()


def _quiet() -> None:
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _head(width: int) -> nn.Linear:
    head = nn.Linear(width, 2)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


def _without_dropout(network: nn.Module) -> None:
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # two passes over the data do not overfit, and it costs a third of the time


def bundled_tokenizer() -> Tokenizer:
    """The tokenizer of the sentence encoder."""
    return Tokenizer.from_file(str(Path(model_folder(BUNDLED)) / "tokenizer.json"))


def tensors(rows: list[InputRow], device: str = "cpu") -> dict[str, Tensor]:
    """The network's inputs for some rows, padded to the longest, each (rows, tokens), int64."""
    columns = [row.columns for row in rows]
    return {name: torch.from_numpy(array).to(device) for name, array in padded(columns, [*columns[0]]).items()}


def answerable_tokens(rows: list[InputRow], width: int) -> Tensor:
    """Where an answer may start or end: the passage's tokens, and `[CLS]` for none; bool, (rows, width)."""
    allowed = torch.zeros((len(rows), width), dtype=torch.bool)
    allowed[:, 0] = True
    for number, row in enumerate(rows):
        allowed[number, row.offset : len(row.ids) - 1] = True
    return allowed
