"""Work handed to the RQ side, named by what it does, not by lane."""

from typing import Protocol


class Jobs(Protocol):
    """Wakes workers up.

    Best effort: a lost Redis is logged, never raised. The database already knows what is
    owed (pending comments, undelivered decisions) and the sweep asks again.
    """

    def score(self, comment_id: str) -> None:
        """Ask for this comment, and whatever else is pending, to be judged."""
        ...

    def deliver(self) -> None:
        """Ask for owed webhook deliveries to be sent."""
        ...
