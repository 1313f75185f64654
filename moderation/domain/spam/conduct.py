"""How a comment was written: how fast, how often, from what. Thresholds are the policy's.

All numbers here are provisional: chosen, not measured, since no labelled data tell of conduct.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from moderation.domain.spam.durations import duration_text


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time before a comment's receipt, and how many comments in it score 1."""

    length: timedelta
    full: int


_MINUTES: Final = timedelta(minutes=10)
_DAY: Final = timedelta(days=1)

AUTHOR_WINDOWS: Final = (Window(_MINUTES, 30), Window(_DAY, 300))
ADDRESS_WINDOWS: Final = (Window(_MINUTES, 100), Window(_DAY, 1_000))
SITE_WINDOWS: Final = (Window(_MINUTES, 1_000),)

_START_S: Final = 1.0
_CHARS_PER_S: Final = 25.0
"""Twice as fast as the fastest typists."""

_ROBOTS: Final = re.compile(
    r"\bbot\b|bot/|crawl|spider|scrap[ey]|headless|phantomjs|selenium|puppeteer|playwright"
    r"|xrumer|scrapebox|^(?:curl|wget|python|httpx|aiohttp|go-http-client|java|okhttp|perl|ruby"
    r"|php|node|axios|libwww|lwp|guzzle|winhttp|postman|insomnia|powershell)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate's score, and its clause for moderators."""

    score: float
    told: str


def rate(counts: Sequence[int], windows: Sequence[Window], *, whose: str) -> Rate:
    """Return the highest of the windows' rates.

    Args:
        counts: Comments received in each window, the comment itself included.
        windows: In the same order.
        whose: Ends the clause: "30 comments *by this author* in 10 minutes".
    """
    filled = [min(count / window.full, 1.0) for count, window in zip(counts, windows, strict=True)]
    most = max(range(len(filled)), key=filled.__getitem__)
    count = counts[most]
    number = "1 comment" if count == 1 else f"{count} comments"
    if count >= windows[most].full:
        number = f"at least {number}"
    return Rate(filled[most], f"{number} {whose} in {duration_text(windows[most].length)}")


def haste(form_seconds: float, chars: int) -> float:
    """Return ``quick_form``: 0 where a person could have typed that, rising to 1 at no time at all.

    Args:
        form_seconds: How long the form was open.
        chars: Length of the text.
    """
    needed = _START_S + chars / _CHARS_PER_S
    return max(0.0, 1.0 - max(form_seconds, 0.0) / needed)


def is_robot(user_agent: str) -> bool:
    """Say whether a user agent is empty or names a program that no reader browses with."""
    return not user_agent.strip() or _ROBOTS.search(user_agent) is not None
