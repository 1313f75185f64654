"""What tells which words of a comment carry its score."""

from collections.abc import Sequence
from typing import Protocol

from moderation.domain.comment import Comment


class WordMarker(Protocol):
    """Finds the words that carry some signals of a comment."""

    @property
    def signals(self) -> tuple[str, ...]:
        """Signals whose high scores its words explain; it is asked for no others."""
        ...

    def mark(self, comment: Comment) -> Sequence[tuple[int, int]]:
        """Find the words.

        Returns:
            Where they stand in the comment's body, end exclusive, in order and apart. None of
            them where the score comes from the whole and not from single words.

        Raises:
            ScorerUnavailable: Nothing was marked; it may be asked again.
        """
        ...


class NoWords:
    """Marks nothing: for scorers that cannot tell."""

    signals: tuple[str, ...] = ()

    def mark(self, comment: Comment) -> Sequence[tuple[int, int]]:  # noqa: ARG002 - see the protocol
        return []
