"""Whose comments somebody may see: a site its own, a moderator those of their sites."""

from dataclasses import dataclass

from moderation.domain.comment import Comment
from moderation.domain.site import Moderator
from moderation.errors import Invalid, NotFound, Unauthorized
from moderation.ports.store import OpenStore, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks: exactly one of a site and a moderator."""

    site_id: str | None = None
    moderator_id: str | None = None


def active_moderator(store: Store, moderator_id: str) -> Moderator:
    """Return a moderator who may act.

    Raises:
        NotFound: There is no such moderator.
        Unauthorized: The moderator is not active.
    """
    moderator = store.moderator(moderator_id)
    if not moderator.active:
        raise Unauthorized
    return moderator


def comment_for(store: Store, reader: Reader, comment_id: str) -> Comment:
    """Find a comment by its id alone, for a moderator does not name the site.

    Raises:
        NotFound: There is none, or it is not for this reader: the two are told apart nowhere.
        Unauthorized: The moderator is not active.
    """
    if reader.site_id is not None:
        return store.comment(reader.site_id, comment_id)
    moderator = active_moderator(store, reader.moderator_id or "")
    comment = store.comment_anywhere(comment_id)
    if comment.site_id not in moderator.site_ids:
        raise NotFound("comment", comment_id)
    return comment


def site_to_list(reader: Reader, named: str | None, *, open_store: OpenStore) -> str:
    """Return the site whose comments are to be listed.

    Args:
        reader: Who asks.
        named: The site that was asked for; a reader of only one need not name it.
        open_store: Opens the store.

    Raises:
        Invalid: The moderator has several sites, or none, and named none.
        NotFound: It is not one of the reader's.
        Unauthorized: The moderator is not active.
    """
    sites = _sites_of(reader, open_store)
    if named is None and len(sites) == 1:
        return next(iter(sites))
    if named is None:
        raise Invalid("site", "is needed: the moderator does not have exactly one site")
    if named not in sites:
        raise NotFound("site", named)
    return named


def _sites_of(reader: Reader, open_store: OpenStore) -> frozenset[str]:
    if reader.site_id is not None:
        return frozenset({reader.site_id})
    with open_store(reading=True) as store:
        return active_moderator(store, reader.moderator_id or "").site_ids
