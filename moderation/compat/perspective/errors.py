"""What Perspective answers when it refuses: its codes, words and details."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Response

from moderation import errors

_SERVICE: Final = "commentanalyzer.googleapis.com"
_ERROR: Final = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
_BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"
_RETRY_S: Final = 2
_STATUS_OF: Final = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Refused(Exception):
    """A request is not served. Its message quotes nothing of a comment.

    ``details`` are never empty: some clients look at the first one unasked.
    """

    def __init__(
        self,
        message: str,
        details: Sequence[Mapping[str, Any]],
        *,
        code: int = 400,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.details = details
        self.code = code
        self.retry_after_s = retry_after_s

    def answer(self) -> Response:
        """Return it as Google's services write errors."""
        error = {
            "code": self.code,
            "message": str(self),
            "status": _STATUS_OF[self.code],
            "details": self.details,
        }
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        return as_json({"error": error}, status=self.code, headers=headers)


def as_json(
    document: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer as Google's services send them, for nobody else's cache."""
    return Response(
        json.dumps(document, indent=2) + "\n",
        status=status,
        headers={"Cache-Control": "private", **(headers or {})},
        content_type="application/json; charset=UTF-8",
    )


def refused(message: str, error_type: str = "INVALID_REQUEST", **more: Any) -> Refused:
    """Return a refusal in the words of the comment analyzer itself."""
    return Refused(message, [{"@type": _ERROR, "errorType": error_type, **more}])


def comment_empty() -> Refused:
    """There is nothing to score."""
    return refused("Comment must be non-empty.", "COMMENT_EMPTY")


def comment_too_long(size: int, limit: int) -> Refused:
    """The text has *size* bytes in UTF-8, over *limit*."""
    message = f"Comment text was too many bytes. Value ({size}) exceeded limit ({limit})."
    return refused(message, "COMMENT_TOO_LONG")


def no_attributes() -> Refused:
    """Nothing was asked for."""
    return refused("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")


def not_in_languages(attribute: str, languages: Sequence[str]) -> Refused:
    """No model here measures the attribute, at least in these languages."""
    return refused(
        f"Attribute {attribute} does not support request languages: {', '.join(languages)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError={
            "detectedLanguages": list(languages),
            "attribute": attribute,
        },
    )


def bad_payload(why: str) -> Refused:
    """The body is not the message that it should be."""
    detail = {"@type": _BAD_REQUEST, "fieldViolations": [{"description": why}]}
    return Refused(why, [detail])


def no_key() -> Refused:
    """The request names no key at all."""
    return Refused(
        "Method doesn't allow unregistered callers (callers without established identity)."
        " Please use API Key or other form of API consumer identity to call this API.",
        [_info("CREDENTIALS_MISSING")],
        code=403,
    )


def not_found() -> Refused:
    """There is nothing at this address."""
    return Refused("Requested entity was not found.", [_info("NOT_FOUND")], code=404)


def of(error: Exception) -> Refused:
    """Return one of the service's own errors, or an unforeseen one, in Google's words."""
    match error:
        case Refused():
            return error
        case errors.Unauthorized():
            message = "API key not valid. Please pass a valid API key."
            return Refused(message, [_info("API_KEY_INVALID")])
        case errors.RateLimited():
            return Refused(
                "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' of service"
                f" '{_SERVICE}'.",
                [_info("RATE_LIMIT_EXCEEDED")],
                code=429,
                retry_after_s=error.retry_after_s,
            )
        case errors.StoreUnavailable() | errors.ScoringUnavailable():
            return Refused(
                "The service is currently unavailable.",
                [_info("BACKEND_UNAVAILABLE")],
                code=503,
                retry_after_s=_RETRY_S,
            )
        case _:
            return Refused("Internal error encountered.", [_info("INTERNAL")], code=500)


def _info(reason: str) -> dict[str, Any]:
    return {
        "@type": _INFO,
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": _SERVICE},
    }
