"""From what a model says to probabilities at a stated base rate, as the card tells.

Beta calibration (Kull, Silva Filho and Flach, 2017): the logit of a score becomes

    low * ln(score) - high * ln(1 - score) + offset

with both slopes positive, so that the order of texts, and with it every AUC, stays as it was.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from moderation.domain.base_rate import LEAST, MOST
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable

Numbers = npt.NDArray[np.float64]

FORM: Final = "beta"
_CLOSEST: Final = 1e-7
"""How near to 0 and 1 a score may come before its logit is taken; single precision ends there."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One signal's way from the model's logits to probabilities.

    ``low`` and ``high``: slopes far below and far above nought, both positive. ``base_rate``:
    the share of positives among all texts at which the probabilities hold.
    """

    low: float
    high: float
    offset: float
    base_rate: float

    def __post_init__(self) -> None:
        slopes = self.low, self.high
        if not all(0.0 < slope < math.inf for slope in slopes) or not math.isfinite(self.offset):
            raise ValueError("a curve that does not rise")
        if not LEAST <= self.base_rate <= MOST:
            raise ValueError("a base rate that is none")

    def probabilities(self, logits: Numbers) -> Numbers:
        """Turn the model's logits into probabilities; higher ones never become lower."""
        # ln(score) and -ln(1 - score), of a logit of any size.
        below, above = -np.logaddexp(0.0, -logits), np.logaddexp(0.0, logits)
        return sigmoid(self.low * below + self.high * above + self.offset)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curves of a model; a signal without one keeps the model's own score."""

    curves: Mapping[str, Curve]

    @classmethod
    def of(cls, card: ScorerCard) -> "Calibration":
        """Read the calibration on a card; there are no curves where it tells of none.

        Raises:
            ModelUnavailable: It cannot be followed: scores would not mean what is said.
        """
        told = card.calibration
        if not told:
            return NOT_CALIBRATED
        try:
            return cls(_curves(card, told))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelUnavailable(
                f"the card of {card.name} tells of a calibration that cannot be used: {error}"
            ) from error

    @property
    def base_rates(self) -> dict[str, float]:
        """The base rates that the probabilities hold at, of the signals that are calibrated."""
        return {signal: curve.base_rate for signal, curve in self.curves.items()}

    def scores(self, signals: Sequence[str], logits: npt.ArrayLike) -> dict[str, float]:
        """Turn one text's logits, in the order of *signals*, into its scores."""
        found = np.asarray(logits, dtype=float)
        plain = sigmoid(found)
        return {
            signal: float(self.curves[signal].probabilities(found[i]))
            if signal in self.curves
            else float(plain[i])
            for i, signal in enumerate(signals)
        }

    def model_hash(self, weights: str) -> str:
        """Name what makes a score: the hash of the weights, and that of the curves with it.

        Without curves it is the hash of the weights alone.
        """
        if not self.curves:
            return weights
        curves = {signal: asdict(curve) for signal, curve in self.curves.items()}
        return sha256(f"{weights}:{json.dumps(curves, sort_keys=True)}".encode()).hexdigest()


NOT_CALIBRATED: Final = Calibration({})


def sigmoid(logits: Numbers) -> Numbers:
    """Turn logits of any size into shares without overflow."""
    found: Numbers = np.exp(-np.logaddexp(0.0, -logits))
    return found


def logits_of(scores: npt.ArrayLike) -> Numbers:
    """Turn scores into logits; those that single precision rounded to 0 or 1 stay finite."""
    bounded = np.clip(np.asarray(scores, dtype=float), _CLOSEST, 1.0 - _CLOSEST)
    found: Numbers = np.log(bounded) - np.log1p(-bounded)
    return found


def _curves(card: ScorerCard, told: Mapping[str, Any]) -> dict[str, Curve]:
    if told["form"] != FORM:
        raise ValueError(f"its form is {told['form']!r}")
    unknown = sorted(told["signals"].keys() - set(card.signals))
    if unknown:
        raise ValueError(f"the model gives no {unknown[0]}")
    return {
        signal: Curve(*(float(each[name]) for name in ("low", "high", "offset", "base_rate")))
        for signal, each in told["signals"].items()
    }
