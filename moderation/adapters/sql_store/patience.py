"""How long a database server is waited for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may say nothing at all, in seconds.

    ``hello_s`` is for connecting, and again for a connection out of the pool that is asked
    whether it still answers; ``answer_s`` is for any statement and commit.
    """

    hello_s: float
    answer_s: float


PROMPT: Final = Patience(hello_s=0.6, answer_s=1.3)
"""Where somebody waits: whatever hangs, they are answered within 2 s."""

PATIENT: Final = Patience(hello_s=2.0, answer_s=17.0)
"""Where work comes again by itself: a slow statement is ended by the server first."""
