"""Comment moderation for news sites: accept, score, decide, explain."""

from typing import Final

__version__: Final = "0.1.0"
