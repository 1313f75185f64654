"""What turns a site's feedback into a correction of its spam score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.domain.feedback import Lesson


@dataclass(frozen=True, slots=True)
class Correction:
    """What lessons taught, as bytes to be kept, and the ids of the feedback that went into it."""

    weights: bytes
    learnt: frozenset[str]


class Teacher(Protocol):
    """Holds the shipped spam model."""

    def teach(self, lessons: Sequence[Lesson]) -> Correction | None:
        """Return what one site's lessons teach; None if nothing is to be put in force.

        Args:
            lessons: Oldest first.
        """
        ...
