"""Teach a trained model a little more, resumable at any moment, the same weights every time."""

import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from transformers import PreTrainedModel

from workers.engines.reading import for_wordpiece
from workers.training.batches import Batch, Encoded, encode, plan, tensors
from workers.training.data import Example
from workers.training.pupil import masked_loss
from workers.training.saving import save_whole

log = logging.getLogger(__name__)

_SAVED: Final = frozenset({"key", "model", "optimiser", "schedule", "step"})
_TIMED_STEPS: Final = 5
_S_A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that, with the texts and the weights, decides the new weights.

    ``least_steps``: few texts are read again until so many steps are made, at most
    ``most_passes`` times; ``passes``: how often many texts are read.
    """

    seed: int = 20261124
    rate: float = 5e-5
    head_rate: float = 2e-4
    warm_up: float = 0.1
    decay: float = 0.01
    passes: int = 2
    least_steps: int = 120
    most_passes: int = 10
    save_every_s: float = 60.0


def go_on(
    model: PreTrainedModel,
    listed: Sequence[Example],
    tokenizer_file: Path,
    saved: Path,
    *,
    key: str,
    course: Course,
    threads: int,
    longest: int,
) -> None:
    """Teach *model* in place, saving to *saved* and going on from what is saved there.

    A run that was stopped and resumed gives the same weights as one that was not.

    Args:
        model: With the signals as its outputs, in the order of ``LABELS``.
        listed: Texts in canonical form.
        tokenizer_file: Of the model.
        saved: The file that keeps the state.
        key: Names what is learned; a state that was saved under another key is not used.
        course: How.
        threads: To use.
        longest: Tokens that the model reads at once.

    Raises:
        OSError: The state cannot be saved; what was saved before is kept.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(course.seed)
    encoded = [_cut(each, longest) for each in encode([*map(_as_read, listed)], tokenizer_file)]
    planned = list(_planned(encoded, course))
    lesson = _Lesson(model, course, len(planned))
    lesson.resume(saved, key)
    begun, first, last_save = time.monotonic(), lesson.step, time.monotonic()
    for batch in tensors(planned, lesson.step):
        lesson.learn(batch)
        if lesson.step == first + _TIMED_STEPS:
            _tell(len(planned) - lesson.step, (time.monotonic() - begun) / _TIMED_STEPS)
        if time.monotonic() - last_save > course.save_every_s:
            lesson.save(saved, key)
            last_save = time.monotonic()
    model.train(mode=False)


def learnable(listed: Sequence[Example], tokenizer_file: Path) -> list[Example]:
    """Return the texts that ``go_on`` learns from: not those too long to trust their labels."""
    read = [_as_read(each) for each in listed]
    kept = {id(each.example) for each in encode(read, tokenizer_file)}
    return [each for each, as_read in zip(listed, read, strict=True) if id(as_read) in kept]


def _as_read(example: Example) -> Example:
    return replace(example, text=for_wordpiece(example.text))


def _cut(encoded: Encoded, longest: int) -> Encoded:
    """Cut as ``encode`` does, for a model that reads less than what it leaves."""
    if len(encoded.ids) <= longest:
        return encoded
    return replace(encoded, ids=[*encoded.ids[: longest - 1], encoded.ids[-1]])


def _planned(encoded: Sequence[Encoded], course: Course) -> Iterator[list[Encoded]]:
    once = len(plan(encoded, course.seed))
    passes = min(max(course.passes, math.ceil(course.least_steps / once)), course.most_passes)
    for turn in range(passes):
        yield from plan(encoded, course.seed + turn)


def _tell(steps: int, step_s: float) -> None:
    left = steps * step_s
    told = f"{left:.0f} s" if left < 2 * _S_A_MINUTE else f"{left / _S_A_MINUTE:.0f} minutes"
    log.info("%d steps to go, about %s; a run that is stopped goes on", steps, told)


class _Lesson:
    """The course under way."""

    def __init__(self, model: PreTrainedModel, course: Course, steps: int) -> None:
        self.step = 0
        self._model = model.train()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0  # no chance but the seed's, so that a resumed run is the same
        # Words that the texts lack keep their meaning, and a step takes a third less time.
        model.get_input_embeddings().requires_grad_(requires_grad=False)
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        head = [p for n, p in named if "classifier" in n]
        body = [p for n, p in named if "classifier" not in n]
        self._optimiser = torch.optim.AdamW(
            [{"params": body, "lr": course.rate}, {"params": head, "lr": course.head_rate}],
            weight_decay=course.decay,
        )
        warm_up = max(1, int(steps * course.warm_up))
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda s: min((s + 1) / warm_up, (steps - s) / max(steps - warm_up, 1)),
        )

    def learn(self, batch: Batch) -> None:
        logits = self._model(input_ids=batch.ids, attention_mask=batch.mask).logits
        loss = masked_loss(logits[:, : batch.targets.shape[1]], batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch declares no types here
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self.step += 1

    def save(self, path: Path, key: str) -> None:
        """Replace *path* by the present state, all or nothing."""
        state = {
            "key": key,
            "model": self._model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "step": self.step,
        }
        save_whole(state, path)

    def resume(self, path: Path, key: str) -> None:
        """Go on from what was saved under the same key, if anything was."""
        state = _read_state(path)
        if state is None or state["key"] != key:
            return
        self._model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        self.step = state["step"]
        log.info("going on from step %d", self.step)


def _read_state(path: Path) -> dict[str, Any] | None:
    """Read what was saved; what cannot be read is removed, as it would not get better."""
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True)
        if state.keys() >= _SAVED:
            return state
    except Exception:  # a torn file fails in whichever way its bytes happen to lead to
        log.debug("%s", path, exc_info=True)
    log.warning("%s cannot be read and is removed: learning begins anew", path)
    path.unlink(missing_ok=True)
    return None
