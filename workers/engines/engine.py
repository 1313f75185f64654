"""What runs a model over texts, whatever runs it."""

from collections.abc import Sequence
from typing import Protocol

from workers.engines.card import ScorerCard


class Engine(Protocol):
    """A loaded model."""

    @property
    def signals(self) -> tuple[str, ...]:
        """What is measured, in the order of the model's outputs."""
        ...

    @property
    def model_hash(self) -> str:
        """Names what makes the scores, and goes into every decision.

        The SHA-256 of the weights; of the weights and the calibration where there is one.
        """
        ...

    @property
    def card(self) -> ScorerCard:
        """Where the model comes from and what it can not do."""
        ...

    def mark(self, text: str) -> list[tuple[int, int]]:
        """Find the words that carry the scores of a text, in at most three times a score's time.

        Args:
            text: Of any length, in canonical form.

        Returns:
            Where they stand in it, end exclusive, in order and apart. Perhaps none: it may be
            the whole that hurts.

        Raises:
            ModelUnavailable: The model failed; the text may be tried again.
        """
        ...

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Score texts one by one: on a CPU, padding costs more than batching gains.

        Args:
            texts: Any number, of any length, already in canonical form. A text longer
                than the model reads at once is read in windows and sentence by sentence.

        Returns:
            A dict per text, in order: each signal's highest value over the windows,
            in [0, 1], calibrated as the card tells.

        Raises:
            ModelUnavailable: The model failed; the texts may be tried again.
        """
        ...
