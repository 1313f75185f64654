"""What is kept so that Coral's requests can be told from others, inside one transaction."""

from typing import Protocol

from moderation.domain.coral import CoralSecret


class CoralSecrets(Protocol):
    """Signing secrets, sealed."""

    def add_coral_secret(self, secret: CoralSecret) -> None: ...
    def coral_secrets(self, site_id: str) -> list[CoralSecret]:
        """Return a site's secrets, oldest first; none for a site that is not known."""
        ...

    def delete_coral_secret(self, site_id: str, secret_id: str) -> None:
        """Forget a secret. Raises NotFound."""
        ...
