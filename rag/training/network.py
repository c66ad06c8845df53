"""The reader's network: the sentence encoder's transformer with a score for starting and for ending at each token."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel
from transformers.utils import logging

from index.encoder.compiled import padded
from index.encoder.encoder import BUNDLED, model_folder
from rag.reader.window import InputRow


class SpanNetwork(nn.Module):
    """Start and end logits for every token, shape (rows, tokens, 2); those of `[CLS]` stand for no answer."""

    def __init__(self) -> None:
        super().__init__()
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        # Not fused attention: on a CPU its backward pass takes four times the plain one's time at these lengths.
        self.bert = BertModel.from_pretrained(
            model_folder(BUNDLED), add_pooling_layer=False, attn_implementation="eager", local_files_only=True
        )
        self.head = nn.Linear(self.bert.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # two passes over the data do not overfit, and it costs a third of the time

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        logits: Tensor = self.head(states.last_hidden_state)
        return logits


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
