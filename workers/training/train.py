"""Fine-tune the MiniLM encoder into a six-label classifier, resumable at any moment."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from workers.training.batches import Batch, encode, plan, tensors
from workers.training.data import Example
from workers.training.pupil import (
    Pupil,
    encoder_folder,
    fresh_model,
    learning,
    masked_loss,
    words_loss,
)

log = logging.getLogger(__name__)

STATE: Final = "state.pt"
_REPORT_EVERY: Final = 50


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that, with the data, decides the weights.

    ``words_weight``: of the loss over marked words beside that over labels; 0: none are learnt.
    ``frozen``: how many of the lowest layers stay as they are.
    """

    seed: int = 20261124
    rate: float = 1.5e-4
    head_rate: float = 5e-4
    warm_up: int = 100
    decay: float = 0.01
    words_rate: float = 1e-3
    words_weight: float = 0.0
    frozen: int = 0
    threads: int = 2
    save_every_s: float = 180.0


class Run:
    """A training under way: what it takes to make a step, and to go on another day."""

    def __init__(self, recipe: Recipe, steps: int, pupil: Pupil | None = None) -> None:
        """Begin with *pupil*, or a fresh one; *steps* is the length of the whole run."""
        torch.manual_seed(recipe.seed)
        self.step = 0
        self.pupil = pupil or Pupil(fresh_model())
        self._words_weight = recipe.words_weight
        model = learning(self.pupil.model, lowest=recipe.frozen)
        # The new heads learn at higher rates than the pretrained body.
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        body = [p for n, p in named if "encoder" in n]
        head = [p for n, p in named if "encoder" not in n]
        words = list(self.pupil.words.parameters())
        self._optimiser = torch.optim.AdamW(
            [
                {"params": body, "lr": recipe.rate},
                {"params": head, "lr": recipe.head_rate},
                {"params": words, "lr": recipe.words_rate},
            ],
            weight_decay=recipe.decay,
        )
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda s: min((s + 1) / recipe.warm_up, (steps - s) / max(steps - recipe.warm_up, 1)),
        )
        self.pupil.train()

    def learn(self, batch: Batch) -> float:
        """Make one step; return its loss."""
        logits, words = self.pupil(batch.ids, batch.mask)
        loss = masked_loss(logits, batch)
        if self._words_weight:
            loss = loss + self._words_weight * words_loss(words, batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch declares no types here
        torch.nn.utils.clip_grad_norm_(self.pupil.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self.step += 1
        return float(loss.item())

    def save(self, path: Path) -> None:
        """Replace *path* by the present state, all or nothing."""
        partial = path.with_suffix(".partial")
        state = {
            "pupil": self.pupil.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "step": self.step,
        }
        torch.save(state, partial)
        partial.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what ``save`` wrote."""
        state = torch.load(path, weights_only=True)
        self.pupil.load_state_dict(state["pupil"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        self.step = state["step"]


def train(
    listed: Sequence[Example],
    folder: Path,
    recipe: Recipe,
    pupil: Pupil | None = None,
) -> Pupil:
    """Train for one pass, saving to *folder* and going on from what is saved there.

    A run that was stopped and resumed gives the same weights as one that was not.

    Args:
        listed: The texts, each learned from once.
        folder: Keeps the state.
        recipe: What else decides the weights.
        pupil: Goes on learning from here; None: a fresh one.
    """
    torch.set_num_threads(recipe.threads)
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / STATE
    planned = plan(encode(listed, encoder_folder() / "tokenizer.json"), recipe.seed)
    run = Run(recipe, len(planned), pupil)
    if saved.exists():
        run.resume(saved)
    last_save = time.monotonic()
    recent = 0.0
    for batch in tensors(planned, run.step):
        loss = run.learn(batch)
        recent = 0.98 * recent + 0.02 * loss if recent else loss
        if run.step % _REPORT_EVERY == 0:
            log.info("step %d of %d, loss %.4f", run.step, len(planned), recent)
        if time.monotonic() - last_save > recipe.save_every_s or run.step == len(planned):
            run.save(saved)
            last_save = time.monotonic()
    run.pupil.train(mode=False)
    return run.pupil
