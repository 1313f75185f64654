"""What the store's tests begin with."""

import pytest

from moderation.domain.site import Site
from moderation.ports.store import OpenStore
from tests.builders import a_site


@pytest.fixture
def site(open_store: OpenStore) -> Site:
    return _added(open_store, "gazette")


@pytest.fixture
def other_site(open_store: OpenStore) -> Site:
    return _added(open_store, "herald")


def _added(open_store: OpenStore, name: str) -> Site:
    site = a_site(name)
    with open_store() as store:
        store.add_site(site)
    return site
