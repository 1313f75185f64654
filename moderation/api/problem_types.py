"""Every problem the service answers with: the one table of HTTP codes (RFC 9457)."""

from dataclasses import dataclass
from typing import Final

from moderation import errors
from moderation.api import faults


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem; ``advice`` tells the developer of a site what to do."""

    status: int
    slug: str
    title: str
    advice: str


_INVALID_JSON = ProblemType(
    400,
    "invalid-json",
    "The body is not valid JSON",
    "Send exactly one JSON value. NaN, Infinity, numbers that no double can hold and integers "
    "of more than 1,000 digits are not JSON.",
)
_VALIDATION = ProblemType(
    422,
    "validation-error",
    "A value is missing or malformed",
    "`errors` names each field, dotted. Correct them; sending the same again will not help.",
)
_UNAVAILABLE = ProblemType(
    503,
    "unavailable",
    "The service cannot answer now",
    "Nothing was kept. Send the same request again after Retry-After seconds, with the same "
    "Idempotency-Key if it had one.",
)
NOT_FOUND: Final = ProblemType(
    404,
    "not-found",
    "There is no such thing",
    "Check the address and the id. What belongs to another site is not found either.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    405,
    "method-not-allowed",
    "This address does not know that method",
    "The Allow header lists the methods that it knows.",
)
BAD_REQUEST: Final = ProblemType(
    400, "bad-request", "The request cannot be understood", "Check how the request is written."
)
INTERNAL: Final = ProblemType(
    500,
    "internal-error",
    "Something broke on our side",
    "Tell whoever runs the service the X-Request-Id of the answer.",
)
BODY_TOO_LARGE: Final = ProblemType(
    413,
    "body-too-large",
    "The body is too large",
    "The limit is 256 KiB; for a batch, 4 MiB. Send less at once.",
)

OF_ERROR: Final[dict[type[errors.ModerationError], ProblemType]] = {
    faults.InvalidJson: _INVALID_JSON,
    faults.InvalidEncoding: ProblemType(
        400, "invalid-encoding", "The body is not UTF-8", "Send UTF-8 without a byte order mark."
    ),
    faults.DuplicateKey: ProblemType(
        400,
        "duplicate-key",
        "An object has the same key twice",
        "Name every member once: parsers disagree about which of two counts.",
    ),
    faults.TooDeep: ProblemType(
        400, "too-deep", "The body is nested too deep", "No request needs more than 32 levels."
    ),
    faults.BodyTooLarge: BODY_TOO_LARGE,
    faults.UnsupportedMediaType: ProblemType(
        415,
        "unsupported-media-type",
        "The body is not declared as JSON",
        "Send Content-Type: application/json, and no Content-Encoding.",
    ),
    faults.InvalidIdempotencyKey: ProblemType(
        400,
        "invalid-idempotency-key",
        "The Idempotency-Key is malformed",
        "Send 1 to 255 printable ASCII characters; a UUID does well.",
    ),
    errors.Invalid: _VALIDATION,
    faults.InvalidFields: _VALIDATION,
    errors.InvalidUnicode: ProblemType(
        422,
        "invalid-unicode",
        "A text holds what is not a character",
        "Remove lone surrogates (half an emoji) and U+0000 before sending.",
    ),
    errors.TextTooLong: ProblemType(
        422,
        "text-too-long",
        "The text is too long",
        "A comment has at most 20,000 characters. It is refused whole, never truncated.",
    ),
    errors.Unauthorized: ProblemType(
        401,
        "unauthorized",
        "A valid key is needed",
        "Send Authorization: Bearer KEY. A missing, wrong and expired key get the same answer.",
    ),
    errors.Forbidden: ProblemType(
        403,
        "forbidden",
        "The key may not do this",
        "The key is valid but speaks for somebody else: a site, a moderator or an administrator.",
    ),
    errors.NotFound: NOT_FOUND,
    errors.EditConflict: ProblemType(
        409,
        "edit-conflict",
        "Somebody else changed it meanwhile",
        "Read the comment again, decide anew, and send the version that you saw.",
    ),
    errors.DuplicateExternalId: ProblemType(
        409,
        "duplicate-external-id",
        "The external_id is taken",
        "The site already has a comment under this external_id: look it up with "
        "GET /v1/comments?external_id=…",
    ),
    errors.IdempotencyKeyReused: ProblemType(
        422,
        "idempotency-key-reused",
        "The Idempotency-Key stands for another request",
        "Use a fresh key for every new request, and the same body for every retry.",
    ),
    errors.IdempotencyInProgress: ProblemType(
        409,
        "idempotency-in-progress",
        "The first request is still being answered",
        "Send the same again after Retry-After seconds to get its answer.",
    ),
    errors.RateLimited: ProblemType(
        429,
        "rate-limited",
        "Too many requests under this key",
        "Send the same again after Retry-After seconds.",
    ),
    errors.BacklogFull: ProblemType(
        503,
        "backlog-full",
        "Too many comments wait for a decision",
        "The comment was not stored. Send it again after Retry-After seconds.",
    ),
    errors.StoreUnavailable: _UNAVAILABLE,
    errors.ScoringUnavailable: _UNAVAILABLE,
    errors.ScorerUnavailable: _UNAVAILABLE,
}
"""Looked up by the exact class first, then by its bases."""

OF_HTTP: Final[dict[int, ProblemType]] = {
    problem.status: problem
    for problem in (BAD_REQUEST, NOT_FOUND, METHOD_NOT_ALLOWED, BODY_TOO_LARGE, INTERNAL)
}
"""What the framework itself refuses."""

ALL: Final[dict[str, ProblemType]] = {
    problem.slug: problem for problem in (*OF_ERROR.values(), *OF_HTTP.values())
}


def problem_of(error: errors.ModerationError) -> ProblemType:
    """Return the problem that an error of ours is answered with."""
    for kind in type(error).__mro__:
        if kind in OF_ERROR:
            return OF_ERROR[kind]
    return INTERNAL
