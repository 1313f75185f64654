"""A spam model that anybody can foretell."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from workers.engines.calibrated import Curve
from workers.engines.card import ScorerCard
from workers.spam.combination import INPUTS, Combination
from workers.spam.model import SpamModel
from workers.spam.text_model import TextModel

BASE_RATE: Final = 0.1
CURVE: Final = Curve(1.0, 1.0, 0.0, BASE_RATE)


def card(**more: Any) -> ScorerCard:
    """Return the card of a model for English."""
    return ScorerCard("toy", "1", "a" * 64, ("spam",), ("en",), "none", 0, **more)


def model(weights: Mapping[str, float], *, offset: float = -2.0, text: float = 0.0) -> SpamModel:
    """Return a model with these weights, 0 elsewhere, to which every text has logit *text*."""
    combination = Combination({name: weights.get(name, 0.0) for name in INPUTS}, offset, CURVE)
    words = TextModel(np.zeros(TextModel.width, dtype=np.float32), text)
    return SpamModel(card(), words, combination)
