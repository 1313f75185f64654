"""What one content signal found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Place: TypeAlias = tuple[int, int]
"""Start and end in the comment as written, end exclusive."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A score in [0, 1], a clause that tells moderators why, and where it was seen.

    ``told`` is empty where there is nothing to tell, and quotes nothing of the comment.
    ``places`` may be empty all the same: the author's own link stands in no text.
    """

    score: float
    told: str = ""
    places: Sequence[Place] = ()


NOTHING: Final = Finding(0.0)
