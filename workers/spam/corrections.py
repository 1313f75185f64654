"""What a site's own moderators have taught, as scoring asks for it."""

from collections.abc import Mapping
from typing import Final, Protocol

from scipy.sparse import csr_matrix


class Correction(Protocol):
    """One version of what a site has taught."""

    version: int

    def shift(self, features: csr_matrix, signals: Mapping[str, float]) -> float:
        """Return a bounded change of the calibrated logit of spam.

        Args:
            features: Of shape (1, width), by the text model.
            signals: The comment's other scores.
        """
        ...


class Corrections(Protocol):
    """Where corrections are kept."""

    def for_site(self, site_id: str) -> Correction | None:
        """Return the site's newest version in force; None before it has taught anything."""
        ...


class NoCorrections:
    """For texts that no site sent, and sites that teach nothing."""

    def for_site(self, site_id: str) -> Correction | None:  # noqa: ARG002
        return None


NO_CORRECTIONS: Final = NoCorrections()
