"""What a site's feedback has taught: versions of a correction of its spam score."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionVersion:
    """One version of a site's correction; the newest is in force.

    ``learnt`` and ``refused`` count the feedback that was put into it and that was not.
    ``copy_of`` is the version that a rollback brought back, 0 being none at all; None for what
    was learnt. ``by`` is who made it.
    """

    version: int
    made_at: datetime
    by: str
    learnt: int
    refused: int
    copy_of: int | None = None

    @property
    def original(self) -> int:
        """The version whose weights these are."""
        return self.version if self.copy_of is None else self.copy_of
