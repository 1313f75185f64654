"""What a site's own moderators have taught, as scoring asks for it."""

from collections.abc import Mapping
from typing import Final, Protocol

from scipy.sparse import csr_matrix


class Correction(Protocol):
    """How a site's moderators see its comments otherwise than the shipped model does."""

    @property
    def version(self) -> int: ...

    @property
    def signals(self) -> Mapping[str, float]:
        """What it reads beside the text, by name."""
        ...

    def shift(self, features: csr_matrix, signals: Mapping[str, float]) -> float:
        """Return how the logit of a comment moves; bounded.

        Args:
            features: Its row, as the text model makes it.
            signals: What was measured of it; what is missing has no part.
        """
        ...


class Corrections(Protocol):
    """The corrections of all sites."""

    def for_site(self, site_id: str) -> Correction | None:
        """Return the one in force; None if the site has none, or it cannot be known now."""
        ...


class NoCorrections:
    """Nobody has taught anything."""

    def for_site(self, site_id: str) -> Correction | None:  # noqa: ARG002 - as for all
        return None


NO_CORRECTIONS: Final = NoCorrections()
