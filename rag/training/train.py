"""Training: batches in, weights out, with checkpoints to resume from and a log to draw curves from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from corpus.errors import PullquoteError
from corpus.library.atomic_write import replacing
from rag.training.network import answerable_tokens, tensors
from rag.training.schedule import Batch, Schedule
from rag.training.teacher import TaughtSchedule

WEIGHTS = "weights.pt"
_AVERAGE_STEPS = 8  # between updates of the running mean
_MASKED = -1e4  # the logit of a token that may not be chosen


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """What is set by hand; `mean_decay` is that of the running mean of the weights, which is what is kept.

    The learning rate rises in the warm-up, and falls to 0 from there to the end where it decays.
    """

    seed: int = 1
    learning_rate: float = 1.6e-4
    warm_up: float = 0.03  # share of the schedule
    decays: bool = True
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    group_weight: float = 0.5
    taught_weight: float = 0.7  # of what the teacher says, beside the gold answer
    mean_decay: float = 0.998
    checkpoint_seconds: float = 300.0
    log_steps: int = 50


def loss(logits: Tensor, batch: Batch, group_weight: float, taught_weight: float = 0.0) -> Tensor:
    """The mean over rows of the cross entropies of start and end, plus those over all rows of a question together.

    The first has no answer (`[CLS]`) as one of the choices, so that span minus null is a log odds. Of a batch that is
    taught, its targets are the gold answer and the teacher's probabilities. The second, of the spans of a question's
    rows less each row's null, makes margins compare across passages (Clark and Gardner 2018).
    """
    allowed = answerable_tokens([target.row for target in batch.targets], logits.shape[1]).to(logits.device)
    golds = torch.tensor([[target.start, target.end] for target in batch.targets], device=logits.device)
    total = logits.new_zeros(())
    for side in (0, 1):
        scores = logits[..., side].float().masked_fill(~allowed, _MASKED)
        alone, grouped = cross_entropy(scores, golds[:, side]), _group_loss(scores, golds[:, side], batch.groups)
        if batch.taught:
            taught = cross_entropy(scores, _probabilities(batch, side, allowed).to(logits.device))
            alone = (1 - taught_weight) * alone + taught_weight * taught
        total = total + alone / 2 + group_weight * grouped / 2
    return total


def _probabilities(batch: Batch, side: int, allowed: Tensor) -> Tensor:
    """The teacher's for each token of each row, (rows, tokens); 0 for those that may not be chosen."""
    scores = torch.full(allowed.shape, _MASKED)
    for number, taught in enumerate(batch.taught):
        scores[number, : len(taught)] = torch.from_numpy(taught[:, side])
    return scores.masked_fill(~allowed.cpu(), _MASKED).softmax(dim=1)


def _group_loss(scores: Tensor, gold: Tensor, groups: list[int]) -> Tensor:
    """The cross entropy of the gold token among the tokens of all rows of its group, averaged over such groups."""
    owners = torch.tensor(groups, device=scores.device)
    counts = torch.bincount(owners)
    chosen = (gold > 0) & (counts[owners] > 1)
    if not bool(chosen.any()):
        return scores.new_zeros(())
    margins = scores - scores[:, :1]
    mass = torch.logsumexp(margins[:, 1:], dim=1)
    is_same = owners[chosen][:, None] == owners[None, :]
    pooled = torch.logsumexp(mass[None, :].masked_fill(~is_same, _MASKED), dim=1)
    return (pooled - margins[chosen, gold[chosen]]).mean()


def load_checkpoint(network: nn.Module, path: Path) -> None:
    """Gives the network the weights that a run's checkpoint has, not their running mean."""
    state = torch.load(path, weights_only=True)
    with torch.no_grad():
        torch._foreach_copy_(list(network.parameters()), state["master"])


class OtherSchedule(PullquoteError):
    """The checkpoint belongs to another schedule; train in another folder, or remove the checkpoint."""


@dataclass(slots=True)
class _Position:
    """Pools and steps that are done, the seconds that these took, the smoothed loss, and the lines of the log."""

    pools: int = 0
    steps: int = 0
    seconds: float = 0.0
    loss: float | None = None
    log: list[str] = field(default_factory=list)


class Training:
    """A training run, whose state is kept in `folder`: low-precision working weights over float32 ones."""

    def __init__(
        self, folder: Path, schedule: Schedule | TaughtSchedule, settings: Hyperparameters, network: nn.Module
    ) -> None:
        torch.manual_seed(settings.seed)
        self._folder, self._schedule, self._settings = folder, schedule, settings
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network = network.to(self._device)
        self._master = [weight.detach().clone().float() for weight in self._network.parameters()]
        self._mean = [weight.clone() for weight in self._master]
        self._network.to(torch.bfloat16).train()
        decayed = [weight for weight in self._master if weight.ndim > 1]
        others = [weight for weight in self._master if weight.ndim <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=settings.learning_rate, betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self._at = _Position()
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "checkpoint.pt").is_file():
            self._resume()

    def run(self, notify: Callable[[str], None]) -> Path:
        """The file of the averaged weights, when the schedule is done; `notify` is called with lines of the log."""
        saved = perf_counter()
        for number, pool in self._pools():
            for batch in pool:
                self._learn(batch, notify)
            self._at.pools = number + 1
            if perf_counter() - saved > self._settings.checkpoint_seconds:
                self._checkpoint()
                saved = perf_counter()
        self._checkpoint()
        names = [name for name, _ in self._network.named_parameters()]
        weights = {name: mean.cpu() for name, mean in zip(names, self._mean, strict=True)}
        torch.save(weights, self._folder / WEIGHTS)
        return self._folder / WEIGHTS

    def _pools(self) -> Iterator[tuple[int, list[Batch]]]:
        """The pools that are not done, each made while the one before is learnt."""
        first, end = self._at.pools, self._schedule.pools
        with ThreadPoolExecutor(1) as maker:
            making = maker.submit(self._pool, first) if first < end else None
            for number in range(first, end):
                pool = making.result() if making else []
                making = maker.submit(self._pool, number + 1) if number + 1 < end else None
                yield number, pool

    def _pool(self, number: int) -> list[Batch]:
        return list(self._schedule.pool(number))

    def _learn(self, batch: Batch, notify: Callable[[str], None]) -> None:
        started = perf_counter()
        inputs = tensors([target.row for target in batch.targets], self._device)
        weights = self._settings.group_weight, self._settings.taught_weight
        value = loss(self._network(**inputs), batch, *weights)
        value.backward()  # type: ignore[no-untyped-call]
        working: list[Tensor] = list(self._network.parameters())
        for weight, master in zip(working, self._master, strict=True):
            master.grad = None if weight.grad is None else weight.grad.float()
            weight.grad = None
        nn.utils.clip_grad_norm_(self._master, self._settings.clip_norm)
        rate = self._learning_rate(batch.progress)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(working, self._master)
            if self._at.steps % _AVERAGE_STEPS == 0:
                decay = min(self._settings.mean_decay**_AVERAGE_STEPS, (1 + self._at.steps) / (10 + self._at.steps))
                torch._foreach_lerp_(self._mean, self._master, 1 - decay)
        self._at.steps += 1
        self._at.seconds += perf_counter() - started
        self._log(batch, value.item(), rate, notify)

    def _learning_rate(self, progress: float) -> float:
        """Rises to the peak in the warm-up, then stays there or falls to 0; linear in both."""
        warm_up = self._settings.warm_up
        after = (1 - progress) / (1 - warm_up) if self._settings.decays else 1.0
        return self._settings.learning_rate * min(progress / warm_up + 0.01, after)

    def _log(self, batch: Batch, value: float, rate: float, notify: Callable[[str], None]) -> None:
        at = self._at
        at.loss = value if at.loss is None else 0.98 * at.loss + 0.02 * value
        if at.steps % self._settings.log_steps:
            return
        line = json.dumps({
            "step": at.steps, "progress": round(batch.progress, 4), "loss": round(at.loss, 4),
            "rate": rate, "rows": len(batch.targets), "seconds": round(at.seconds, 1),
        })  # fmt: skip
        at.log.append(line)
        notify(line)

    def _checkpoint(self) -> None:
        state: dict[str, Any] = {
            "master": self._master, "mean": self._mean, "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.digest, "position": asdict(self._at),
        }  # fmt: skip
        with replacing(self._folder / "checkpoint.pt") as temporary:
            torch.save(state, temporary)
        (self._folder / "log.jsonl").write_text("".join(f"{line}\n" for line in self._at.log), encoding="utf-8")

    def _resume(self) -> None:
        state = torch.load(self._folder / "checkpoint.pt", map_location=self._device, weights_only=True)
        if state["schedule"] != self._schedule.digest:
            raise OtherSchedule(
                f"The checkpoint in {self._folder} belongs to other examples, stages or another seed; train in another "
                "folder, or remove checkpoint.pt."
            )
        with torch.no_grad():
            torch._foreach_copy_(self._master, state["master"])
            torch._foreach_copy_(self._mean, state["mean"])
            torch._foreach_copy_(list(self._network.parameters()), self._master)
        self._optimizer.load_state_dict(state["optimizer"])
        self._at = _Position(**state["position"])
