"""Networks in int8."""

import numpy as np

from index.encoder.compiled import quiet_openvino
from index.encoder.quantise import quantised


def test_a_network_is_quantised_without_a_word(capfd):
    openvino = quiet_openvino()
    ops = openvino.opset13
    numbers = np.random.default_rng(0)
    given = ops.parameter([-1, 64], np.float32, name="given")
    weights = ops.constant(numbers.standard_normal((64, 64)).astype(np.float32))
    plain = openvino.Model([ops.matmul(given, weights, False, True)], [given])
    rows = numbers.standard_normal((20, 8, 64)).astype(np.float32)
    small = quantised(plain, [{"given": row} for row in rows])
    assert capfd.readouterr() == ("", "")
    exact, rounded = (openvino.compile_model(network, "CPU")(rows[0])[0] for network in (plain, small))
    assert not np.array_equal(exact, rounded)
    assert np.corrcoef(exact.ravel(), rounded.ravel())[0, 1] > 0.999
