"""What the service stands on, and whether it holds."""

from typing import Protocol


class Dependency(Protocol):
    """Something the service needs; without an *essential* one it cannot accept comments."""

    name: str
    essential: bool

    def holds(self) -> bool:
        """Say whether it works just now. Never raises; answers within about two seconds."""
        ...
