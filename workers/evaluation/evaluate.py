"""The evaluation of a model on labelled texts, as one document."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from moderation.domain.policy_document import DEFAULT_DOCUMENT
from workers.engines.calibrated import Calibration
from workers.engines.engine import Engine
from workers.engines.errors import ModelUnavailable
from workers.evaluation.evasion import MOST, evasion
from workers.evaluation.figures import set_figures
from workers.evaluation.held import thresholds_of
from workers.evaluation.reading import UnreadableData, count_rows, read_texts
from workers.evaluation.scoring import TOXICITY, ScoredTexts, score_texts
from workers.evaluation.showing import Begin
from workers.evaluation.transforms import TRANSFORMS

BASE_RATE: Final = 0.10
"""Share of toxic comments in the wild; labelled sets hold more."""


def evaluate(
    engine: Engine,
    files: Mapping[str, Path],
    *,
    base_rate: float,
    limit: int | None,
    other_half: bool = False,
    begin: Begin,
    today: date,
) -> dict[str, Any]:
    """Score every set and measure what its labels allow.

    Args:
        engine: The model.
        files: By name of the set.
        base_rate: Share of positives to reckon with; in calibration only where the model's
            card states none of its own for the signal.
        limit: Most texts of a set; None: all.
        other_half: Leave out the half of every set that calibration is fitted on.
        begin: Shows how far it has come.
        today: Told in the document.

    Raises:
        ModelUnavailable: The model failed, or gives no toxicity.
        UnreadableData: A file is broken, or no set has a text.
    """
    hold = holding(engine)
    stated = Calibration.of(engine.card).base_rates
    sets = score_sets(
        engine, files, hold=hold[TOXICITY], limit=limit, other_half=other_half, begin=begin
    )
    most = MOST if limit is None else min(MOST, limit)
    disguising = min(most, sum(len(each.held_toxic) for each in sets)) + min(
        most, sum(len(each.harmless) for each in sets)
    )
    return {
        "model": model_of(engine),
        "date": today.isoformat(),
        "base_rate": base_rate,
        "limit": limit,
        "other_half": other_half,
        "hold": hold,
        "sets": {
            each.name: set_figures(each, hold=hold, base_rate=base_rate, stated=stated)
            for each in sets
        },
        "evasion": evasion(
            engine,
            sets,
            hold=hold[TOXICITY],
            most=most,
            progress=begin("disguised texts", disguising * len(TRANSFORMS)),
        ),
    }


def score_sets(
    engine: Engine,
    files: Mapping[str, Path],
    *,
    hold: float,
    limit: int | None,
    other_half: bool = False,
    begin: Begin,
) -> list[ScoredTexts]:
    """Score every set that has a text.

    Raises:
        ModelUnavailable: The model failed.
        UnreadableData: A file is broken, or no set has a text.
    """
    sets = []
    for name, path in files.items():
        rows = count_rows(path, other_half=other_half)
        progress = begin(name, rows if limit is None else min(rows, limit))
        texts = read_texts(path, engine.signals, limit=limit, other_half=other_half)
        scored = score_texts(name, texts, engine, hold=hold, progress=progress)
        if len(scored):
            sets.append(scored)
    if not sets:
        raise UnreadableData("there is no text to measure")
    return sets


def holding(engine: Engine) -> dict[str, float]:
    """Return the scores from which the default policy holds, of the signals the model gives.

    Raises:
        ModelUnavailable: The model gives no toxicity.
    """
    if TOXICITY not in engine.signals:
        raise ModelUnavailable("the model gives no toxicity, which an evaluation turns on")
    return thresholds_of("hold", DEFAULT_DOCUMENT, engine.signals)


def model_of(engine: Engine) -> dict[str, Any]:
    """Tell which model was measured, by the hash that decisions name it by."""
    return {
        "name": engine.card.name,
        "version": engine.card.version,
        "model_hash": engine.model_hash,
        "signals": list(engine.signals),
        "calibrated_at": Calibration.of(engine.card).base_rates,
    }
