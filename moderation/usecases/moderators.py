"""The people who review: their sites, passwords and whether they may still act."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from moderation.domain.naming import checked_email, checked_name
from moderation.domain.site import Moderator
from moderation.errors import Invalid, NotFound
from moderation.identifiers import is_id, new_id
from moderation.ports.passwords import Passwords
from moderation.ports.store import OpenStore, Store

MIN_PASSWORD_CHARS: Final = 12
MAX_PASSWORD_CHARS: Final = 1_000
"""A hash takes time in proportion; nobody types more."""


def create_moderator(
    email: str,
    *,
    name: str,
    password: str,
    site_ids: Iterable[str],
    open_store: OpenStore,
    passwords: Passwords,
    now: datetime,
) -> Moderator:
    """Make a moderator who may review comments of these sites only.

    Raises:
        Invalid: A value is malformed, a site does not exist, or another moderator has the
            address.
    """
    moderator = Moderator(
        id=new_id(now),
        email=checked_email("email", email),
        name=checked_name("name", name),
        password_hash=passwords.hash(_checked_password(password)),
        site_ids=frozenset(site_ids),
        created_at=now,
    )
    with open_store() as store:
        if store.moderator_by_email(moderator.email) is not None:
            raise Invalid("email", "another moderator has this address")
        _check_sites(store, moderator.site_ids)
        store.add_moderator(moderator)
    return moderator


def list_moderators(*, open_store: OpenStore) -> list[Moderator]:
    """Return every moderator, oldest first, inactive ones included."""
    with open_store(reading=True) as store:
        return sorted(store.moderators(), key=lambda moderator: moderator.id)


def read_moderator(moderator_id: str, *, open_store: OpenStore) -> Moderator:
    """Return a moderator by id.

    Raises:
        NotFound: There is no such moderator.
    """
    with open_store(reading=True) as store:
        return store.moderator(moderator_id)


def find_moderator(id_or_email: str, *, open_store: OpenStore) -> Moderator:
    """Return the moderator with this id or e-mail address: what people type.

    Raises:
        NotFound: There is none. The message does not repeat an address.
    """
    with open_store(reading=True) as store:
        if is_id(id_or_email):
            return store.moderator(id_or_email)
        found = store.moderator_by_email(id_or_email.strip().lower())
    if found is None:
        raise NotFound("moderator", "with this address")
    return found


def change_moderator(
    moderator_id: str,
    *,
    open_store: OpenStore,
    name: str | None = None,
    site_ids: Iterable[str] | None = None,
    active: bool | None = None,
) -> Moderator:
    """Change what is given and leave the rest; return the moderator as it is now.

    An inactive moderator's tokens answer like unknown ones until it is active again.

    Raises:
        Invalid: The name cannot be shown, or one of the sites does not exist.
        NotFound: There is no such moderator.
    """
    with open_store() as store:
        moderator = store.moderator(moderator_id)
        if name is not None:
            moderator = replace(moderator, name=checked_name("name", name))
        if site_ids is not None:
            moderator = replace(moderator, site_ids=frozenset(site_ids))
            _check_sites(store, moderator.site_ids)
        if active is not None:
            moderator = replace(moderator, active=active)
        store.save_moderator(moderator)
    return moderator


def set_password(
    moderator_id: str, password: str, *, open_store: OpenStore, passwords: Passwords
) -> None:
    """Replace a moderator's password.

    Raises:
        Invalid: It is too short or too long.
        NotFound: There is no such moderator.
    """
    password_hash = passwords.hash(_checked_password(password))
    with open_store() as store:
        moderator = store.moderator(moderator_id)
        store.save_moderator(replace(moderator, password_hash=password_hash))


def _checked_password(password: str) -> str:
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise Invalid(
            "password", f"needs {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS:,} characters"
        )
    return password


def _check_sites(store: Store, site_ids: frozenset[str]) -> None:
    unknown = sorted(site_ids - {site.id for site in store.sites()})
    if unknown:
        raise Invalid("site_ids", f"there is no site {unknown[0]!r}")
