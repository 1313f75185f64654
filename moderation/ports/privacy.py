"""Keeping what must not be readable."""

from typing import Protocol


class Privacy(Protocol):
    """Keyed hashes of personal data; sealing of secrets and texts. Keys derive from one secret."""

    def pseudonym(self, value: str) -> str:
        """Return the keyed hash of an e-mail or IP address, hex, the same for the same value."""
        ...

    def seal(self, text: str) -> str:
        """Encrypt and authenticate *text*."""
        ...

    def unseal(self, sealed: str) -> str:
        """Return what was sealed.

        Raises:
            ValueError: It was not sealed under this service's secret.
        """
        ...
