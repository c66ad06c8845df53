"""Training: batches in, weights out, with checkpoints to resume from and a log to draw curves from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from corpus.errors import PullquoteError
from corpus.library.atomic_write import replacing
from rag.training.network import SpanNetwork, answerable_tokens, tensors
from rag.training.schedule import Batch, Schedule

_AVERAGE_STEPS = 8  # between updates of the running mean
_NEVER = -1e4  # the logit of a token that may not be chosen


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is set by hand; `averaged` is the decay of the running mean of the weights that is kept at the end."""

    rate: float = 1.6e-4
    warm_up: float = 0.03
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    group_weight: float = 0.5
    averaged: float = 0.998
    checkpoint_seconds: float = 300.0
    log_steps: int = 50


def loss(logits: Tensor, batch: Batch, group_weight: float) -> Tensor:
    """The mean over rows of the cross entropies of start and end, plus those over all rows of a question together.

    The first has no answer (`[CLS]`) as one of the choices, so that span minus null is a log odds. The second, of the
    spans of a question's rows less each row's null, makes margins compare across passages (Clark and Gardner 2018).
    """
    starts = torch.tensor([target.start for target in batch.targets], device=logits.device)
    ends = torch.tensor([target.end for target in batch.targets], device=logits.device)
    allowed = answerable_tokens([target.row for target in batch.targets], logits.shape[1]).to(logits.device)
    total = logits.new_zeros(())
    for side, gold in ((logits[..., 0], starts), (logits[..., 1], ends)):
        scores = side.float().masked_fill(~allowed, _NEVER)
        total = total + cross_entropy(scores, gold) / 2
        total = total + group_weight * _shared(scores, gold, batch.groups) / 2
    return total


def _shared(scores: Tensor, gold: Tensor, groups: list[int]) -> Tensor:
    """The cross entropy of the gold token among the tokens of all rows of its group, averaged over such groups."""
    owners = torch.tensor(groups, device=scores.device)
    counts = torch.bincount(owners)
    chosen = (gold > 0) & (counts[owners] > 1)
    if not bool(chosen.any()):
        return scores.new_zeros(())
    margins = scores - scores[:, :1]
    mass = torch.logsumexp(margins[:, 1:], dim=1)
    same = owners[chosen][:, None] == owners[None, :]
    pooled = torch.logsumexp(mass[None, :].masked_fill(~same, _NEVER), dim=1)
    return (pooled - margins[chosen, gold[chosen]]).mean()


class OtherCourse(PullquoteError):
    """The checkpoint belongs to another course; train in another folder, or remove the checkpoint."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The checkpoint in {folder} belongs to other examples, lessons or another seed; train in another folder, "
            "or remove checkpoint.pt."
        )


class Training:
    """The state of a training run, kept in `folder`: low-precision working weights over float32 ones."""

    def __init__(
        self, folder: Path, course: Schedule, recipe: Recipe, seed: int, initial: Mapping[str, Tensor] | None = None
    ) -> None:
        torch.manual_seed(seed)
        self._folder, self._course, self._recipe = folder, course, recipe
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        network = SpanNetwork()
        if initial:
            network.load_state_dict(initial)
        self._network = network.to(self._device)
        self._master = [weight.detach().clone().float() for weight in self._network.parameters()]
        self._mean = [weight.clone() for weight in self._master]
        self._network.to(torch.bfloat16).train()
        decayed = [weight for weight in self._master if weight.ndim > 1]
        others = [weight for weight in self._master if weight.ndim <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=recipe.rate, betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self._pool = self._done = self._step = 0
        self._seconds = self._saved = 0.0
        self._recent: float | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "checkpoint.pt").is_file():
            self._resume()

    def run(self, say: Callable[[str], None]) -> Path:
        """The file of the averaged weights, when the course is done."""
        self._saved = perf_counter()
        for number in range(self._pool, self._course.pools):
            for place, batch in enumerate(self._course.pool(number)):
                if number == self._pool and place < self._done:
                    continue
                self._learn(batch, say)
                self._pool, self._done = number, place + 1
                if perf_counter() - self._saved > self._recipe.checkpoint_seconds:
                    self._checkpoint()
        self._checkpoint()
        return self.export("weights.pt")

    def export(self, name: str) -> Path:
        """The file that holds the running mean of the weights."""
        state = dict(zip((key for key, _ in self._network.named_parameters()), self._mean, strict=True))
        torch.save({key: weight.cpu() for key, weight in state.items()}, self._folder / name)
        return self._folder / name

    def _learn(self, batch: Batch, say: Callable[[str], None]) -> None:
        start = perf_counter()
        inputs = tensors([target.row for target in batch.targets], self._device)
        value = loss(self._network(**inputs), batch, self._recipe.group_weight)
        value.backward()  # type: ignore[no-untyped-call]
        working: list[Tensor] = list(self._network.parameters())
        for weight, master in zip(working, self._master, strict=True):
            master.grad = None if weight.grad is None else weight.grad.float()
            weight.grad = None
        nn.utils.clip_grad_norm_(self._master, self._recipe.clip_norm)
        rate = self._rate(batch.progress)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(working, self._master)
            if self._step % _AVERAGE_STEPS == 0:
                decay = min(self._recipe.averaged**_AVERAGE_STEPS, (1 + self._step) / (10 + self._step))
                torch._foreach_lerp_(self._mean, self._master, 1 - decay)
        self._step += 1
        self._seconds += perf_counter() - start
        self._log(batch, value.item(), rate, say)

    def _rate(self, progress: float) -> float:
        """Up to the peak in the warm-up, then straight down to nothing."""
        warm_up = self._recipe.warm_up
        return self._recipe.rate * min(progress / warm_up + 0.01, (1 - progress) / (1 - warm_up))

    def _log(self, batch: Batch, value: float, rate: float, say: Callable[[str], None]) -> None:
        self._recent = value if self._recent is None else 0.98 * self._recent + 0.02 * value
        if self._step % self._recipe.log_steps:
            return
        line = {
            "step": self._step, "progress": round(batch.progress, 4), "loss": round(self._recent, 4),
            "rate": rate, "rows": len(batch.targets), "seconds": round(self._seconds, 1),
        }  # fmt: skip
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        say(json.dumps(line))

    def _checkpoint(self) -> None:
        state: dict[str, Any] = {
            "master": self._master, "mean": self._mean, "optimizer": self._optimizer.state_dict(),
            "course": self._course.digest, "recent": self._recent,
            "pool": self._pool, "done": self._done, "step": self._step, "seconds": self._seconds,
        }  # fmt: skip
        with replacing(self._folder / "checkpoint.pt") as making:
            torch.save(state, making)
        self._saved = perf_counter()

    def _resume(self) -> None:
        state = torch.load(self._folder / "checkpoint.pt", map_location=self._device, weights_only=True)
        if state["course"] != self._course.digest:
            raise OtherCourse(self._folder)
        with torch.no_grad():
            torch._foreach_copy_(self._master, state["master"])
            torch._foreach_copy_(self._mean, state["mean"])
            torch._foreach_copy_(list(self._network.parameters()), self._master)
        self._optimizer.load_state_dict(state["optimizer"])
        self._pool, self._done, self._step = state["pool"], state["done"], state["step"]
        self._seconds, self._recent = state["seconds"], state["recent"]
        log = self._folder / "log.jsonl"
        if log.is_file():  # what was logged since the checkpoint is done again
            lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
            log.write_text("".join(line for line in lines if json.loads(line)["step"] <= self._step), encoding="utf-8")
