"""What speaks for spam in one comment, weighed: a fitted model, each weight of which is told."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from workers.engines.calibrated import Curve
from workers.engines.card import ScorerCard
from workers.engines.errors import ModelUnavailable
from workers.spam.self_promotion import ASKING

TEXT: Final = "text"
"""The text model's logit, in tens, so that it is about as large as what it is weighed with."""
CONTENT_INPUTS: Final = (
    "link_density",
    "link_share",
    "shortened_link",
    "disguised_link",
    "mismatched_link",
    "blocked_link",
    "blocked_phrase",
    "contact_bait",
    "gibberish",
    "shouting",
    "praise_with_link",
)
INPUTS: Final = (TEXT, *ASKING, *CONTENT_INPUTS)
"""In the order in which they are fitted. ``lookalike_link`` is none: no labelled comment tells
which site it was written for."""

TENS: Final = 10.0
FURTHEST: Final = 1.5
"""Beyond it, in tens, a text's logit counts no further: nothing outweighs all else."""


def inputs(
    text_logit: float, asking: Mapping[str, float], content: Mapping[str, float]
) -> dict[str, float]:
    """Bring together what is weighed; a content signal that was not measured adds nothing."""
    text = max(-FURTHEST, min(FURTHEST, text_logit / TENS))
    return {TEXT: text, **asking, **{name: content.get(name, 0.0) for name in CONTENT_INPUTS}}


@dataclass(frozen=True, slots=True)
class Combination:
    """A logistic model of the inputs, and the curve that makes its logit a probability.

    No weight is negative: more evidence of spam never makes less of it.
    """

    weights: Mapping[str, float]
    offset: float
    curve: Curve

    @classmethod
    def of(cls, card: ScorerCard) -> "Combination":
        """Read what the card tells.

        Raises:
            ModelUnavailable: It tells of none that can be used.
        """
        try:
            told = card.combination
            weights = {name: float(told["weights"][name]) for name in INPUTS}
            if not all(0.0 <= weight < math.inf for weight in weights.values()):
                raise ValueError("a weight below nought")  # noqa: TRY301 - told as the others are
            curve = Curve(**card.calibration["signals"]["spam"])
            return cls(weights, float(told["offset"]), curve)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelUnavailable(f"the card of {card.name} combines nothing: {error}") from error

    def weighed(self, given: Mapping[str, float]) -> dict[str, float]:
        """Return what each input adds to the logit."""
        return {name: weight * given[name] for name, weight in self.weights.items()}

    def told(self) -> dict[str, Any]:
        """Return what a card tells of it, besides the curve."""
        return {"weights": dict(self.weights), "offset": self.offset}

    def curve_told(self) -> dict[str, Any]:
        """Return what a card tells of the curve."""
        return asdict(self.curve)
