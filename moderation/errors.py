"""Everything that can go wrong in domain words. No HTTP codes here."""


class ModerationError(Exception):
    """Base of the service's own errors.

    ``str(error)`` is safe to show to the calling site. Anything private (comment
    text, addresses, keys) never goes into the message.
    """


class NotFound(ModerationError):
    """Nothing has this id, or it belongs to another site: the two are told apart nowhere."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"no {kind} {identifier!r}")
        self.kind = kind


class Unauthorized(ModerationError):
    """No key or token was presented, or it is not valid. One answer for both."""

    def __init__(self) -> None:
        super().__init__("a valid key or token is needed in the Authorization header")


class Forbidden(ModerationError):
    """The key or token is valid but its holder may not do this."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"this needs {needed}")


class Invalid(ModerationError):
    """A given value is missing or malformed; ``field`` names it, dotted (``article.url``)."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class InvalidUnicode(Invalid):
    """A text holds a lone surrogate or U+0000, which no database can keep."""


class TextTooLong(Invalid):
    """A text is over the limit. It is refused whole: nothing is ever truncated."""


class EditConflict(ModerationError):
    """The comment changed between reading and writing it. Read again, then decide.

    ``version`` and ``status`` are the comment's present ones; None where they are not known.
    """

    def __init__(
        self, comment_id: str, *, version: int | None = None, status: str | None = None
    ) -> None:
        now = "" if version is None else f" and is now {status} at version {version}"
        super().__init__(f"comment {comment_id} was changed by somebody else{now}; read it again")
        self.version = version
        self.status = status


class DuplicateExternalId(ModerationError):
    """The site already has a comment under this external id."""

    def __init__(self, external_id: str) -> None:
        super().__init__(f"external_id {external_id!r} is taken by another comment")


class IdempotencyKeyReused(ModerationError):
    """The same Idempotency-Key came with a different request."""

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used with a different request")


class IdempotencyInProgress(ModerationError):
    """The first request under this Idempotency-Key has not been answered yet."""

    def __init__(self) -> None:
        super().__init__("the first request under this Idempotency-Key is still in progress")


class RateLimited(ModerationError):
    """The key sent more than its limit; ``retry_after_s`` says when to try again."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("too many requests under this key")
        self.retry_after_s = retry_after_s


class BacklogFull(ModerationError):
    """Too many comments wait for a decision; nothing was stored, try again later."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("too many comments wait for a decision; this one was not stored")
        self.retry_after_s = retry_after_s


class StoreUnavailable(ModerationError):
    """The database cannot be reached or refuses writes; nothing was kept."""

    def __init__(self) -> None:
        super().__init__("the store cannot be reached; nothing was kept, try again")


class ScorerUnavailable(ModerationError):
    """A scorer could not answer. Worth retrying; not the comment's fault."""

    def __init__(self, name: str, why: str = "no reason given") -> None:
        super().__init__(f"scorer {name!r} is unavailable: {why}")


class ScoringUnavailable(ModerationError):
    """No score came back in time for a text that must not be stored."""

    def __init__(self) -> None:
        super().__init__("scoring did not answer in time; nothing was kept, try again")
