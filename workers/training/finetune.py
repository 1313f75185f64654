"""Teach the model that is served a site's own decisions, and serve it only if it is better."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import TOKENIZER, ModelFolder
from workers.engines.onnx import OnnxEngine
from workers.engines.versions import Versions
from workers.training.continuing import Course, go_on, learnable
from workers.training.convert import convert
from workers.training.data import LABELS, Example
from workers.training.decisions import Decisions, rejected
from workers.training.dequantise import dequantise
from workers.training.library import Loaded, build, read_checkpoint
from workers.training.marked_words import agreement
from workers.training.rehearsal import draw_texts, remembered
from workers.training.site_card import write_site_card
from workers.training.trial import Trial, try_out

log = logging.getLogger(__name__)

STATE: Final = ".learning.pt"

TOO_LONG: Final = "too long"
"""Why a rejection teaches nothing: what is toxic in it may stand past what is read."""


def finetune(
    versions: Versions,
    decisions: Decisions,
    *,
    data: Path | None,
    today: date,
    threads: int,
    course: Course | None = None,
) -> Trial:
    """Learn, compare with what is served, and serve the better of the two.

    Nothing that is served is touched before the new version is complete and better. What
    was learned is kept while the command may be repeated to go on, and forgotten at its end.

    Args:
        versions: Held by the caller.
        decisions: Enough of them.
        data: Further texts to rehearse, which need no labels.
        today: For the card.
        threads: To use.
        course: How to learn; None: as is measured to be good.

    Raises:
        ModelUnavailable: What is served is broken, or not a model that can be taught.
        UnreadableData: *data* is broken.
        UnusableDecisions: There are too few.
        OSError: The disk is full; nothing was replaced.
    """
    decisions.need_enough()
    parent = versions.open_served()
    served = OnnxEngine(parent.path, threads=threads)
    if served.signals[: len(LABELS)] != LABELS:
        raise ModelUnavailable(f"{parent.path} has other signals than those that can be taught")
    decisions = _without_too_long(decisions, parent)
    rehearsed = _rehearsed(parent, data, len(decisions.taught), threads)
    with versions.scratch() as scratch:
        loaded = _teach(
            parent,
            [*decisions.taught, *rehearsed],
            scratch,
            saved=versions.root / STATE,
            course=course or Course(),
            threads=threads,
        )
        finished = scratch / "finished"
        candidate, words = _as_served(
            loaded,
            parent.card,
            finished,
            parent=served,
            texts=[each.text for each in (*decisions.held_out, *rehearsed)],
            threads=threads,
        )
        trial = try_out(served, candidate, decisions.held_out)
        figures = {"date": today.isoformat(), "parent": _named(served), **trial.figures, **words}
        figures["decisions"] = {
            "taught": len(decisions.taught),
            "rehearsed": len(rehearsed),
            "held_out": len(decisions.held_out),
            "rejected_held_out": sum(map(rejected, decisions.held_out)),
            "passed_over": dict(decisions.passed_over),
        }
        version = None
        if not trial.complaints:
            write_site_card(finished, parent.card, figures, versions.next_name)
            version = versions.add(finished)
    (versions.root / STATE).unlink(missing_ok=True)
    return Trial(version, trial.complaints, figures)


def _without_too_long(decisions: Decisions, parent: ModelFolder) -> Decisions:
    """Count what cannot be learned from among what was passed over.

    Raises:
        UnusableDecisions: Too few are left.
    """
    taught = learnable(decisions.taught, parent.path / TOKENIZER)
    if left_out := len(decisions.taught) - len(taught):
        passed_over = {**decisions.passed_over, TOO_LONG: left_out}
        decisions = replace(decisions, taught=taught, passed_over=passed_over)
        decisions.need_enough()
    return decisions


def _rehearsed(parent: ModelFolder, data: Path | None, most: int, threads: int) -> list[Example]:
    """Remind the model of as many texts as it is taught, and of its own scores for them.

    Scores that calibration changed are not what its outputs were, and would be learned as if.
    """
    own = OnnxEngine(parent.path, threads=threads, calibrated=False)
    return learnable(remembered(own, draw_texts(data, most)), parent.path / TOKENIZER)


def _teach(
    parent: ModelFolder,
    listed: Sequence[Example],
    scratch: Path,
    *,
    saved: Path,
    course: Course,
    threads: int,
) -> Loaded:
    checkpoint = dequantise(parent.path, scratch / "checkpoint")
    loaded = build(read_checkpoint(checkpoint), checkpoint.parent)
    go_on(
        loaded.model,
        listed,
        parent.path / TOKENIZER,
        saved,
        key=_key(parent, listed, course),
        course=course,
        threads=threads,
        longest=parent.card.token_limit,
    )
    return loaded


def _key(parent: ModelFolder, listed: Sequence[Example], course: Course) -> str:
    """Name what is learned by whom, so that only the same is gone on with."""
    digest = sha256(parent.card.sha256.encode())
    digest.update(json.dumps(asdict(course)).encode())
    for each in listed:
        digest.update(json.dumps([each.text, each.targets]).encode())
    return digest.hexdigest()


def _as_served(
    loaded: Loaded,
    card: ScorerCard,
    finished: Path,
    *,
    parent: OnnxEngine,
    texts: Sequence[str],
    threads: int,
) -> tuple[OnnxEngine, dict[str, Any]]:
    """Convert what was taught, without its head for words if that no longer serves.

    Returns:
        The engine, and what its card tells of the words.
    """
    convert(loaded, card, finished)
    taught = OnnxEngine(finished, threads=threads)
    if loaded.words is None:
        return taught, {}
    found = agreement(parent, taught, texts)
    told = {"words": found.document()}
    if found.model_marks:
        return taught, told
    log.warning("the lexicon will mark words: it is nearer to what was marked than the new model")
    convert(replace(loaded, words=None), replace(card, spans={}), finished)
    return OnnxEngine(finished, threads=threads), told


def _named(parent: OnnxEngine) -> dict[str, str]:
    card = parent.card
    return {"name": card.name, "version": card.version, "model_hash": parent.model_hash}
