"""Weights that come back out of the reader that ships compute what it computes."""

import numpy as np
import pytest
import torch

from index.encoder.compiled import quiet_openvino
from rag.reader.read import SHIPPED
from rag.reader.window import Rows
from rag.training.network import SpanNetwork, bundled_tokenizer, tensors
from rag.training.recover import recovered

QUESTION, TITLE = "Who steers the ferry?", "The ferry"
TEXT = "The ferry Osprey left at nine. Captain Mara Lindqvist stood at the wheel, and two officers kept the watch."


@pytest.mark.model
def test_the_recovered_network_gives_the_logits_of_the_reader_but_for_the_rounding():
    network = SpanNetwork()
    network.load_state_dict(recovered(SHIPPED))
    rows = Rows(bundled_tokenizer())
    inputs = tensors([rows.row(*rows.tokens([QUESTION, TITLE, TEXT]))])
    with torch.no_grad():
        plain = network.eval()(**inputs).numpy()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = quiet_openvino().Core().compile_model(str(SHIPPED / "model.xml"), "CPU", exact)
    shipped = compiled({name: tensor.numpy() for name, tensor in inputs.items()})[0]
    assert np.corrcoef(plain.ravel(), shipped.ravel())[0, 1] > 0.999
    assert np.abs(plain - shipped).max() < 0.5
