"""From the labelled comments to the files that ship: the whole route, resumable."""

import logging
import os
from dataclasses import replace
from pathlib import Path

from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, seal
from workers.engines.onnx import OnnxEngine
from workers.training.calibrate import calibrate
from workers.training.compact import BIASES, CREDITS, NAME, TOKENS, VERSION, how_trained
from workers.training.convert import convert
from workers.training.courses import taught
from workers.training.evaluate import report
from workers.training.quantised import COMPARED, compare
from workers.training.rule_sets import HOLD, card_thresholds
from workers.training.scored import DEV_SETS, as_comments_are_read, score_set
from workers.training.spans import write_spans
from workers.training.thresholds import SETS

log = logging.getLogger(__name__)


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
    calibrate(folder, data, threads=threads, limit=limit)
    card = write_spans(folder, data)
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
