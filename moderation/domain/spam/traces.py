"""What a comment leaves behind for those after it: marks of who wrote it, a sketch of its text."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from moderation.domain.comment import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is kept of a comment, for a while, to compare later ones with.

    ``author``, ``address``: `mark` of who wrote it and from where; None where the site did not
    say. ``written_at``: when the present text came, ``received_at`` when the first one did.
    ``sketch``: of the present text (``fingerprint.sketch``); empty where it is too short.
    """

    comment_id: str
    site_id: str
    received_at: datetime
    written_at: datetime
    author: int | None = None
    address: int | None = None
    sketch: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """What of another comment's trace tells whether its text is the same, and whose it is."""

    comment_id: str
    written_at: datetime
    author: int | None
    sketch: tuple[int, ...]


def trace_of(comment: Comment, sketch: tuple[int, ...]) -> Trace:
    """Return the trace of a comment whose text has this sketch."""
    return Trace(
        comment_id=comment.id,
        site_id=comment.site_id,
        received_at=comment.received_at,
        written_at=comment.updated_at or comment.received_at,
        author=author_mark(comment),
        address=address_mark(comment),
        sketch=sketch,
    )


def author_mark(comment: Comment) -> int | None:
    """Return what stands for the author; None where nobody knows who it is."""
    return _mark(comment.site_id, "author", comment.author.key)


def address_mark(comment: Comment) -> int | None:
    """Return what stands for the address that the comment came from; None where it is unknown."""
    return _mark(comment.site_id, "address", comment.ip_hash)


def _mark(site_id: str, kind: str, value: str | None) -> int | None:
    """Return 63 bits that stand for *value* on this site only."""
    if value is None:
        return None
    digest = blake2b(f"{site_id} {kind} {value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
