"""The service's HTTP API as a command sees it: posts that are retried, questions that wait."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from moderation.cli.failing import Failed

if TYPE_CHECKING:
    import httpx2

_TIMEOUT_S: Final = 30.0
_LONGEST_PAUSE_S: Final = 30.0
_TRIES: Final = 8
"""Tries in vain, 503 or no answer at all, before a command gives up on the service."""

_BUSY: Final = 429
_AWAY: Final = 503
_UNAUTHORIZED: Final = 401
_ACCEPTED: Final = (200, 201, 202)


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one comment: its id, or the slug of the problem it was refused with."""

    comment_id: str | None
    problem: str | None = None


class ServiceClient:
    """Talks to one service under one site's key; several threads may share it."""

    def __init__(self, client: "httpx2.Client") -> None:
        self._client = client

    @classmethod
    def open(cls, url: str, key: str, *, connections: int) -> Self:
        """Prepare to talk to *url*; nothing is sent yet.

        Raises:
            Failed: It is no address.
        """
        import httpx2

        if not url.startswith(("http://", "https://")):
            raise Failed(f"{url} is not an http or https address")
        return cls(
            httpx2.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {key}"},
                timeout=_TIMEOUT_S,
                limits=httpx2.Limits(max_connections=connections),
                trust_env=False,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post_comment(self, comment: dict[str, Any], *, idempotency_key: str) -> Posted:
        """Send one comment, again and again while the service is busy or away.

        A try whose answer was lost cannot store the comment twice: all tries carry the same
        *idempotency_key*.

        Raises:
            Failed: The service cannot be reached, or the key is not valid.
        """
        answer = self._ask("POST", "/v1/comments", json=comment, idempotency_key=idempotency_key)
        if answer.status_code in _ACCEPTED:
            return Posted(answer.json()["id"])
        return Posted(None, _problem(answer))

    def status(self, comment_id: str) -> str:
        """Return a comment's present status, or the problem with asking for it.

        Raises:
            Failed: The service cannot be reached.
        """
        answer = self._ask("GET", f"/v1/comments/{comment_id}")
        if answer.status_code in _ACCEPTED:
            return str(answer.json()["status"])
        return _problem(answer)

    def _ask(
        self, method: str, path: str, *, json: Any = None, idempotency_key: str | None = None
    ) -> "httpx2.Response":
        import httpx2

        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        in_vain = 0
        while True:
            try:
                answer = self._client.request(method, path, json=json, headers=headers)
            except httpx2.TransportError as error:
                in_vain += 1
                if isinstance(error, httpx2.ConnectError) or in_vain >= _TRIES:
                    raise Failed(f"{self._client.base_url} does not answer: {error}") from None
                time.sleep(min(2.0**in_vain / 10, _LONGEST_PAUSE_S))
                continue
            if answer.status_code == _UNAUTHORIZED:
                raise Failed("the service does not accept this key")
            if answer.status_code not in (_BUSY, _AWAY):
                return answer
            in_vain += answer.status_code == _AWAY
            if in_vain >= _TRIES:
                raise Failed(f"the service keeps answering {_AWAY}: {_problem(answer)}")
            time.sleep(_pause_s(answer))


def _pause_s(answer: "httpx2.Response") -> float:
    """Return how long the service asks to be left alone; a second if it does not say."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_S) if asked.isdecimal() else 1.0


def _problem(answer: "httpx2.Response") -> str:
    """Return the slug of a problem document; the bare status if it is none."""
    try:
        slug = str(answer.json()["type"]).rsplit("/", 1)[-1]
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
    return slug or str(answer.status_code)
