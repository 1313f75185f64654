"""What is remembered of a visitor, and whether a form came from our own page."""

import json
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response

from moderation.identifiers import is_id
from moderation.ports.privacy import Privacy

_COOKIE: Final = "demo_comments"
_KEPT: Final = timedelta(days=30)
_MOST_REMEMBERED: Final = 20


class Visitor:
    """Remembers a visitor's own comments in a sealed cookie, newest first."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    def own_ids(self, request: Request) -> list[str]:
        """Return the ids that the cookie holds; none if it is missing, old or forged."""
        try:
            ids = json.loads(self._privacy.unseal(request.cookies.get(_COOKIE, "")))
        except ValueError:
            return []
        return [each for each in ids if is_id(each)]

    def remember(self, request: Request, response: Response, comment_id: str) -> None:
        ids = [comment_id, *self.own_ids(request)][:_MOST_REMEMBERED]
        response.set_cookie(
            _COOKIE,
            self._privacy.seal(json.dumps(ids)),
            max_age=_KEPT,
            path="/demo",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )

    def opened(self, now: datetime) -> str:
        """Return a sealed note of when the form was shown."""
        return self._privacy.seal(f"form:{now.isoformat()}")

    def form_seconds(self, opened: str, now: datetime) -> float | None:
        """Return how long the form was open; None if its note is missing or forged."""
        try:
            noted = self._privacy.unseal(opened).removeprefix("form:")
            seconds = (now - datetime.fromisoformat(noted)).total_seconds()
        except (ValueError, TypeError):
            return None
        return max(seconds, 0.0)


def is_same_origin(request: Request) -> bool:
    """Say whether a form was sent by one of our own pages, as every browser of today tells."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return request.headers.get("Sec-Fetch-Site") == "same-origin"
