"""E-mail addresses that are made for one message and thrown away."""

from functools import cache
from importlib.resources import files


def is_disposable(email: str) -> bool:
    """Say whether an address is at or below a domain that gives addresses away for minutes."""
    domain = email.strip().lower().rpartition("@")[2]
    labels = domain.split(".")
    return any(".".join(labels[at:]) in _domains() for at in range(len(labels) - 1))


@cache
def _domains() -> frozenset[str]:
    """Read the list: one domain a line, ``#`` before what is said about it."""
    listed = files("moderation.domain.spam") / "disposable_domains.txt"
    lines = listed.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
