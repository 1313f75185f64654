"""Idempotency-Key: which request is the same as an earlier one, and its answer given again."""

from hashlib import sha256

from flask import Request as HttpRequest
from flask import Response

from moderation.api.headers import idempotency_key
from moderation.usecases.idempotency import Once, Replied


def once_of(asked: HttpRequest, site_id: str) -> Once | None:
    """Return how the request is told from others; None if it has no Idempotency-Key.

    Raises:
        InvalidIdempotencyKey: The key is malformed.
    """
    key = idempotency_key(asked)
    if key is None:
        return None
    digest = sha256(f"{asked.method} {asked.path}\n".encode())
    digest.update(asked.get_data(cache=True))
    return Once(site_id=site_id, key=key, fingerprint=digest.hexdigest())


def given(replied: Replied) -> Response:
    """Answer as decided now, or again as decided before."""
    body = replied.reply.body
    response = Response(body, status=replied.reply.status, content_type="application/json")
    if not body:
        del response.headers["Content-Type"]
    if replied.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
