"""The reader that ships as a checkpoint that Hugging Face's transformers reads, for the neighbours to read with."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import BertConfig, BertForQuestionAnswering
from transformers.utils import logging

from index.encoder.encoder import BUNDLED, model_folder
from rag.training.recover import recovered

_MARKS = {
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "mask_token": "[MASK]",
}
_TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",  # BERT's own makes its own rows, whatever tokenizer.json says
    "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
    "model_max_length": 512,
    **_MARKS,
}
_SEGMENTS = 0, 1


def write_checkpoint(reader: Path, folder: Path) -> Path:
    """The folder, with the weights of an exported reader in float32 and a tokenizer that makes the rows it has learned.

    What it computes differs from what the reader does by the rounding to int8.
    """
    logging.disable_progress_bar()
    encoder = Path(model_folder(BUNDLED))
    config = BertConfig.from_pretrained(encoder)
    config.architectures = ["BertForQuestionAnswering"]
    network = BertForQuestionAnswering(config)
    state = {name.replace("head.", "qa_outputs."): weight for name, weight in recovered(reader).items()}
    _load(network, state)
    folder.mkdir(parents=True, exist_ok=True)
    network.save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps(_TOKENIZER), encoding="utf-8")
    (folder / "tokenizer.json").write_text(_tokenizer(reader / "tokenizer.json"), encoding="utf-8")
    return folder


def _load(network: BertForQuestionAnswering, state: dict[str, torch.Tensor]) -> None:
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or any("position_ids" not in name and "token_type_ids" not in name for name in missing):
        raise ValueError(f"the reader is not a BERT with a head for spans: {missing or unexpected}")


def _tokenizer(path: Path) -> str:
    """The tokenizer with the reader's rows: `[CLS] question [SEP] [SEP] passage [SEP]`, where the title is none."""
    record = json.loads(path.read_text(encoding="utf-8"))
    question, passage = _SEGMENTS
    mark = {"id": "[SEP]", "type_id": question}
    record["post_processor"]["pair"] = [
        {"SpecialToken": {"id": "[CLS]", "type_id": question}},
        {"Sequence": {"id": "A", "type_id": question}},
        {"SpecialToken": mark},
        {"SpecialToken": mark},
        {"Sequence": {"id": "B", "type_id": passage}},
        {"SpecialToken": {"id": "[SEP]", "type_id": passage}},
    ]
    return json.dumps(record | {"truncation": None, "padding": None})
