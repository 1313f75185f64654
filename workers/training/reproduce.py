"""From the labelled comments to the files that ship: the whole route, resumable."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from transformers import BertForSequenceClassification, BertTokenizer

from moderation.domain.text import canonical
from workers.engines.card import ScorerCard
from workers.engines.engine import Engine
from workers.engines.folder import CARD, seal
from workers.engines.onnx import OnnxEngine
from workers.training.calibrate import calibrate
from workers.training.compact import BIASES, CREDITS, HOLD, NAME, TOKENS, VERSION, how_trained
from workers.training.convert import convert
from workers.training.data import LABELS
from workers.training.dequantise import CHECKPOINT
from workers.training.evaluate import report
from workers.training.library import build, read_checkpoint, save_checkpoint
from workers.training.mixture import mixture
from workers.training.rule_sets import card_thresholds
from workers.training.scored import DEV_SETS, ScoredSet, score_set
from workers.training.thresholds import SETS
from workers.training.train import Recipe, encoder_folder, train

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
    recipe = Recipe(threads=os.cpu_count() or 1)
    files = work / "checkpoint"
    if not (files / CHECKPOINT).exists():
        texts = mixture(data, recipe.seed, share)
        log.info("%d texts to train on", len(texts))
        write_checkpoint(train(texts, work, recipe), files)
    loaded = build(read_checkpoint(files / CHECKPOINT), files)
    convert(loaded, blank_card(loaded.signals), folder)
    card = calibrate(folder, data, threads=recipe.threads, limit=limit)
    log.info("measuring")
    engine = OnnxEngine(folder, threads=recipe.threads)
    sets = [score_set(engine, data, name, limit=limit) for name in DEV_SETS]
    convert(loaded, card, work / "fp32", eight_bit=False)
    exact = OnnxEngine(work / "fp32", threads=recipe.threads)
    filled = replace(
        card,
        figures=report(sets, hold=HOLD),
        quantisation=compare(engine, exact, [s for s in sets if s.name in COMPARED]),
        thresholds=card_thresholds(
            {
                name: score_set(engine, data, name, limit=limit, reading=as_comments_are_read)
                for name in SETS
            }
        ),
    )
    filled.write(folder / CARD)
    seal(folder)
    return filled


def as_comments_are_read(text: str) -> str:
    """Bring a text into the form in which the service scores it."""
    return canonical(text).text


def write_checkpoint(model: BertForSequenceClassification, files: Path) -> None:
    """Write a trained model as ``Detoxify(checkpoint=…, huggingface_config_path=files)`` wants."""
    model.config.architectures = [type(model).__name__]
    model.config.id2label = dict(enumerate(LABELS))
    model.config.label2id = {label: i for i, label in enumerate(LABELS)}
    model.config.save_pretrained(files)
    tokenizer = BertTokenizer.from_pretrained(encoder_folder(), model_max_length=512)
    tokenizer.save_pretrained(files)
    save_checkpoint(
        files / CHECKPOINT,
        model.state_dict(),
        model_name="BertForSequenceClassification",
        tokenizer_name="BertTokenizer",
        files=files,
        signals=LABELS,
    )


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
            for scores in trained.score([row["text"] for row in each.rows])
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
