"""What OpenAI answers when it refuses: its codes and words."""

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Response

from moderation import errors
from moderation.compat.json_body import TooLarge, Unreadable

_RETRY_S: Final = 2
_INVALID: Final = "invalid_request_error"


class Refused(Exception):
    """A request is not served. The message quotes nothing of a text.

    ``param`` names the part of the body that is wrong; ``code`` is stable.
    """

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = _INVALID,
        status: int = 400,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.param = param
        self.code = code
        self.kind = kind
        self.status = status
        self.retry_after_s = retry_after_s

    def answer(self) -> Response:
        """Return it as OpenAI writes errors."""
        told = {"message": str(self), "type": self.kind, "param": self.param, "code": self.code}
        after = self.retry_after_s
        headers = {} if after is None else {"Retry-After": str(after)}
        return as_json({"error": told}, status=self.status, headers=headers)


def as_json(
    document: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer as OpenAI sends them."""
    return Response(
        json.dumps(document, indent=2) + "\n",
        status=status,
        headers=headers,
        content_type="application/json",
    )


def no_key() -> Refused:
    """The request brings no key at all."""
    return Refused(
        "You didn't provide an API key. You need to provide your API key in an Authorization"
        " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        status=401,
    )


def of(error: Exception) -> Refused:
    """Return one of the service's own errors, or an unforeseen one, in OpenAI's words."""
    match error:
        case Refused():
            return error
        case Unreadable():
            return _unreadable(error)
        case errors.Unauthorized():
            return Refused("Incorrect API key provided.", code="invalid_api_key", status=401)
        case errors.RateLimited():
            return Refused(
                "Rate limit reached for requests. Please try again later.",
                code="rate_limit_exceeded",
                kind="requests",
                status=429,
                retry_after_s=error.retry_after_s,
            )
        case errors.StoreUnavailable() | errors.ScoringUnavailable():
            return Refused(
                "The server is overloaded or not ready yet. Nothing was scored.",
                kind="server_error",
                status=503,
                retry_after_s=_RETRY_S,
            )
        case _:
            return Refused(
                "The server had an error while processing your request.",
                kind="server_error",
                status=500,
            )


def _unreadable(error: Unreadable) -> Refused:
    if isinstance(error, TooLarge):
        return Refused(f"The request is too large: {error}.", status=413)
    return Refused(f"We could not parse the JSON body of your request: {error}.")
