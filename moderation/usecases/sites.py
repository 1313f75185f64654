"""Create, find and list the sites that the service moderates for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from moderation.domain.naming import checked_name
from moderation.domain.policy_document import DEFAULT_DOCUMENT, read_policy, write_policy
from moderation.domain.site import Site
from moderation.errors import Invalid, NotFound
from moderation.identifiers import new_id
from moderation.ports.store import OpenStore
from moderation.usecases.keys import IssuedKey, issue_key

DEFAULT_POLICY_BY: Final = "default"
"""By whom a new site's first policy was put in force."""


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site with its first key, whose secret is shown once."""

    site: Site
    issued: IssuedKey


def create_site(name: str, *, open_store: OpenStore, now: datetime) -> NewSite:
    """Make a site with the default policy in force and a first key.

    Raises:
        Invalid: The name cannot be shown, or another site has it.
    """
    site = Site(id=new_id(now), name=checked_name("name", name), created_at=now)
    document = write_policy(read_policy(DEFAULT_DOCUMENT, version=1))
    with open_store() as store:
        if any(other.name == site.name for other in store.sites()):
            raise Invalid("name", "another site has this name")
        store.add_site(site)
        store.add_policy(site.id, document, by=DEFAULT_POLICY_BY, now=now)
        return NewSite(site, issue_key(store, now=now, site_id=site.id))


def list_sites(*, open_store: OpenStore) -> list[Site]:
    """Return every site, oldest first."""
    with open_store(reading=True) as store:
        return sorted(store.sites(), key=lambda site: site.id)


def read_site(site_id: str, *, open_store: OpenStore) -> Site:
    """Return a site by its id.

    Raises:
        NotFound: There is no such site.
    """
    with open_store(reading=True) as store:
        return store.site(site_id)


def find_site(id_or_name: str, *, open_store: OpenStore) -> Site:
    """Return the site with this id or, failing that, this name: what people type.

    Raises:
        NotFound: No site has it.
    """
    sites = list_sites(open_store=open_store)
    for site in sites:
        if site.id == id_or_name:
            return site
    for site in sites:
        if site.name == id_or_name:
            return site
    raise NotFound("site", id_or_name)
