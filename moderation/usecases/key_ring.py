"""The keys of one holder (a site, a moderator, the administrators): list, issue, rotate, end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from moderation.domain.site import Key
from moderation.errors import Invalid, NotFound
from moderation.ports.store import OpenStore, Store
from moderation.usecases.keys import IssuedKey, issue_key, rotate_keys

LONGEST_OVERLAP: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose keys: a site's, a moderator's, or with neither the administrators'."""

    site_id: str | None = None
    moderator_id: str | None = None


def list_keys(holder: Holder, *, open_store: OpenStore) -> list[Key]:
    """Return the holder's keys, newest first, ended ones included.

    Raises:
        NotFound: There is no such site or moderator.
    """
    with open_store(reading=True) as store:
        _check(store, holder)
        return store.keys(site_id=holder.site_id, moderator_id=holder.moderator_id)


def issue_key_to(holder: Holder, *, open_store: OpenStore, now: datetime) -> IssuedKey:
    """Give the holder one more key; the others stay as they are.

    Raises:
        NotFound: There is no such site or moderator.
    """
    with open_store() as store:
        _check(store, holder)
        return issue_key(store, now=now, site_id=holder.site_id, moderator_id=holder.moderator_id)


def rotate_keys_of(
    holder: Holder, *, overlap: timedelta, open_store: OpenStore, now: datetime
) -> IssuedKey:
    """Give the holder a new key and let all older ones end after *overlap*.

    Raises:
        Invalid: The overlap is negative or longer than 30 days.
        NotFound: There is no such site or moderator.
    """
    checked_overlap(overlap)
    with open_store() as store:
        _check(store, holder)
        return rotate_keys(
            store,
            overlap=overlap,
            now=now,
            site_id=holder.site_id,
            moderator_id=holder.moderator_id,
        )


def end_key(holder: Holder, key_id: str, *, open_store: OpenStore, now: datetime) -> Key:
    """Let one key of the holder end now; return it. One that has ended keeps its end.

    Raises:
        NotFound: The holder has no such key.
    """
    with open_store() as store:
        _check(store, holder)
        held = store.keys(site_id=holder.site_id, moderator_id=holder.moderator_id)
        key = next((key for key in held if key.id == key_id), None)
        if key is None:
            raise NotFound("key", key_id)
        if key.valid_at(now):
            store.expire_key(key.id, now)
            key = replace(key, expires_at=now)
    return key


def checked_overlap(overlap: timedelta) -> timedelta:
    """Return how long old and new secrets are both valid, if that is sensible.

    Raises:
        Invalid: It is negative or longer than 30 days.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid("overlap", f"must lie between 0 and {LONGEST_OVERLAP.days} days")
    return overlap


def _check(store: Store, holder: Holder) -> None:
    if holder.site_id is not None:
        store.site(holder.site_id)
    if holder.moderator_id is not None:
        store.moderator(holder.moderator_id)
