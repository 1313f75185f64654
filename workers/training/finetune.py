"""Teach the model that is served a site's own decisions, and serve it only if it is better."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.calibrated import Calibration
from workers.engines.card import ScorerCard
from workers.engines.engine import Engine
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, TOKENIZER, ModelFolder, seal
from workers.engines.onnx import OnnxEngine
from workers.engines.versions import Versions
from workers.evaluation.bootstrap import Interval, Paired, paired
from workers.evaluation.figures import rounded
from workers.evaluation.held import thresholds_of
from workers.evaluation.metrics import Numbers, at_threshold, auc
from workers.evaluation.scoring import TOXICITY
from workers.training.continuing import Course, go_on
from workers.training.convert import convert
from workers.training.data import LABELS, Example
from workers.training.decisions import Decisions, rejected
from workers.training.dequantise import dequantise
from workers.training.guard import complaints, look_at
from workers.training.library import build, read_checkpoint
from workers.training.rehearsal import draw_texts, remembered

STATE: Final = ".learning.pt"

_OF_ITS_WEIGHTS: Final = ("figures", "quantisation", "thresholds")
"""What a card says of one set of weights, and is not true of others."""

_SITE_BIAS: Final = (
    "Taught further by one site's decisions: it judges as that site's moderators did. What was "
    "measured of its parent on other texts no longer holds; its calibration is that of its parent."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. ``version``: that which is served now; None if it was not good enough.

    ``complaints``: why not. ``figures``: for the card and for people.
    """

    version: str | None
    complaints: Sequence[str]
    figures: Mapping[str, Any]


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
    with versions.scratch() as scratch:
        finished = scratch / "finished"
        _teach(
            parent,
            [*decisions.taught, *_rehearsed(parent, data, len(decisions.taught), threads)],
            finished,
            saved=versions.root / STATE,
            course=course or Course(),
            threads=threads,
        )
        candidate = OnnxEngine(finished, threads=threads)
        trial = _try(served, candidate, decisions.held_out)
        figures = {"date": today.isoformat(), "parent": _named(parent.card), **trial.figures}
        figures["decisions"] = {
            "taught": len(decisions.taught),
            "held_out": len(decisions.held_out),
            "rejected_held_out": sum(map(rejected, decisions.held_out)),
            "passed_over": dict(decisions.passed_over),
        }
        version = None
        if not trial.complaints:
            _write_card(finished, parent.card, figures, versions.next_name)
            version = versions.add(finished)
    (versions.root / STATE).unlink(missing_ok=True)
    return Trial(version, trial.complaints, figures)


def _rehearsed(parent: ModelFolder, data: Path | None, most: int, threads: int) -> list[Example]:
    """Remind the model of as many texts as it is taught, and of its own scores for them.

    Scores that calibration changed are not what its outputs were, and would be learned as if.
    """
    own = OnnxEngine(parent.path, threads=threads, calibrated=False)
    return remembered(own, draw_texts(data, most))


def _teach(
    parent: ModelFolder,
    listed: Sequence[Example],
    finished: Path,
    *,
    saved: Path,
    course: Course,
    threads: int,
) -> None:
    checkpoint = dequantise(parent.path, finished.with_name("checkpoint"))
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
    convert(loaded, parent.card, finished)


def _key(parent: ModelFolder, listed: Sequence[Example], course: Course) -> str:
    """Name what is learned by whom, so that only the same is gone on with."""
    digest = sha256(parent.card.sha256.encode())
    digest.update(json.dumps(asdict(course)).encode())
    for each in listed:
        digest.update(json.dumps([each.text, each.targets]).encode())
    return digest.hexdigest()


def _try(served: Engine, candidate: Engine, held_out: Sequence[Example]) -> Trial:
    """Compare the two as they would be served, eight-bit weights and all."""
    labels = np.array([float(rejected(each)) for each in held_out])
    before, after = (_toxicity(engine, held_out) for engine in (served, candidate))
    found = paired(auc, labels, before, after)
    was, now = look_at(served), look_at(candidate)
    hold = thresholds_of("hold", DEFAULT_DOCUMENT, (TOXICITY,))[TOXICITY]
    figures = {
        "auc": _pair(found),
        "held_at": hold,
        "before": _policy(labels, before, hold),
        "after": _policy(labels, after, hold),
        "guard": {"before": was.document(), "after": now.document()},
    }
    return Trial(None, [*_not_better(found), *complaints(was, now)], figures)


def _not_better(found: Paired) -> list[str]:
    """Ask for more than chance: with nothing to learn one in forty comes so far.

    Trying again gives no second chance, as the same decisions and the same parent give the
    same weights, and the held-out decisions stay held out.
    """
    if found.difference.low > 0:
        return []
    return [
        f"AUC on held-out decisions {found.first.value:.3f} -> {found.second.value:.3f}, "
        f"difference {found.difference.value:+.3f} "
        f"[{found.difference.low:+.3f}, {found.difference.high:+.3f}], which is to be above 0"
    ]


def _write_card(
    finished: Path, parent: ScorerCard, figures: Mapping[str, Any], number: str
) -> None:
    """Say what the new weights are, and nothing that is true of their parent only.

    A calibration would be refitted here, on the held-out decisions.
    """
    card = ScorerCard.read(finished / CARD)
    blank = ScorerCard("", "", "", (), (), "", card.token_limit)
    # Not every card has a calibration.
    unmeasured = {name: getattr(blank, name) for name in _OF_ITS_WEIGHTS if hasattr(blank, name)}
    unmeasured["figures"] = {"site_decisions": figures}
    biases = [bias for bias in card.known_biases if bias != _SITE_BIAS]
    replace(
        card,
        version=f"{parent.version.partition('+')[0]}+site.{int(number)}",
        how_trained=f"{parent.how_trained} Then on {figures['decisions']['taught']:,} decisions "
        "of a site's moderators, beside as many texts with the scores that they had before.",
        known_biases=(*biases, _SITE_BIAS),
        **unmeasured,
    ).write(finished / CARD)
    seal(finished)


def _toxicity(engine: Engine, listed: Sequence[Example]) -> Numbers:
    return np.array([each[TOXICITY] for each in engine.score([one.text for one in listed])])


def _policy(labels: Numbers, scores: Numbers, hold: float) -> dict[str, Any]:
    found = at_threshold(labels, scores, hold)
    return {"recall": rounded(found.recall), "false_alarms": rounded(found.false_alarms)}


def _pair(found: Paired) -> dict[str, Any]:
    return {
        "before": rounded(found.first.value),
        "after": rounded(found.second.value),
        "difference": _bounds(found.difference),
    }


def _bounds(interval: Interval) -> dict[str, Any]:
    return {name: rounded(value) for name, value in asdict(interval).items()}


def _named(card: ScorerCard) -> dict[str, str]:
    model_hash = Calibration.of(card).model_hash(card.sha256)
    return {"name": card.name, "version": card.version, "model_hash": model_hash}
