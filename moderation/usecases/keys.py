"""Issue, check and rotate the secrets that speak for sites, moderators and administrators."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from moderation.domain.site import Key
from moderation.errors import Unauthorized
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore, Store

_ALPHABET: Final = string.ascii_lowercase + string.digits
_SECRET_CHARS: Final = 43
"""With the prefix that makes 63 characters without capitals: some clients of Akismet send their
key as a label of the host's name, which is no longer than that and loses its capitals."""

_FORM: Final = re.compile(r"(?P<prefix>cm(?:site|mod|admin)_[0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key with its secret in the clear: shown once, kept nowhere."""

    key: Key
    secret: str


def issue_key(
    store: Store,
    *,
    now: datetime,
    site_id: str | None = None,
    moderator_id: str | None = None,
) -> IssuedKey:
    """Make a key for a site or a moderator; for neither, an admin key.

    The secret carries 222 random bits and a public prefix that tells what it is, so that
    a leaked one can be recognised (and found in logs by secret scanners).
    """
    kind = "site" if site_id else "mod" if moderator_id else "admin"
    prefix = f"cm{kind}_{secrets.token_hex(6)}"
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_CHARS))
    secret = f"{prefix}_{random}"
    key = Key(
        id=new_id(now),
        prefix=prefix,
        digest=_digest(secret),
        created_at=now,
        site_id=site_id,
        moderator_id=moderator_id,
    )
    store.add_key(key)
    return IssuedKey(key, secret)


def rotate_keys(
    store: Store,
    *,
    overlap: timedelta,
    now: datetime,
    site_id: str | None = None,
    moderator_id: str | None = None,
) -> IssuedKey:
    """Issue a new key; its holder's older ones end after *overlap*: two are valid meanwhile.

    Keys that end sooner anyway keep their end. For neither a site nor a moderator, the
    admin keys are rotated.
    """
    ends = now + overlap
    for key in store.keys(site_id=site_id, moderator_id=moderator_id):
        if key.expires_at is None or key.expires_at > ends:
            store.expire_key(key.id, ends)
    return issue_key(store, now=now, site_id=site_id, moderator_id=moderator_id)


def authenticate(secret: str, *, open_store: OpenStore, now: datetime) -> Key:
    """Return the key that *secret* is.

    Raises:
        Unauthorized: Malformed, unknown, wrong or expired; which one is not told.
    """
    form = _FORM.fullmatch(secret)
    if form is None:
        raise Unauthorized
    with open_store(reading=True) as store:
        key = store.key_by_prefix(form["prefix"])
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
        raise Unauthorized
    if not key.valid_at(now):
        raise Unauthorized
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
