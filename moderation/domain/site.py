"""Sites, the keys that speak for them, and the people who moderate them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A client of the service."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret that speaks for a site, an administrator or a moderator.

    Only ``prefix`` (public, for look-up and logs) and ``digest`` (SHA-256 of the whole
    secret, hex) are kept. Exactly one of these holds: ``site_id`` is set (a site key),
    ``moderator_id`` is set (a moderator's token), neither (an admin key).
    It is valid until ``expires_at``; None means without end.
    """

    id: str
    prefix: str
    digest: str
    created_at: datetime
    site_id: str | None = None
    moderator_id: str | None = None
    expires_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        return self.site_id is None and self.moderator_id is None

    def valid_at(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """A person who reviews comments of the sites in ``site_ids``.

    ``password_hash`` is Argon2id in its own encoding; it opens the console.
    """

    id: str
    email: str
    name: str
    password_hash: str
    site_ids: frozenset[str]
    created_at: datetime
    active: bool = True
