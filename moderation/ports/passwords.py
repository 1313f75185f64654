"""Keeping passwords so that nobody can read them back."""

from typing import Protocol


class Passwords(Protocol):
    """Slow hashes of passwords, each with its own salt. Call it outside transactions."""

    def hash(self, password: str) -> str:
        """Return the hash with its salt and cost, in its own encoding."""
        ...

    def matches(self, password: str, password_hash: str) -> bool:
        """Say whether *password* is the one that was hashed; takes as long either way."""
        ...
