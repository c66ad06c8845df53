"""The teacher's logits are beside the rows that they are of."""

import numpy as np
import pytest

from index.encoder.compiled import BatchLimits, CompiledNetwork
from rag.reader.read import SHIPPED
from rag.reader.window import Rows
from rag.training.network import bundled_tokenizer
from rag.training.rows import ExampleMix, RowBuilder
from rag.training.schedule import Schedule, TrainingStage
from rag.training.teacher import TaughtSchedule
from tests.rag.training.test_calibrate import EXAMPLES


@pytest.mark.model
def test_each_row_of_a_batch_has_the_logits_that_the_teacher_gives_it(tmp_path):
    stages = [TrainingStage(ExampleMix(clip=48), {"made": 1.0})]
    schedule = Schedule(EXAMPLES, stages, RowBuilder(Rows(bundled_tokenizer())), 1)
    taught = TaughtSchedule(schedule, SHIPPED, tmp_path)
    assert (taught.pools, taught.digest) == (schedule.pools, schedule.digest)
    network = CompiledNetwork(SHIPPED / "model.xml", tmp_path)
    rows = 0
    for batch, plain in zip(taught.pool(0), schedule.pool(0), strict=True):
        assert batch.targets == plain.targets
        assert len(batch.taught) == len(batch.targets)
        for target, logits in zip(batch.targets, batch.taught, strict=True):
            (alone,) = network.run([target.row.columns], BatchLimits(1, 1024))
            assert logits.shape == (len(target.row.ids), 2)
            assert np.array_equal(logits, alone[: len(target.row.ids)])
            rows += 1
    assert rows == len(EXAMPLES)
