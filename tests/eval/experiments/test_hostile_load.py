import asyncio
import os
import sys

from eval.experiments import hostile_load
from eval.experiments.hostile_load import Attack, under_attack
from eval.experiments.load import run_clients
from rag.api.app import create_app
from rag.client import Pullquote
from tests.eval.experiments.test_load import QUESTIONS
from tests.rag.api.conftest import settings
from tests.rag.api.serving import serving
from tests.rag.conftest import library, pipeline  # noqa: F401  # fixtures


def test_honest_clients_are_answered_under_attack_and_the_library_is_as_before(pipeline):  # noqa: F811
    async def attacked(address, article):
        target = hostile_load._Target(address, article)
        async with under_attack(target, Attack(idle=5, slow=2, locating=1, words=0)):
            found = await run_clients(address, QUESTIONS, 2, 3.0)
        return target, found

    with serving(create_app(pipeline, settings(rate=0, threshold=0.02))) as address, Pullquote(address) as service:
        before = [article.id for article in service.articles()]
        target, found = asyncio.run(attacked(address, before[0]))
        assert [client.faults for client in found.clients] == [[], []]
        assert {"articles added and deleted", "locate: 200"} <= set(target.outcomes)
        left = {article.title for article in service.articles() if article.id not in before}
        assert all(title.startswith("Harbour notice") for title in left)  # the one that was being added at the end
        assert len(left) <= 1
    if sys.platform == "linux":
        assert set(hostile_load._held(os.getpid())) == {"descriptors", "resident_mb"}
