"""The card of a version that a site taught: what it is, and nothing true of its parent only."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workers.engines.card import ScorerCard
from workers.engines.folder import CARD, seal

_BIAS: Final = (
    "Taught further by one site's decisions: it judges as that site's moderators did. What was "
    "measured of its parent on other texts no longer holds. The curves of its calibration and the "
    "bar for its words are those of its parent; how well they fit it was not measured."
)
_CURVE: Final = ("low", "high", "offset", "base_rate")
_BAR: Final = ("threshold", "share")


def write_site_card(
    finished: Path, parent: ScorerCard, figures: Mapping[str, Any], number: str
) -> None:
    """Write the card of a model folder that ``convert`` made, and seal it again.

    Args:
        finished: The folder.
        parent: The card of the model that was taught.
        figures: Of the trial.
        number: Of the version.
    """
    card = ScorerCard.read(finished / CARD)
    decisions = figures["decisions"]
    replace(
        card,
        version=f"{parent.version.partition('+')[0]}+site.{int(number)}",
        how_trained=f"{parent.how_trained} Then on {decisions['taught']:,} decisions of a site's "
        f"moderators, beside {decisions['rehearsed']:,} texts with the scores they had before.",
        known_biases=(*(bias for bias in card.known_biases if bias != _BIAS), _BIAS),
        figures={"site_decisions": figures},
        quantisation={},
        thresholds={},
        calibration=_curves(card.calibration),
        spans={name: card.spans[name] for name in _BAR} if card.spans else {},
    ).write(finished / CARD)
    seal(finished)


def _curves(calibration: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what makes scores, and not on what it was fitted nor with which error."""
    if not calibration:
        return {}
    signals = {
        signal: {name: told[name] for name in _CURVE}
        for signal, told in calibration["signals"].items()
    }
    return {"form": calibration["form"], "signals": signals}
