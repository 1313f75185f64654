"""How much one key may ask for."""

from typing import Protocol


class Limits(Protocol):
    """Counts requests per key over all processes; over fewer where that cannot be had."""

    def take(self, key_id: str) -> None:
        """Count one request of this key.

        Raises:
            RateLimited: The key has had its share; this request is not to be served.
        """
        ...
