"""From the labelled comments to the files that ship: the whole route, resumable."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from moderation.domain.text import canonical
from workers.engines.card import ScorerCard
from workers.engines.engine import Engine
from workers.engines.folder import CARD, seal
from workers.engines.onnx import OnnxEngine
from workers.training.calibrate import calibrate
from workers.training.compact import BIASES, CREDITS, HOLD, NAME, TOKENS, VERSION, how_trained
from workers.training.convert import convert
from workers.training.courses import taught
from workers.training.evaluate import report
from workers.training.rule_sets import card_thresholds
from workers.training.scored import DEV_SETS, ScoredSet, score_set
from workers.training.thresholds import SETS

log = logging.getLogger(__name__)

COMPARED = ("jigsaw_wikipedia_dev", "civil_news_dev", "stanford_politeness")
"""Dev sets on which the eight-bit weights are compared with those that were trained."""


def reproduce(
    data: Path, work: Path, folder: Path, *, share: float = 1.0, limit: int | None = None
) -> ScorerCard:
    """Train, write a Detoxify checkpoint, convert, calibrate and measure it, fill in its card.

    Args:
        data: The folder that holds ``train`` and ``dev``.
        work: Keeps the state of training and the checkpoint; a second call goes on there.
        folder: Where the model that ships is written.
        share: Part of the training texts to take, for a trial of the route.
        limit: Most rows to measure of each dev set; None: all.
    """
    work.mkdir(parents=True, exist_ok=True)
    (work / ".gitignore").write_text("*\n", "utf-8")
    threads = os.cpu_count() or 1
    loaded = taught(data, work, share=share, threads=threads)
    convert(loaded, blank_card(loaded.signals), folder)
    card = calibrate(folder, data, threads=threads, limit=limit)
    log.info("measuring")
    engine = OnnxEngine(folder, threads=threads)
    sets = [
        score_set(engine, data, name, limit=limit, reading=as_comments_are_read)
        for name in DEV_SETS
    ]
    convert(loaded, card, work / "fp32", eight_bit=False)
    exact = OnnxEngine(work / "fp32", threads=threads)
    filled = replace(
        card,
        figures=report(sets, hold=HOLD),
        quantisation=compare(engine, exact, [s for s in sets if s.name in COMPARED]),
        thresholds=card_thresholds({each.name: each for each in sets if each.name in SETS}),
    )
    filled.write(folder / CARD)
    seal(folder)
    return filled


def as_comments_are_read(text: str) -> str:
    """Bring a text into the form in which the service scores it."""
    return canonical(text).text


def blank_card(signals: tuple[str, ...]) -> ScorerCard:
    """Say what is known of the model before anything is measured."""
    return ScorerCard(
        name=NAME,
        version=VERSION,
        sha256="",
        signals=signals,
        languages=("en",),
        licence="Apache-2.0",
        token_limit=TOKENS,
        credits=CREDITS,
        known_biases=BIASES,
        how_trained=how_trained(),
    )


def compare(served: Engine, trained: Engine, sets: Sequence[ScoredSet]) -> dict[str, Any]:
    """Measure how far the served weights are from the fp32 ones they were made of.

    Args:
        served: Runs the eight-bit weights.
        trained: Runs the fp32 weights.
        sets: Texts with the scores that *served* gave them.

    Returns:
        Texts compared, mean and largest difference of a score, and the share of texts
        that the default policy would hold under one and not under the other.
    """
    eight = np.concatenate([np.stack([s.scores[x] for x in served.signals]).T for s in sets])
    full = np.array(
        [
            [scores[signal] for signal in served.signals]
            for each in sets
            for scores in trained.score([as_comments_are_read(row["text"]) for row in each.rows])
        ]
    )
    difference = np.abs(eight - full)
    flips = (eight[:, 0] >= HOLD) != (full[:, 0] >= HOLD)
    return {
        "served": "int8 weights, a scale per channel; activations quantised at run time",
        "compared_with": "the fp32 weights they were made of",
        "texts": len(full),
        "mean_difference": round(float(difference.mean()), 5),
        "largest_difference": round(float(difference.max()), 4),
        "held_at": HOLD,
        "held_differently": round(float(flips.mean()), 5),
    }
