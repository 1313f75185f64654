"""Perspective's attributes, and the signals that stand for them. The one table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_EXPERIMENTAL: Final = "_EXPERIMENTAL"


class Kind(StrEnum):
    """How well a signal stands for an attribute.

    ``measured``: it was taught the same thing. ``approximated``: something near it.
    """

    MEASURED = "measured"
    APPROXIMATED = "approximated"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The signal whose score is told for an attribute, and how well it does.

    ``only_some_models``: the shipped model does not measure it, but others may.
    """

    signal: str
    kind: Kind
    only_some_models: bool = False


def _measured(signal: str) -> Meaning:
    return Meaning(signal, Kind.MEASURED)


def _near(signal: str) -> Meaning:
    return Meaning(signal, Kind.APPROXIMATED)


_PRODUCTION: Final = {
    "TOXICITY": _measured("toxicity"),
    "SEVERE_TOXICITY": _measured("severe_toxicity"),
    "IDENTITY_ATTACK": _measured("identity_attack"),
    "INSULT": _measured("insult"),
    "PROFANITY": _near("obscene"),
    "THREAT": _measured("threat"),
}

MEANINGS: Final = {
    **_PRODUCTION,
    **{name + _EXPERIMENTAL: meaning for name, meaning in _PRODUCTION.items()},
    "TOXICITY_FAST": _measured("toxicity"),
    "SEXUALLY_EXPLICIT": Meaning("sexual_explicit", Kind.MEASURED, only_some_models=True),
    "OBSCENE": _measured("obscene"),
    "SPAM": _measured("spam"),
    "INFLAMMATORY": _near("toxicity"),
    "LIKELY_TO_REJECT": _near("toxicity"),
    "ATTACK_ON_AUTHOR": _near("insult"),
    "ATTACK_ON_COMMENTER": _near("insult"),
    "INCOHERENT": _near("gibberish"),
}
"""By attribute, what is told for it."""

UNMEASURED: Final = frozenset(
    (
        "FLIRTATION",
        "UNSUBSTANTIAL",
        "AFFINITY_EXPERIMENTAL",
        "COMPASSION_EXPERIMENTAL",
        "CURIOSITY_EXPERIMENTAL",
        "NUANCE_EXPERIMENTAL",
        "PERSONAL_STORY_EXPERIMENTAL",
        "REASONING_EXPERIMENTAL",
        "RESPECT_EXPERIMENTAL",
    )
)
"""Attributes of Perspective that no signal comes near."""

SAYS_SPAM: Final = "SPAM"
"""The attribute whose suggested scores are an opinion that can be learnt from."""
